import Glibc

/// What may be listed of a folder, in the order of keys: the last segments of objects' keys, and folders' with a `/`.
///
/// Packed, since there may be millions. Of very many those that come first are held, and which the next one is.
final class FolderNames: Sendable {
    /// Where a name is among the bytes.
    private struct Slot {
        let start: UInt32
        let count: UInt16
    }

    /// What none of them is in front of.
    let first: [UInt8]
    /// The first that is not held; `nil` if all behind ``first`` are.
    let rest: [UInt8]?
    private let bytes: [UInt8]
    private let slots: [Slot]

    /// Reads the names in a folder.
    ///
    /// What cannot be told, because it is gone by now or by its rights, is passed over; so are links to folders, which could
    /// lead back to where they stand.
    ///
    /// - Parameters:
    ///   - folder: Its path.
    ///   - first: Names in front of it are left out.
    ///   - mostBytes: How many bytes of names are held at most.
    /// - Throws: What keeps the folder from being read.
    init(in folder: String, from first: [UInt8], mostBytes: Int) throws(FileSystem.Failure) {
        var bytes: [UInt8] = []
        var slots: [Slot] = []
        var rest: [UInt8]?
        try FileSystem.forEachEntry(in: folder) { name, kind in
            guard let segment = KeyPath.segment(of: name), !segment.utf8.contains(UInt8(ascii: "/")) else { return }
            var kind = kind
            if kind == .unknown { kind = FileSystem.kind(of: "\(folder)/\(name)") }
            guard kind != .unknown else { return }
            var added = Array(segment.utf8)
            if kind == .folder { added.append(UInt8(ascii: "/")) }
            guard !added.lexicographicallyPrecedes(first), rest.map({ added.lexicographicallyPrecedes($0) }) ?? true
            else { return }
            slots.append(Slot(start: UInt32(bytes.count), count: UInt16(added.count)))
            bytes.append(contentsOf: added)
            guard bytes.count > mostBytes, slots.count > 1 else { return }
            Self.sort(&slots, of: bytes)
            let cut = slots.count / 2
            rest = Array(Self.name(slots[cut], of: bytes))
            slots.removeSubrange(cut...)
            (bytes, slots) = Self.packed(slots, of: bytes)
        }
        Self.sort(&slots, of: bytes)
        self.first = first
        self.rest = rest
        self.bytes = bytes
        self.slots = slots
    }

    var count: Int { slots.count }

    /// How much memory they take.
    var byteCount: Int { bytes.count + slots.count * MemoryLayout<Slot>.stride }

    subscript(index: Int) -> String { String(decoding: Self.name(slots[index], of: bytes), as: UTF8.self) }

    /// The place of the first name that is not in front of another.
    func index(of name: [UInt8]) -> Int {
        var range = 0..<slots.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            let isBefore = Self.name(slots[middle], of: bytes).lexicographicallyPrecedes(name)
            range = isBefore ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    private static func name(_ slot: Slot, of bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes[Int(slot.start)..<Int(slot.start) + Int(slot.count)]
    }

    private static func sort(_ slots: inout [Slot], of bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            slots.sort { left, right in
                let order = unsafe memcmp(
                    base + Int(left.start),
                    base + Int(right.start),
                    Int(min(left.count, right.count))
                )
                return order == 0 ? left.count < right.count : order < 0
            }
        }
    }

    /// The bytes of some names alone.
    private static func packed(_ slots: [Slot], of bytes: [UInt8]) -> ([UInt8], [Slot]) {
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        let moved = slots.map { slot in
            defer { kept.append(contentsOf: name(slot, of: bytes)) }
            return Slot(start: UInt32(kept.count), count: slot.count)
        }
        return (kept, moved)
    }
}
