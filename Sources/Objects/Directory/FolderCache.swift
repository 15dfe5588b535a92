import Synchronization

/// The names in large folders, kept from one page of a listing to the next for as long as nothing is put there or removed.
final class FolderCache: Sendable {
    private struct Held {
        let folder: String
        let stamp: FileSystem.Stamp
        let names: FolderNames
    }

    /// How many bytes are held, but for the folder that was read last.
    private static let mostBytes = 32 << 20
    /// Folders of fewer names are as soon read again.
    private static let fewestNames = 256
    /// How long a folder's time of change is no proof that nothing has been changed since, in nanoseconds.
    ///
    /// It moves by steps, and another machine's clock may give it.
    private static let settling = 2_000_000_000

    /// Those that were asked for last stand last.
    private let held = Mutex<[Held]>([])
    private let mostNameBytes: Int

    private let now: @Sendable () -> Int

    /// - Parameters:
    ///   - mostNameBytes: How many bytes of one folder's names are held at most.
    ///   - now: The time, in nanoseconds since 1970.
    init(mostNameBytes: Int, now: @escaping @Sendable () -> Int = { FileSystem.now }) {
        self.mostNameBytes = mostNameBytes
        self.now = now
    }

    /// Returns the names in a folder from one on; `nil` if it cannot be read.
    func names(in folder: String, from first: [UInt8]) -> FolderNames? {
        guard let stamp = try? FileSystem.stamp(of: folder) else { return nil }
        if let known = known(folder, stamp, from: first) { return known }
        let now = now()
        guard let names = try? FolderNames(in: folder, from: first, mostBytes: mostNameBytes) else { return nil }
        if names.count >= Self.fewestNames, stamp.changedAt < now - Self.settling {
            keep(Held(folder: folder, stamp: stamp, names: names))
        }
        return names
    }

    private func known(_ folder: String, _ stamp: FileSystem.Stamp, from first: [UInt8]) -> FolderNames? {
        held.withLock { held in
            let place = held.lastIndex { one in
                one.folder == folder && one.stamp == stamp && !first.lexicographicallyPrecedes(one.names.first)
                    && one.names.rest.map { first.lexicographicallyPrecedes($0) } ?? true
            }
            guard let place else { return nil }
            held.append(held.remove(at: place))
            return held.last?.names
        }
    }

    private func keep(_ new: Held) {
        held.withLock { held in
            // Listings at different places of a folder larger than what is held each have their own part.
            held.removeAll { $0.folder == new.folder && ($0.stamp != new.stamp || $0.names.first == new.names.first) }
            held.append(new)
            var bytes = held.reduce(0) { $0 + $1.names.byteCount }
            while bytes > Self.mostBytes, held.count > 1 { bytes -= held.removeFirst().names.byteCount }
        }
    }
}
