import JSON
import StatesLanguage

/// Fail: no exit event, and either part of the failure may be absent. Source: reference §8.
extension Walk {
    mutating func fail(_ fail: FailState, in state: State) throws(Fault) -> Step {
        // It has no InputPath: what a test shows of it is the whole input.
        probe?.note(.inputPath, branch.input)
        let failure = Failure(
            error: try text(of: fail.error, in: state),
            cause: try text(of: fail.cause, in: state)
        )
        return self.fail(with: failure, in: state)
    }

    private mutating func text(of field: FailState.Field?, in state: State) throws(Fault) -> String? {
        switch field {
        case nil: return nil
        case .literal(let text): return text
        case .dynamic(let value):
            do { return try value.string(in: scope(of: branch.input, in: state), using: &random) } catch {
                throw Fault(error)
            }
        case .expression(let expression):
            var scope = queryScope(in: state)
            do { return try scope.string(expression, using: &random) } catch { throw Fault(error) }
        }
    }
}
