/// A service's action that a Task calls, and how it waits for it.
///
/// Source: reference §16.
package struct ServiceIntegration: Sendable, Hashable {
    /// When the state is done.
    ///
    /// Raw values are the suffixes of the action.
    package enum Pattern: String, Sendable, Hashable, CaseIterable {
        /// With the service's answer.
        case requestResponse = ""
        /// When the job that was started has ended.
        case sync = ".sync"
        /// The same; a nested execution's input and output come back as JSON instead of as text.
        case sync2 = ".sync:2"
        /// When someone answers with the task's token.
        case waitForTaskToken = ".waitForTaskToken"
    }

    /// Such as `sqs`, without `aws-sdk:`.
    package let service: String
    /// Such as `sendMessage`, without the pattern.
    package let action: String
    package let pattern: Pattern
    /// Whether it goes through the SDK (`aws-sdk:`) rather than through an integration made for the service.
    package let isSDK: Bool

    package init(service: String, action: String, pattern: Pattern = .requestResponse, isSDK: Bool = false) {
        self.service = service
        self.action = action
        self.pattern = pattern
        self.isSDK = isSDK
    }

    /// What events call the service, such as `sqs` or `aws-sdk:sqs`.
    package var resourceType: String { isSDK ? "aws-sdk:\(service)" : service }

    /// What events call the action, such as `startExecution.sync:2`.
    package var resource: String { action + pattern.rawValue }

    /// Whether it invokes a Lambda function, in whatever pattern.
    package var isLambdaInvoke: Bool { !isSDK && service == "lambda" && action == "invoke" }

    /// Whether it calls Step Functions itself: by the integration made for it, or by the SDK.
    package var isStepFunctions: Bool { isSDK ? service == "sfn" : service == "states" }

    /// Whether it calls an object store: the actions of S3 that Braid performs by the store that a worker was given.
    package var isObjectStore: Bool {
        isSDK && service == "s3" && Self.objectActions.contains(action)
            && (pattern == .requestResponse || pattern == .waitForTaskToken)
    }

    /// The actions of `aws-sdk:s3` that Braid performs.
    package static let objectActions = [
        "deleteObject", "getObject", "headObject", "listObjects", "listObjectsV2", "putObject",
    ]

    /// Reads what stands behind an ARN's account: `sqs:sendMessage.waitForTaskToken`, split at its colons.
    init?(parsing parts: [String]) {
        var parts = parts
        let isSDK = parts.first == "aws-sdk"
        if isSDK { parts.removeFirst() }
        guard parts.count >= 2, !parts[0].isEmpty else { return nil }
        let call = parts.dropFirst().joined(separator: ":")
        // A longer suffix ends in no shorter one, so the order does not matter; no suffix is a pattern too.
        let pattern = Pattern.allCases.dropFirst().first { call.hasSuffix($0.rawValue) } ?? .requestResponse
        let action = String(call.dropLast(pattern.rawValue.count))
        guard !action.isEmpty, action.utf8.allSatisfy(Self.isActionByte) else { return nil }
        self.init(service: parts[0], action: action, pattern: pattern, isSDK: isSDK)
    }

    private static func isActionByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
