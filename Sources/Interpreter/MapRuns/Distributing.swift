import JSON
import StatesLanguage

/// Map, distributed: its items are executions of their own. Source: reference §14.
extension Walk {
    /// Asks for a map run; a retry asks for a new one.
    mutating func distribute(_ map: MapState, as type: StateMachineType, in state: State) throws(Fault) -> Step {
        let input = try effectiveInput(of: map.dataFlow, in: state)
        var scope = MapScope(paths: scope(of: input, in: state), queries: queryScope(in: state))
        var run = MapRunRequest(
            id: UUIDText.version4(random.next(), random.next()),
            label: map.runLabel(of: state.name),
            state: state.name,
            type: type,
            maxConcurrency: 0
        )
        run.evaluatedAt = now
        // The run evaluates them again, and must come to the same.
        var generator = run.generator()
        let length = map.itemReader == nil ? try pairs(of: map, in: &scope, using: &generator).count : 0
        run.maxConcurrency = try integer(map.maxConcurrency, field: "MaxConcurrencyPath", in: &scope) ?? 0
        append(.mapStateStarted(length: length, after: previous))
        run.toleratedFailures = try integer(map.toleratedFailureCount, field: "ToleratedFailureCountPath", in: &scope)
        run.toleratedPercentage = try percentage(map.toleratedFailurePercentage, in: &scope)
        if let reader = map.itemReader {
            run.reader = try object(reader.parameters, called: "ItemReader", in: &scope)
            run.maxItems = try mostItems(reader.configuration.maxItems, in: &scope)
        }
        if let batcher = map.itemBatcher {
            run.batchItems = try integer(batcher.maxItems, field: "MaxItemsPerBatchPath", in: &scope)
            run.batchBytes = try integer(batcher.maxBytes, field: "MaxInputBytesPerBatchPath", in: &scope)
            run.batchInput = try batcher.batchInput.map { template throws(Fault) in
                JSONText(try value(template, in: &scope))
            }
        }
        if let parameters = map.resultWriter?.parameters {
            run.writer = try object(parameters, called: "ResultWriter", in: &scope)
        }
        append(.mapRunStarted(arn: mapRunARN(of: run), after: previous))
        branch.endAttempt()
        branch.taskInput = run.text
        branch.phase = .distributed
        return .pause(.distribute(run))
    }

    /// The run has ended.
    mutating func endRun(by happening: Happening) -> Step {
        // Whatever comes of it, the run is over.
        branch.phase = .joined
        return inState { walk, state throws(Fault) in
            switch happening {
            case .succeeded(let outputs):
                let started = walk.previous
                walk.append(HistoryEvent(.mapRunSucceeded, after: started))
                let exit = walk.definition.exitsFollowRunStarts ? started : nil
                return try walk.join(state, with: outputs, leavingAfter: exit)
            case .failed(let failure):
                walk.append(HistoryEvent(.mapRunFailed, after: walk.previous, details: failure.details))
                // The same children would give as long a result again.
                let isTooLong = failure.error == ErrorName.dataLimitExceeded
                return walk.failJoin(of: state, with: failure, retrying: !isTooLong)
            case .begin, .timedOut, .joined, .joinedOverLimit, .childFailed, .broken: return walk.misfit(happening)
            }
        }
    }

    /// The items of a run that has no reader, with the members' names where they are an object's.
    ///
    /// Source: reference §13.
    mutating func pairs(
        of map: MapState,
        in scope: inout MapScope,
        using generator: inout some RandomNumberGenerator
    ) throws(Fault) -> [(key: String?, value: JSONValue)] {
        let place: JSONValue
        switch (map.dataFlow, map.items, map.itemsPath) {
        case (.jsonata, let items?, _):
            do { place = try scope.queries.itemsOrMembers(items, using: &generator) } catch { throw Fault(error) }
        case (.jsonPath, _, let path?):
            do { place = try path.evaluate(in: scope.paths) } catch { throw Fault(error) }
        case (.jsonata, nil, _), (.jsonPath, _, nil): place = scope.paths.input
        }
        if let members = place.object { return members.map { ($0.key, $0.value) } }
        if let items = place.array { return items.map { (nil, $0) } }
        return try items(of: map, in: &scope).map { (nil, $0) }
    }

    /// A number below 0 fails the run, not the state.
    ///
    /// Source: recorded test_map_item_reader_csv_max_items_paths.
    private mutating func mostItems(_ field: IntegerField?, in scope: inout MapScope) throws(Fault) -> Int? {
        if case .path(let path) = field, let found = try? path.evaluate(in: scope.paths).int, found < 0 { return found }
        return try integer(field, field: "MaxItemsPath", in: &scope)
    }

    private mutating func value(_ template: Template, in scope: inout MapScope) throws(Fault) -> JSONValue {
        switch template {
        case .payload(let template): try value(of: template, in: scope.paths)
        case .query(let template): try value(of: template, in: &scope.queries)
        }
    }

    private mutating func object(
        _ template: Template,
        called name: String,
        in scope: inout MapScope
    ) throws(Fault) -> JSONObject {
        guard let object = try value(template, in: &scope).object else {
            throw .runtime("What '\(name)' is given must be an object.")
        }
        return object
    }

    /// `…:mapRun:<machine>/<label>:<id>`, made of the ARN of the execution's machine, which may have a label itself.
    private func mapRunARN(of run: MapRunRequest) -> String {
        let parts = execution.stateMachineID.split(separator: ":", omittingEmptySubsequences: false)
        let machine = (parts.last ?? "").prefix { $0 != "/" }
        let scope = parts.prefix(max(0, parts.count - 2)).joined(separator: ":")
        return "\(scope):mapRun:\(machine)/\(run.label):\(run.id)"
    }
}
