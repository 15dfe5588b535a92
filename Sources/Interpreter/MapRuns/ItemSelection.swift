package import JSON
package import StatesLanguage

/// Makes the inputs of a map run's children of its items, one at a time.
///
/// What it draws at random is its generator's: the same seed gives the same inputs, whoever goes on with the run.
package struct ItemSelection<Random: RandomNumberGenerator> {
    private let map: MapState
    private let state: State
    private var walk: Walk<Random>
    private var scope: MapScope

    /// The items where the state has no reader.
    package private(set) var items: [(key: String?, value: JSONValue)] = []

    /// Prepares the selection for the run that a branch waits for.
    ///
    /// - Throws: What keeps the state's fields from being evaluated, which they were once.
    package init(
        _ interpreter: Interpreter,
        of branch: Branch,
        _ execution: ExecutionInfo,
        using random: Random
    ) throws(RunFailure) {
        guard let state = interpreter.definition.state(named: branch.state), case .map(let map) = state.body else {
            throw RunFailure(Failure(error: ErrorName.runtime, cause: "There is no Map state '\(branch.state)'."))
        }
        self.map = map
        self.state = state
        walk = Walk(
            interpreter,
            of: execution,
            with: branch,
            at: branch.enteredAt ?? execution.startTime,
            nextEventID: nil,
            token: nil,
            using: random
        )
        let input: JSONText
        do throws(Fault) {
            input = try walk.effectiveInput(of: map.dataFlow, in: state)
            scope = MapScope(paths: walk.scope(of: input, in: state), queries: walk.queryScope(in: state))
            if map.itemReader == nil { items = try walk.pairs(of: map, in: &scope) }
        } catch {
            throw RunFailure(walk.failure(of: error, in: state))
        }
    }

    /// Returns what the child of an item is given: the item, or what ItemSelector makes of it.
    package mutating func input(
        _ index: Int,
        _ item: JSONText,
        key: String? = nil,
        source: String
    ) throws(RunFailure) -> JSONText {
        guard map.itemSelector != nil else { return item }
        let mapItem = ContextObject.MapItem(index: index, value: item, key: key, source: source)
        do throws(Fault) {
            return try walk.selected(mapItem, of: map, in: &scope)
        } catch {
            throw RunFailure(walk.failure(of: error, in: state))
        }
    }
}

/// Why a map run fails.
package struct RunFailure: Error, Sendable {
    package var failure: Failure

    package init(_ failure: Failure) { self.failure = failure }
}
