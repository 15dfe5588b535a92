import JSON
import StatesLanguage

/// Wait. Source: reference §8; causes as recorded in `base/test_wait.py`.
extension Walk {
    /// Sleeps until the state's time; a time that has come is no wait, and the chain goes on.
    mutating func wait(_ wait: WaitState, in state: State) throws(Fault) -> Step {
        let until = try end(of: wait, in: state)
        guard until > now else { return try wake(in: state) }
        branch.phase = .sleeping
        return .pause(.sleep(until: until))
    }

    /// Leaves a Wait whose time has come.
    mutating func wake(in state: State) throws(Fault) -> Step {
        guard case .wait(let wait) = state.body else { return misfit(.begin) }
        let input = try effectiveInput(of: wait.dataFlow, in: state)
        let output = try output(of: wait.dataFlow, in: state, result: input, isInput: true)
        let assigned = try assigned(by: wait.dataFlow.assign, from: input, in: state)
        return try leave(state, with: output, assigning: assigned, to: wait.successor)
    }

    private mutating func end(of wait: WaitState, in state: State) throws(Fault) -> Timestamp {
        let began = branch.enteredAt ?? now
        let until: Timestamp
        switch wait.duration {
        case .seconds(let seconds): until = began + .seconds(seconds)
        case .timestamp(let timestamp): until = timestamp
        case .secondsPath(let path):
            let scope = try pathScope(of: wait, in: state)
            do { until = began + .seconds(try path.waitSeconds(in: scope)) } catch { throw Fault(error) }
        case .timestampPath(let path):
            let scope = try pathScope(of: wait, in: state)
            do { until = try path.waitTimestamp(in: scope) } catch { throw Fault(error) }
        case .secondsExpression(let expression):
            var scope = queryScope(in: state)
            do { until = began + .seconds(try scope.seconds(expression, least: 0, using: &random)) } catch {
                throw Fault(error)
            }
        case .timestampExpression(let expression):
            var scope = queryScope(in: state)
            do { until = try scope.timestamp(expression, using: &random) } catch { throw Fault(error) }
        }
        // A wait of 24,855 days was recorded as accepted, one of 24,856 as too long: its seconds are 32 bits.
        guard until - now <= .seconds(Int(Int32.max)) else { throw Fault(.waitTooLong) }
        return until
    }

    private func pathScope(of wait: WaitState, in state: State) throws(Fault) -> Scope {
        do { return try selectedScope(of: wait.dataFlow, in: state) } catch { throw Fault(error) }
    }
}
