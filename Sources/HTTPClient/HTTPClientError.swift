/// Why a request got no answer.
package enum HTTPClientError: Error, Equatable, CustomStringConvertible {
    /// The URL, the method or a header field cannot be sent.
    case invalidRequest(reason: String)
    /// No address is known for the host.
    case couldNotResolve(url: String)
    /// Nobody listens there.
    case connectionRefused(url: String)
    /// The host cannot be reached.
    case couldNotConnect(url: String, reason: String)
    /// There was no complete answer in time.
    case timedOut(url: String)
    /// The connection could not be made secure, or the other side is not who it should be.
    case tls(url: String, reason: String)
    /// The answer's body is larger than the request allows.
    case responseTooLarge(limit: Int)
    /// The connection broke before the answer was complete.
    case connectionLost(url: String, reason: String)
    /// The task was cancelled, or the client is gone.
    case cancelled
    /// Anything else that libcurl reports.
    case other(url: String, reason: String)

    package var description: String {
        switch self {
        case .invalidRequest(let reason): "the request cannot be sent: \(reason)"
        case .couldNotResolve(let url): "no address is known for the host of \(url)"
        case .connectionRefused(let url): "nobody listens at \(url) (connection refused)"
        case .couldNotConnect(let url, let reason): "cannot connect to \(url): \(reason)"
        case .timedOut(let url): "\(url) did not answer in time"
        case .tls(let url, let reason): "no secure connection to \(url): \(reason)"
        case .responseTooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .connectionLost(let url, let reason): "the connection to \(url) broke: \(reason)"
        case .cancelled: "the request was cancelled"
        case .other(let url, let reason): "the request to \(url) failed: \(reason)"
        }
    }
}
