/// The ARN of an activity, such as `arn:aws:states:us-east-1:123456789012:activity:approve` (reference §18).
package struct ActivityARN: Sendable, Hashable, CustomStringConvertible {
    package var scope: ServiceScope
    package var name: String

    package init(scope: ServiceScope, name: String) {
        self.scope = scope
        self.name = name
    }

    package init(parsing text: String) throws(ARNError) {
        let (scope, _, parts) = try ServiceScope.parse(text, as: ["activity"])
        guard parts.count == 1 else { throw .invalidPrefix(text) }
        self.init(scope: scope, name: parts[0])
    }

    package var description: String { "\(scope.prefix)activity:\(name)" }
}
