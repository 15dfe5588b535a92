package import JSON
package import StatesLanguage

/// Makes the inputs of a map run's children of its items, one at a time.
///
/// What it draws at random is a generator's of the item's own, and its time is that at which the run was asked for: whoever goes
/// on with the run, and wherever, finds the same items, gives each the same input, and two none that they share.
package struct ItemSelection {
    private let map: MapState
    private let state: State
    private let run: MapRunRequest
    private var walk: Walk<SeededGenerator>
    private var scope: MapScope

    /// The items where the state has no reader.
    package private(set) var items: [(key: String?, value: JSONValue)] = []

    /// Prepares the selection for the run that a branch waits for.
    ///
    /// - Parameters:
    ///   - interpreter: The machine's.
    ///   - branch: Which waits for the run.
    ///   - run: What the run was asked for.
    ///   - execution: Whose branch that is.
    /// - Throws: What keeps the state's fields from being evaluated, which they were once.
    package init(
        _ interpreter: Interpreter,
        of branch: Branch,
        for run: MapRunRequest,
        _ execution: ExecutionInfo
    ) throws(RunFailure) {
        guard let state = interpreter.definition.state(named: branch.state), case .map(let map) = state.body else {
            throw RunFailure(Failure(error: ErrorName.runtime, cause: "There is no Map state '\(branch.state)'."))
        }
        self.map = map
        self.state = state
        self.run = run
        walk = Walk(
            interpreter,
            of: execution,
            with: branch,
            at: run.evaluatedAt ?? branch.enteredAt ?? execution.startTime,
            nextEventID: nil,
            token: nil,
            using: run.generator()
        )
        let input: JSONText
        do throws(Fault) {
            input = try walk.effectiveInput(of: map.dataFlow, in: state)
            scope = MapScope(paths: walk.scope(of: input, in: state), queries: walk.queryScope(in: state))
            if map.itemReader == nil {
                var generator = run.generator()
                items = try walk.pairs(of: map, in: &scope, using: &generator)
            }
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
        walk.random = run.generator(of: index)
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
