import JSON
import StatesLanguage

/// The data flow of the state that the branch stands in.
extension Walk {
    /// What `$$` is in the present state.
    func context(of state: State) -> ContextObject {
        ContextObject(
            execution: execution,
            stateName: state.name,
            enteredTime: branch.enteredAt ?? now,
            retryCount: state.type.canRetry ? branch.retries.total : nil,
            taskToken: branch.taskToken,
            mapItem: mapItem,
            given: probe?.context
        )
    }

    func scope(of input: JSONText, in state: State) -> Scope {
        Scope(input: input.value, context: context(of: state), variables: branch.variables)
    }

    /// What expressions are evaluated in; the input is the state's raw one.
    func queryScope(in state: State, result: JSONText? = nil) -> QueryScope {
        var scope = QueryScope(
            input: branch.input,
            context: context(of: state),
            variables: branch.variables,
            now: now
        )
        scope.result = result
        return scope
    }

    /// What the state works on: the raw input after InputPath and Parameters, or Arguments.
    mutating func effectiveInput(of flow: DataFlow, in state: State) throws(Fault) -> JSONText {
        let probe = probe
        switch flow {
        case .jsonPath(let flow):
            if probe == nil, flow.passesInput { return branch.input }
            do {
                return try flow.effectiveInput(
                    raw: branch.input,
                    context: context(of: state),
                    variables: branch.variables,
                    using: &random,
                    noting: { probe?.note($0, $1) }
                )
            } catch {
                throw Fault(error)
            }
        case .jsonata(let flow):
            guard let arguments = flow.arguments else { return branch.input }
            var scope = queryScope(in: state)
            let input = JSONText(try value(of: arguments, in: &scope))
            probe?.note(.arguments, input)
            return input
        }
    }

    /// The state's output: a result after ResultSelector, in the raw input by ResultPath, after OutputPath; or Output, of
    /// which the result, where there is one, is the default.
    mutating func output(
        of flow: DataFlow,
        in state: State,
        result: JSONText,
        isInput: Bool = false
    ) throws(Fault) -> JSONText {
        switch flow {
        case .jsonPath(let flow): return try output(of: flow, in: state, result: result)
        case .jsonata(let flow):
            probe?.note(.result, result)
            guard let template = flow.output else { return result }
            var scope = queryScope(in: state, result: isInput ? nil : result)
            return JSONText(try value(of: template, in: &scope))
        }
    }

    mutating func output(
        of flow: JSONPathDataFlow,
        in state: State,
        result: JSONText
    ) throws(Fault) -> JSONText {
        let probe = probe
        if probe == nil, flow.passesResult { return result }
        do {
            return try flow.output(
                raw: branch.input,
                result: result,
                context: context(of: state),
                variables: branch.variables,
                using: &random,
                noting: { probe?.note($0, $1) }
            )
        } catch {
            throw Fault(error)
        }
    }

    /// The scope of the paths beside the data flow, such as `SecondsPath`: what InputPath selects of the raw input.
    func selectedScope(of flow: DataFlow, in state: State) throws(DataFlowError) -> Scope {
        let context = context(of: state)
        var input = branch.input
        if case .jsonPath(let flow) = flow {
            input = try flow.afterInputPath(raw: branch.input, context: context, variables: branch.variables)
        }
        return Scope(input: input.value, context: context, variables: branch.variables)
    }

    mutating func value(of template: PayloadTemplate, in scope: Scope) throws(Fault) -> JSONValue {
        do {
            return try template.evaluate(in: scope, using: &random)
        } catch {
            throw Fault(error)
        }
    }

    mutating func value(of template: QueryTemplate, in scope: inout QueryScope) throws(Fault) -> JSONValue {
        do {
            return try scope.evaluate(template, using: &random)
        } catch {
            throw Fault(error)
        }
    }

    /// The item of the iteration that the branch is, or is a part of.
    private var mapItem: ContextObject.MapItem? {
        switch branch.kind {
        case .root: return nil
        case .iteration(let index): return ContextObject.MapItem(index: index, value: branch.item ?? branch.input)
        case .branch:
            // The branch of a Parallel inside an iteration has the whole of `Map.Item`: its index is not its own.
            guard let item = branch.item?.value, let index = item["Index"]?.int, let value = item["Value"] else {
                return nil
            }
            return ContextObject.MapItem(index: index, value: JSONText(value))
        }
    }
}

extension StateType {
    /// Whether Retry is a field of it, and `State.RetryCount` a member of its context.
    var canRetry: Bool { self == .task || self == .parallel || self == .map }
}
