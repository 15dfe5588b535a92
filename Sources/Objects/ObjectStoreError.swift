/// Why an object store did not do what it was asked for.
package enum ObjectStoreError: Error, Hashable, CustomStringConvertible {
    /// The store refused it, with a code of S3's.
    case refused(ObjectRefusal)
    /// There was no answer, however often it was tried.
    case unreachable(reason: String)
    /// The answer cannot be understood.
    case malformedAnswer(reason: String)
    /// The task was cancelled.
    case cancelled

    /// A refusal of the store itself.
    static func refused(_ code: String, _ status: Int, _ message: String) -> ObjectStoreError {
        .refused(ObjectRefusal(code: code, status: status, message: message))
    }

    static var invalidHeaders: ObjectStoreError {
        .refused("InvalidArgument", 400, "What goes with an object must be text without control characters")
    }

    /// S3's code, such as `NoSuchKey`, where there is one.
    package var code: String? { if case .refused(let refusal) = self { refusal.code } else { nil } }

    /// The name under which a state's Retry and Catch know it, such as `S3.NoSuchKeyException`.
    package var name: String {
        switch self {
        case .refused(let refusal): refusal.name
        case .unreachable, .malformedAnswer, .cancelled: "S3.SdkClientException"
        }
    }

    package var description: String {
        switch self {
        case .refused(let refusal): refusal.description
        case .unreachable(let reason): "The object store cannot be reached: \(reason)"
        case .malformedAnswer(let reason): "The object store's answer cannot be understood: \(reason)"
        case .cancelled: "The request was cancelled"
        }
    }
}

/// What an object store says when it refuses something.
package struct ObjectRefusal: Sendable, Hashable, CustomStringConvertible {
    /// Such as `NoSuchKey`.
    package let code: String
    /// The status of HTTP that goes with it.
    package let status: Int
    package let message: String
    package let requestID: String?
    /// The other one that S3 has, `x-amz-id-2`.
    package let extendedRequestID: String?

    package init(
        code: String,
        status: Int,
        message: String,
        requestID: String? = nil,
        extendedRequestID: String? = nil
    ) {
        self.code = code
        self.status = status
        self.message = message
        self.requestID = requestID
        self.extendedRequestID = extendedRequestID
    }

    /// The codes for which AWS's SDK has a type of its own; all others are `S3Exception`.
    private static let modelled: Set<String> = [
        "BucketAlreadyExists", "BucketAlreadyOwnedByYou", "InvalidObjectState", "NoSuchBucket", "NoSuchKey",
        "NoSuchUpload", "ObjectAlreadyInActiveTierError", "ObjectNotInActiveTierError",
    ]

    package var name: String { Self.modelled.contains(code) ? "S3.\(code)Exception" : "S3.S3Exception" }

    /// As AWS's SDK writes it.
    ///
    /// Source: recorded-behaviour, "Error texts".
    package var description: String {
        "\(message) (Service: S3, Status Code: \(status), Request ID: \(requestID ?? "null"))"
    }
}
