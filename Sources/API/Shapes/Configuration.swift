import JSON

/// `loggingConfiguration`: kept and shown, and what Express executions log by (`ExecutionLog`).
struct LoggingConfiguration: Sendable {
    let json: JSONObject
    private let isSupported: Bool

    /// What is shown where none was given.
    static let none: JSONObject = ["level": "OFF", "includeExecutionData": false]

    init(_ members: inout RequestMembers) throws(ServiceError) {
        let level = try members.word("level", of: ["ALL", "ERROR", "FATAL", "OFF"]) ?? "OFF"
        let includesData = try members.boolean("includeExecutionData") ?? false
        let destinations =
            try members.list("destinations") { member throws(ServiceError) in
                try member.structure("cloudWatchLogsLogGroup") { group throws(ServiceError) in
                    try group.optionalStoredString("logGroupArn", length: 1...256)
                }
            } ?? []
        let named = destinations.count { ($0 ?? nil) != nil }
        isSupported = level == "OFF" ? destinations.count <= 1 : destinations.count == 1 && named == 1
        var json: JSONObject = ["level": .string(level), "includeExecutionData": .bool(includesData)]
        if !destinations.isEmpty {
            json["destinations"] = .array(
                destinations.map { group in
                    guard case .some(.some(let arn)) = group else { return [:] }
                    return ["cloudWatchLogsLogGroup": ["logGroupArn": .string(arn)]]
                }
            )
        }
        self.json = json
    }

    /// Refuses what meets the model, and yet cannot be.
    func check() throws(ServiceError) {
        guard isSupported else {
            throw ServiceError(
                "InvalidLoggingConfiguration",
                "Invalid Logging Configuration: Must specify exactly one Log Destination."
            )
        }
    }

    /// What is stored: `nil` for what ``none`` says.
    var stored: String? { json == Self.none ? nil : JSONValue.object(json).text }
}

/// `tracingConfiguration`: kept and shown.
struct TracingConfiguration: Sendable {
    let isEnabled: Bool

    /// What is shown where none was given.
    static let none: JSONObject = ["enabled": false]

    init(_ members: inout RequestMembers) throws(ServiceError) {
        isEnabled = try members.boolean("enabled") ?? false
    }

    var stored: String? { isEnabled ? #"{"enabled":true}"# : nil }
}

/// `encryptionConfiguration`: only the kind that asks nothing of Braid, whose database keeps what it is given as it is.
struct EncryptionConfiguration: Sendable {
    private let isSupported: Bool

    init(_ members: inout RequestMembers) throws(ServiceError) {
        let type = try members.word("type", of: ["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"])
        if type == nil { members.violate("type", value: "null", "Member must not be null") }
        let keyID = try members.optionalString("kmsKeyId", length: 1...2048)
        let reuse = try members.integer("kmsDataKeyReusePeriodSeconds", in: 60...900)
        isSupported = type != "CUSTOMER_MANAGED_KMS_KEY" && keyID == nil && reuse == nil
    }

    /// Refuses a key of the customer's.
    func check() throws(ServiceError) {
        guard isSupported else {
            throw ServiceError(
                "InvalidEncryptionConfiguration",
                "Invalid Encryption Configuration: Braid does not encrypt with customer managed keys."
            )
        }
    }

    var stored: String? { #"{"type":"AWS_OWNED_KEY"}"# }
}
