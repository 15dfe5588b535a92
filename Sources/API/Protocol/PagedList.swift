import Crypto
import Telemetry

/// A list that is given in pages, and the tokens of its places: opaque to clients, of this list only, and dead after a
/// day as AWS's are.
///
/// A token carries nothing secret and grants nothing; its tag keeps those that were made up, cut short or meant for
/// another list from being taken for places in this one. Every process of a service makes and takes the same tokens.
struct PagedList {
    /// The action, and the parameters that must not change between pages.
    let identity: [String]

    private static let lifetime: Int64 = 24 * 60 * 60
    private static let tagLength = 12
    private static let key = Array("braid page token 1".utf8)

    init(_ identity: String...) { self.identity = identity }

    /// Makes the token of a place.
    func token(at place: String, now: WallTime = .now()) -> String {
        let payload = Array("\(now.microseconds / 1_000_000) \(place)".utf8)
        return (tag(of: payload) + payload).base64
    }

    /// Finds the place that a token stands for.
    func place(of token: String, now: WallTime = .now()) throws(ServiceError) -> String {
        guard let bytes = [UInt8](base64: token), bytes.count > Self.tagLength else { throw .invalidToken }
        let payload = Array(bytes.dropFirst(Self.tagLength))
        guard tag(of: payload).elementsEqual(bytes.prefix(Self.tagLength)) else { throw .invalidToken }
        let text = String(decoding: payload, as: UTF8.self)
        guard let space = text.firstIndex(of: " "), let made = Int64(text[..<space]),
            now.microseconds / 1_000_000 - made < Self.lifetime
        else { throw .invalidToken }
        return String(text[text.index(after: space)...])
    }

    private func tag(of payload: [UInt8]) -> ArraySlice<UInt8> {
        let message = identity.joined(separator: "\n").utf8 + [0] + payload
        return hmacSHA256(key: Self.key, message: Array(message)).prefix(Self.tagLength)
    }
}
