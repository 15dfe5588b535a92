import FoundationEssentials
import JSON
import StatesLanguage
import Testing

/// The responses recorded from AWS, which lie beside the project and are no part of it.
///
/// They are looked for in `BRAID_SHARED`, then in `shared` beside the package. Where they are absent the tests that
/// replay them are skipped, or fail if `BRAID_REQUIRE_SHARED` is 1.
enum Recordings {
    static let isWanted = folder != nil || ProcessInfo.processInfo.environment["BRAID_REQUIRE_SHARED"] == "1"

    static var folder: String? {
        let package = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let beside = package.deletingLastPathComponent().appending(path: "shared").path
        let candidates = [ProcessInfo.processInfo.environment["BRAID_SHARED"], beside].compactMap(\.self)
        return candidates.first { FileManager.default.fileExists(atPath: "\($0)/conformance/cases") }
    }

    /// Returns the cases of a family.
    static func cases(of family: String) throws -> [JSONValue] {
        let folder = try #require(folder, "the recordings are missing")
        let data = try #require(FileManager.default.contents(atPath: "\(folder)/conformance/cases/\(family).json"))
        return try #require(JSONValue(parsing: Array(data)).array)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips where the recordings are absent and not demanded.
    static var recordings: Self {
        .enabled(if: Recordings.isWanted, "needs the recordings: set BRAID_SHARED to their folder")
    }
}

extension JSONValue {
    /// A value that a case holds as it is, under `$json`, or as JSON text.
    func unwrapped() throws -> JSONValue {
        if let value = self["$json"] { return value }
        guard let string else { return self }
        return try JSONValue(parsing: string)
    }
}

extension ContextObject {
    /// A context object whose names are the placeholders that the recordings have for them.
    static func recorded(input: JSONValue = .object([:])) -> ContextObject {
        ContextObject(
            execution: ExecutionInfo(
                id: "arn:<partition>:states:<region>:111111111111:execution:<ArnPart_0idx>:<ExecArnPart_0idx>",
                name: "<ExecArnPart_0idx>",
                input: JSONText(input),
                roleARN: "snf_role_arn",
                startTime: Timestamp(microseconds: 1_714_557_600_000_000),
                stateMachineID: "arn:<partition>:states:<region>:111111111111:stateMachine:<ArnPart_0idx>",
                stateMachineName: "<ArnPart_0idx>"
            ),
            stateName: "State_0",
            enteredTime: Timestamp(microseconds: 1_714_557_600_123_000)
        )
    }
}

/// A generator that gives the same numbers in every run.
struct CountingGenerator: RandomNumberGenerator {
    var state: UInt64 = 0

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return state
    }
}
