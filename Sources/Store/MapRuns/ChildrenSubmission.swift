package import Interpreter
package import StatesLanguage

/// Children of a map run that begin, or that have run in memory, and how far the run's items are used up by them.
///
/// Submitted by whoever holds the Map state's branch; the fence is that branch's.
package struct ChildrenSubmission: Sendable {
    package var key: BranchKey
    package var lease: Lease
    package var number: Int
    package var run: MapRunID
    /// Executions of their own, in the order of their items.
    package var starts: [StartSubmission]
    /// What came of children that have none, in the order of their items.
    package var results: [ChildResults]
    /// How many of those run, and how many items they were given.
    package var running: ChildrenInMemory
    /// Where reading goes on behind their items.
    package var cursor: String
    /// How many items, and how many children, there are with these; of those in memory only in front of the first that has no
    /// result.
    package var items: Int
    package var children: Int
    /// How many items the run has, once that is known.
    package var total: Int?

    package init(
        key: BranchKey,
        lease: Lease,
        number: Int,
        run: MapRunID,
        starts: [StartSubmission] = [],
        results: [ChildResults] = [],
        running: ChildrenInMemory = ChildrenInMemory(),
        cursor: String,
        items: Int,
        children: Int,
        total: Int?
    ) {
        self.key = key
        self.lease = lease
        self.number = number
        self.run = run
        self.starts = starts
        self.results = results
        self.running = running
        self.cursor = cursor
        self.items = items
        self.children = children
        self.total = total
    }
}

/// What came of consecutive children that ran in memory.
package struct ChildResults: Sendable {
    package var firstChild: Int
    package var children: Int
    /// One JSON text for all of them, which their reader knows.
    package var text: String
    package var counts: MapRunCounts

    package init(firstChild: Int, children: Int, text: String, counts: MapRunCounts) {
        self.firstChild = firstChild
        self.children = children
        self.text = text
        self.counts = counts
    }
}

/// How many children run in memory, and how many items they were given.
package struct ChildrenInMemory: Sendable, Equatable {
    package var children: Int
    package var items: Int

    package init(children: Int = 0, items: Int = 0) {
        self.children = children
        self.items = items
    }
}

/// How many children, or items, ended in which way.
package struct MapRunCounts: Sendable, Equatable {
    package struct Ends: Sendable, Equatable {
        package var succeeded = 0
        package var failed = 0
        package var timedOut = 0
        package var aborted = 0

        package init() {}

        package var total: Int { succeeded + failed + timedOut + aborted }

        /// How many ended in one way; 0 have as running.
        package subscript(status: ExecutionStatus) -> Int {
            switch status {
            case .running: 0
            case .succeeded: succeeded
            case .failed: failed
            case .timedOut: timedOut
            case .aborted: aborted
            }
        }

        package mutating func subtract(_ other: Ends) {
            succeeded -= other.succeeded
            failed -= other.failed
            timedOut -= other.timedOut
            aborted -= other.aborted
        }

        /// Counts ends of one kind; nothing where it is none.
        package mutating func add(_ count: Int, as status: ExecutionStatus) {
            switch status {
            case .succeeded: succeeded += count
            case .failed: failed += count
            case .timedOut: timedOut += count
            case .aborted: aborted += count
            case .running: break
            }
        }
    }

    package var executions = Ends()
    package var items = Ends()

    package init() {}

    /// Counts a child that was given so many items.
    package mutating func add(_ status: ExecutionStatus, items count: Int) {
        executions.add(1, as: status)
        items.add(count, as: status)
    }
}

/// A run that begins.
package struct MapRunStart: Sendable {
    package var key: BranchKey
    package var run: MapRunID
    package var request: MapRunRequest
    package var at: Timestamp
}

/// A run that ends.
package struct MapRunEnd: Sendable {
    package enum Status: String, Sendable {
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case aborted = "ABORTED"
    }

    package var key: BranchKey
    package var status: Status
    package var failure: Failure?
    /// Whether its children may still run.
    package var leavesChildren: Bool
    package var at: Timestamp
}
