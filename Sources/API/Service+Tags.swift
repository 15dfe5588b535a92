import Engine
import Store

extension Service {
    /// The resource that an ARN names, of those that can have tags.
    ///
    /// Versions, aliases and labelled machines cannot (recorded: test_tag_state_machine_version).
    func tagOwner(_ arn: String) throws(ServiceError) -> TagOwner {
        let machine: StateMachineARN
        do { machine = try StateMachineARN(parsing: arn) } catch {
            guard error == .wrongType("activity") else { throw ServiceError(error) }
            guard let name = try activityName(in: arn) else { throw .resourceNotFound(arn) }
            return .activity(named: name)
        }
        guard arns.own(machine.scope), machine.label == nil, machine.qualifier == nil else {
            throw .resourceNotFound(arn)
        }
        return .stateMachine(named: machine.name)
    }
}
