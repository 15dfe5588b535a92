import StatesLanguage

/// Refuses a definition that cannot be run, with everything that is wrong with it.
@discardableResult
func checkDefinition(_ text: String, type: StateMachineType) throws(ServiceError) -> StateMachineDefinition {
    do {
        return try StateMachineDefinition(parsing: text, type: type)
    } catch {
        throw ServiceError(error)
    }
}

extension ServiceError {
    init(_ error: InvalidDefinition) { self.init("InvalidDefinition", error.description) }
}
