package import Interpreter
import StatesLanguage
package import Store
import Telemetry

/// Reads and compiles the definitions that executions pin, each once.
package struct DefinitionReader: Sendable {
    let store: Store
    let limits: Limits
    let logger: Logger
    let known = KnownInterpreters()

    /// The interpreter of a revision; `nil` where this version cannot run it.
    package func interpreter(of revision: RevisionID) async -> Interpreter? {
        if let interpreter = known[revision] { return interpreter }
        let text = await logger.trying("a definition is not read") { () throws(StoreError) in
            try await store.definition(of: revision)
        }
        guard let text = text ?? nil else {
            logger.error("a revision has no definition", [("revision", revision.rawValue)])
            return nil
        }
        do {
            let interpreter = Interpreter(definition: try StateMachineDefinition(parsing: text), limits: limits)
            known[revision] = interpreter
            return interpreter
        } catch {
            logger.error("a definition cannot be run", [("revision", revision.rawValue), ("reason", "\(error)")])
            return nil
        }
    }
}

extension Logger {
    /// Tries something of the store for about a minute, which is longer than any lease lives without its heartbeat; says
    /// each time why it failed.
    func trying<T>(_ what: String, _ body: () async throws(StoreError) -> T) async -> T? {
        for attempt in 0..<60 {
            do {
                return try await body()
            } catch {
                warning("\(what)", [("reason", "\(error)")])
                if Task.isCancelled { return nil }
                if case .refused = error { return nil }
                try? await Task.sleep(for: .milliseconds(min(1_000, 20 << min(attempt, 6))))
            }
        }
        return nil
    }
}
