/// Where a resource lives: what stands in each ARN between `arn` and the resource itself.
package struct ServiceScope: Sendable, Hashable {
    /// Such as `aws`.
    package var partition: String
    /// Such as `us-east-1`.
    package var region: String
    /// Twelve digits.
    package var account: String

    package init(partition: String = "aws", region: String, account: String) {
        self.partition = partition
        self.region = region
        self.account = account
    }

    /// What each ARN begins with: `arn:aws:states:us-east-1:123456789012:`.
    var prefix: String { "arn:\(partition):states:\(region):\(account):" }

    /// Reads an ARN of the service up to its resource: the type, and the parts behind it.
    ///
    /// Names hold neither `:` nor `/`, so that an ARN has one reading only. U+0000 is in no ARN, whatever the kind.
    ///
    /// - Parameters:
    ///   - text: The ARN.
    ///   - types: The types that the caller takes.
    /// - Throws: ``ARNError``, where it is another kind of ARN or none.
    /// - Returns: Where the resource lives, its type, and what stands behind it, split at `:`.
    static func parse(
        _ text: String,
        as types: Set<String>
    ) throws(ARNError) -> (scope: ServiceScope, type: String, parts: [String]) {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false).map { String($0) }
        guard fields.count > 6, fields[0] == "arn", !fields[1].isEmpty, fields[2] == "states",
            !text.utf8.contains(0)
        else { throw .invalidPrefix(text) }
        guard types.contains(fields[5]) else { throw .wrongType(fields[5]) }
        let parts = Array(fields[6...])
        guard !parts.contains("") else { throw .invalidPrefix(text) }
        return (ServiceScope(partition: fields[1], region: fields[3], account: fields[4]), fields[5], parts)
    }
}

/// The name of a state machine in an ARN, which a Map state's label may follow: `Orders` or `Orders/Lines`.
struct LabelledName {
    let name: String
    let label: String?

    init?(_ part: String) {
        let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        guard halves.allSatisfy({ !$0.isEmpty }) else { return nil }
        name = halves[0]
        label = halves.count > 1 ? halves[1] : nil
    }
}
