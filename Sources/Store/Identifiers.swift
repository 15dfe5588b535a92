package import Postgres

/// The id of an execution: a UUIDv7, so that ids sort by the time of their making and history can be partitioned by it.
package struct ExecutionID: Sendable, Hashable, Comparable, LosslessStringConvertible {
    package let value: UUIDValue

    package init(_ value: UUIDValue) { self.value = value }

    package init(high: UInt64, low: UInt64) { value = UUIDValue(high: high, low: low) }

    /// The first half of its 128 bits.
    package var high: UInt64 { value.high }
    /// The second half of its 128 bits.
    package var low: UInt64 { value.low }

    /// A new id.
    ///
    /// Source: RFC 9562, section 5.7.
    ///
    /// - Parameters:
    ///   - milliseconds: Since 1970; its lower 48 bits are taken.
    ///   - generator: Where the other 74 bits come from.
    package init(at milliseconds: Int64, using generator: inout some RandomNumberGenerator) {
        value = UUIDValue(
            high: UInt64(truncatingIfNeeded: milliseconds) << 16 | 0x7000 | generator.next() & 0x0FFF,
            low: 0x8000_0000_0000_0000 | generator.next() & 0x3FFF_FFFF_FFFF_FFFF
        )
    }

    /// Reads the usual form, 8-4-4-4-12 lower-case hexadecimal digits; `nil` for anything else.
    package init?(_ text: String) {
        guard let value = UUIDValue(text), value.description == text else { return nil }
        self.value = value
    }

    package var description: String { value.description }

    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A run of a Distributed Map.
package struct MapRunID: Sendable, Hashable, Comparable, LosslessStringConvertible {
    package let value: UUIDValue

    package init(_ value: UUIDValue) { self.value = value }

    /// Reads the usual form, in lower case; `nil` for anything else.
    package init?(_ text: String) {
        guard let value = UUIDValue(text), value.description == text else { return nil }
        self.value = value
    }

    package var description: String { value.description }

    /// The id of one of its children, by its place among them: so a child that exists cannot be made again, and children
    /// sort by their items.
    ///
    /// - Parameters:
    ///   - ordinal: Below 2^27.
    ///   - milliseconds: When the run began, since 1970.
    /// - Returns: That child's id.
    package func child(_ ordinal: Int, began milliseconds: Int64) -> ExecutionID {
        let place = UInt64(truncatingIfNeeded: ordinal) & 0x7FF_FFFF
        return ExecutionID(
            high: UInt64(truncatingIfNeeded: milliseconds) << 16 | 0x7000 | value.high & 0x0FFF,
            low: 0x8000_0000_0000_0000 | place << 35 | value.low & 0x7_FFFF_FFFF
        )
    }

    /// An id below a child's and all its siblings', and above those of what began before their run.
    package static func front(of child: ExecutionID) -> ExecutionID {
        ExecutionID(high: child.high, low: 0x8000_0000_0000_0000)
    }

    /// The place of a child among its run's.
    package static func ordinal(of child: ExecutionID) -> Int { Int(child.low >> 35 & 0x7FF_FFFF) }

    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }

    /// The label of the run whose child one of `executions` is.
    static let label = "(SELECT r.label FROM braid.map_runs AS r WHERE r.map_run_id = executions.map_run_id)"
}

/// A branch: its execution and its number there, 0 being the root.
package struct BranchKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let execution: ExecutionID
    package let branch: Int

    package init(_ execution: ExecutionID, _ branch: Int) {
        self.execution = execution
        self.branch = branch
    }

    package var isRoot: Bool { branch == 0 }
    package var root: BranchKey { BranchKey(execution, 0) }
    package var description: String { "\(execution)/\(branch)" }

    package static func < (left: Self, right: Self) -> Bool {
        left.execution == right.execution ? left.branch < right.branch : left.execution < right.execution
    }
}

/// An incarnation of a worker: one start of one process.
package struct WorkerID: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package var description: String { String(rawValue) }
}

/// A worker's right to work on a branch.
///
/// Neither part is ever used again, so a lease that was lost never fits later.
package struct Lease: Sendable, Hashable {
    package let worker: WorkerID
    package let number: Int64

    package init(worker: WorkerID, number: Int64) {
        self.worker = worker
        self.number = number
    }
}

/// A state machine's row.
package struct StateMachineID: Sendable, Hashable, RawRepresentable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A revision's row.
package struct RevisionID: Sendable, Hashable, RawRepresentable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}
