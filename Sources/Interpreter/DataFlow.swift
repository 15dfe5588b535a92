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

    /// The state's raw input after InputPath and Parameters.
    mutating func effectiveInput(of flow: JSONPathDataFlow, in state: State) throws(Fault) -> JSONText {
        let probe = probe
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
    }

    /// The state's output: a result after ResultSelector, in the raw input by ResultPath, after OutputPath.
    mutating func output(
        of flow: JSONPathDataFlow,
        in state: State,
        result: JSONText
    ) throws(Fault) -> JSONText {
        let probe = probe
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
    func selectedScope(of flow: JSONPathDataFlow, in state: State) throws(DataFlowError) -> Scope {
        let context = context(of: state)
        let input = try flow.afterInputPath(raw: branch.input, context: context, variables: branch.variables)
        return Scope(input: input.value, context: context, variables: branch.variables)
    }

    mutating func value(of template: PayloadTemplate, in scope: Scope) throws(Fault) -> JSONValue {
        do {
            return try template.evaluate(in: scope, using: &random)
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
