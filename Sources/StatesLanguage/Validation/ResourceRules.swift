import JSON

/// What a Task's `Resource` may be, and what its integration demands of the state.
struct ResourceRules {
    let fields: Fields
    let type: StateMachineType

    /// Reads `Resource`, and checks it against the machine's type and the state's `Parameters`.
    func resource() -> Resource? {
        guard let text = fields.string("Resource") else { return nil }
        guard let resource = Resource(parsing: text, functionName: parameters?["FunctionName"]?.string) else {
            refuse(text.hasPrefix("arn:") ? unrecognised(text) : "Value is not a valid resource ARN")
            return nil
        }
        switch resource.kind {
        case .function: break
        case .activity: checkActivity()
        case .service(let service): check(service, of: text)
        }
        return resource
    }

    /// The object that the service is called with, in either query language.
    private var parameters: JSONObject? { (fields.object["Parameters"] ?? fields.object["Arguments"])?.object }

    private func refuse(_ message: String) { fields.findings.schema(message, at: fields.place(of: "Resource")) }

    private func unrecognised(_ text: String) -> String {
        "The resource provided \(text) is not recognized. The value is not a valid resource ARN, or the resource is not "
            + "available in this region."
    }

    private func checkActivity() {
        if type == .express { refuse("Express state machine does not support Activity ARN") }
        if fields.has("Credentials") {
            fields.findings.schema(
                "The field 'Credentials' is not supported for activities",
                at: fields.place(of: "Credentials")
            )
        }
    }

    private func check(_ service: ServiceIntegration, of text: String) {
        guard ServiceCatalogue.offers(service) else { return refuse(unrecognised(text)) }
        if type == .express {
            switch service.pattern {
            case .requestResponse: break
            case .sync, .sync2: refuse("Express state machine does not support '.sync' service integration")
            // The blank at the end is AWS's (test_validate_state_machine_definition_type_express).
            case .waitForTaskToken:
                refuse("Express state machine does not support '.waitForTaskToken' service integration ")
            }
        }
        checkParameters(of: service, text)
    }

    private func checkParameters(of service: ServiceIntegration, _ text: String) {
        guard !service.isSDK else { return }
        let name = fields.language == .jsonata ? "Arguments" : "Parameters"
        guard fields.has(name) else {
            let message = "\(name) field is required for resource ARN: \(text)"
            return fields.findings.schema(message, at: fields.place)
        }
        // A JSONata expression gives the whole object, and only when it is evaluated.
        guard let parameters else { return }
        for field in ServiceCatalogue.required(by: service)
        where parameters[field] == nil && parameters[field + ".$"] == nil {
            fields.findings.schema("The field '\(field)' is required but was missing", at: fields.place(of: name))
        }
    }
}
