/// Why a text is not the ARN that is wanted.
package enum ARNError: Error, Equatable, CustomStringConvertible {
    /// It is no ARN of the service at all.
    case invalidPrefix(String)
    /// It names another kind of resource, such as `express`.
    case wrongType(String)

    package var description: String {
        switch self {
        case .invalidPrefix(let text): "Invalid ARN prefix: \(text)"
        case .wrongType(let type): "Resource type not valid in this context: \(type)"
        }
    }
}
