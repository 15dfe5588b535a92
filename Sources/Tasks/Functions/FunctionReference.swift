/// What names a function: a name, an ARN or part of one, each with or without a qualifier.
package struct FunctionReference: Sendable, Hashable, CustomStringConvertible {
    /// As it was given.
    package let text: String
    /// The function's name.
    package let name: String
    /// The version or alias.
    package let qualifier: String?

    /// Takes any of the forms that Lambda's API takes: `name`, `name:qualifier`, `account:function:name`, an ARN.
    package init(_ text: String) {
        self.text = text
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)[...]
        if let marker = parts.lastIndex(of: "function"), marker + 1 < parts.endIndex { parts = parts[(marker + 1)...] }
        name = parts.first.map(String.init) ?? text
        qualifier = parts.count > 1 ? parts.dropFirst().joined(separator: ":") : nil
    }

    /// Whether it is a whole ARN.
    package var isARN: Bool { text.hasPrefix("arn:") }

    /// Its ARN, without a qualifier unless it was given with one.
    package func arn(in settings: FunctionSettings) -> String {
        guard !isARN else { return text }
        let suffix = qualifier.map { ":\($0)" } ?? ""
        return "arn:aws:lambda:\(settings.region):\(settings.account):function:\(name)\(suffix)"
    }

    package var description: String { text }
}

/// What functions are told about where they run.
package struct FunctionSettings: Sendable, Equatable {
    /// The region of ARNs, and what `AWS_REGION` says.
    package var region: String
    /// The account of ARNs.
    package var account: String
    /// Whether editing a handler's files replaces its processes before the next invocation.
    package var reloadsOnChange: Bool
    /// The largest payload that a function may answer with, in bytes: AWS's limit.
    package var responseBytes = 6_291_556
    /// How long a process may take to ask for its first invocation, beside its function's timeout: AWS's limit.
    package var initLimit: Duration = .seconds(10)
    /// The longest wait before a process that keeps dying is started again.
    package var maxBackoff: Duration = .seconds(10)

    package init(region: String = "us-east-1", account: String = "123456789012", reloadsOnChange: Bool = false) {
        self.region = region
        self.account = account
        self.reloadsOnChange = reloadsOnChange
    }
}
