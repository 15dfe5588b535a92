import JSON

/// `ProcessorConfig.Mode` of a Map's processor.
enum ProcessorMode: String, CaseIterable {
    case inline = "INLINE"
    case distributed = "DISTRIBUTED"
}

extension MapState.Mode {
    /// Reads `ProcessorConfig`; without one, and in an `Iterator`, iterations are inline.
    init(reading processor: Fields, type: StateMachineType) {
        self = .inline
        guard let config = processor.fields("ProcessorConfig") else { return }
        config.allow(only: ["Mode", "ExecutionType"])
        let mode = config.choice("Mode", of: ProcessorMode.self) ?? .inline
        let executionType = config.choice("ExecutionType", of: StateMachineType.self)
        switch mode {
        case .inline:
            if config.has("ExecutionType") {
                config.findings.schema("Field 'ExecutionType' is not supported", at: config.place)
            }
        case .distributed:
            config.require("ExecutionType")
            if type == .express {
                config.findings.schema(
                    "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines",
                    at: config.place(of: "Mode")
                )
            }
            self = .distributed(executionType ?? .standard)
        }
    }
}
