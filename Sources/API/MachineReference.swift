import Engine

/// What a state machine's ARN names: the machine itself, one of its versions, or one of its aliases.
enum MachineReference: Sendable, Equatable {
    case machine(String)
    case version(Int, of: String)
    case alias(String, of: String)

    /// Reads an ARN.
    ///
    /// What is all digits is a version's number, as no alias's name is (reference §18). One that names nothing that could
    /// be here, of another account, is said not to exist; one with a Map state's label is refused (reference §19).
    init(_ arn: String, by arns: ARNs) throws(ServiceError) {
        let machine: StateMachineARN
        do { machine = try StateMachineARN(parsing: arn) } catch { throw ServiceError(error) }
        guard machine.label == nil else { throw .labelledARN }
        guard arns.own(machine.scope), let reference = Self(machine) else { throw .stateMachineDoesNotExist(arn) }
        self = reference
    }

    /// Reads what stands behind the machine's name; `nil` for a number that no version has.
    init?(_ machine: StateMachineARN) {
        guard let qualifier = machine.qualifier else {
            self = .machine(machine.name)
            return
        }
        guard qualifier.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            self = .alias(qualifier, of: machine.name)
            return
        }
        guard let number = Int32(qualifier), number > 0, "\(number)" == qualifier else { return nil }
        self = .version(Int(number), of: machine.name)
    }
}
