/// One part of a process, under a name.
package struct Part: Sendable {
    /// What log lines call it.
    package let name: String
    /// What runs.
    package let runnable: any Runnable
    /// Whether its `run()` may return unasked; otherwise that is a failure.
    package let mayEnd: Bool
    /// Returns when the part can do its work and the next one may start.
    let ready: @Sendable () async throws -> Void

    /// A part of a process.
    ///
    /// - Parameters:
    ///   - name: What log lines call it.
    ///   - runnable: What runs.
    ///   - mayEnd: Whether its `run()` may return unasked; otherwise that is a failure.
    ///   - ready: Returns when the next part may start; must end when its task is cancelled. At once unless given.
    package init(
        _ name: String,
        _ runnable: any Runnable,
        mayEnd: Bool = false,
        ready: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.name = name
        self.runnable = runnable
        self.mayEnd = mayEnd
        self.ready = ready
    }
}

/// Why a group of parts ended although nobody had asked for it.
package enum LifecycleError: Error, Equatable, CustomStringConvertible {
    /// A part's `run()` returned unasked.
    case endedUnasked(part: String)

    package var description: String {
        switch self {
        case .endedUnasked(let part): "the part '\(part)' ended although nobody had stopped it"
        }
    }
}
