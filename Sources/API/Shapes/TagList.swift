import JSON
import Store

/// `tags`: values by key, the last of a key that comes twice.
struct TagList: Sendable, Equatable {
    /// How many a resource has at most (quota).
    static let limit = 50

    let values: [String: String]

    /// Reads the tags with which a resource is created.
    init(creating members: inout RequestMembers) throws(ServiceError) {
        self.init(try members.list("tags", Self.tag) ?? [])
    }

    /// Reads the tags that a resource is given.
    init(adding members: inout RequestMembers) throws(ServiceError) {
        self.init(try members.requiredList("tags", Self.tag))
    }

    private init(_ tags: [(key: String, value: String)]) {
        values = Dictionary(tags.map { ($0.key, $0.value) }) { _, last in last }
    }

    private static func tag(_ member: inout RequestMembers) throws(ServiceError) -> (key: String, value: String) {
        let key = try member.optionalStoredString("key", length: 1...128)
        if key == nil { member.violate("key", value: "null", "Member must not be null") }
        return (key ?? "", try member.optionalStoredString("value", length: 0...256) ?? "")
    }

    /// Refuses more than a new resource may have.
    func check(for arn: String) throws(ServiceError) {
        guard values.count <= Self.limit else { throw .tooManyTags(arn) }
    }

    /// The list as it is shown.
    static func shape(of tags: [(key: String, value: String)]) -> JSONValue {
        .array(tags.map { ["key": .string($0.key), "value": .string($0.value)] })
    }
}
