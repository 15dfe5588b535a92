import StatesLanguage

/// Refuses a definition that cannot be run, with everything that is wrong with it.
func checkDefinition(_ definition: String, type: StateMachineType) throws(ServiceError) {
    do {
        _ = try StateMachineDefinition(parsing: definition, type: type)
    } catch {
        throw ServiceError("InvalidDefinition", error.description)
    }
}
