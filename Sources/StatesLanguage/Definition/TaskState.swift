import JSON

/// A state that has work done by its `Resource`.
package struct TaskState: Sendable {
    package let resource: Resource
    package let dataFlow: DataFlow
    /// How long an attempt may take; `nil` is AWS's default of 99,999,999 seconds, which is never.
    package let timeout: TimeField?
    /// How long an attempt that sends heartbeats may be silent; `nil` is as long as it takes.
    package let heartbeat: TimeField?
    package let credentials: Template?
    package let retriers: [Retrier]
    package let catchers: [Catcher]
    package let successor: Successor

    package init(
        resource: Resource,
        dataFlow: DataFlow,
        timeout: TimeField? = nil,
        heartbeat: TimeField? = nil,
        credentials: Template? = nil,
        retriers: [Retrier] = [],
        catchers: [Catcher] = [],
        successor: Successor
    ) {
        self.resource = resource
        self.dataFlow = dataFlow
        self.timeout = timeout
        self.heartbeat = heartbeat
        self.credentials = credentials
        self.retriers = retriers
        self.catchers = catchers
        self.successor = successor
    }
}

extension TaskState {
    init?(reading state: StateReader) {
        let fields = state.fields
        fields.require("Resource")
        let resource = ResourceRules(fields: fields, type: state.definition.type).resource()
        let dataFlow = state.dataFlow([.work, .arguments])
        let timeout = state.time("TimeoutSeconds")
        let heartbeat = state.time("HeartbeatSeconds")
        if case .seconds(let longest) = timeout, case .seconds(let silence) = heartbeat, silence >= longest {
            state.findings.schema(
                "The value of 'HeartbeatSeconds' must be smaller than that of 'TimeoutSeconds'",
                at: fields.place(of: "HeartbeatSeconds")
            )
        }
        if let object = fields.fields("Credentials")?.object, object["RoleArn"] == nil, object["RoleArn.$"] == nil {
            state.findings.schema(
                "The field 'RoleArn' is required but was missing",
                at: fields.place(of: "Credentials")
            )
        }
        let credentials = state.template("Credentials")
        let retriers = state.retriers()
        let catchers = state.catchers()
        let successor = state.successor()
        guard let resource, let dataFlow, let successor else { return nil }
        self.init(
            resource: resource,
            dataFlow: dataFlow,
            timeout: timeout,
            heartbeat: heartbeat,
            credentials: credentials,
            retriers: retriers,
            catchers: catchers,
            successor: successor
        )
    }
}
