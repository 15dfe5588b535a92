import JSON
import StatesLanguage

/// Fail: no exit event, and either part of the failure may be absent. Source: reference §8.
extension Walk {
    mutating func fail(_ fail: FailState, in state: State) throws(Fault) -> Step {
        // It has no InputPath: what a test shows of it is the whole input.
        probe?.note(.inputPath, branch.input)
        let scope = scope(of: branch.input, in: state)
        let failure: Failure
        do {
            failure = Failure(
                error: try text(of: fail.error, in: scope),
                cause: try text(of: fail.cause, in: scope)
            )
        } catch {
            throw Fault(error)
        }
        return self.fail(with: failure, in: state)
    }

    private mutating func text(of field: FailState.Field?, in scope: Scope) throws(DataFlowError) -> String? {
        switch field {
        case nil: nil
        case .literal(let text): text
        case .dynamic(let value): try value.string(in: scope, using: &random)
        }
    }
}
