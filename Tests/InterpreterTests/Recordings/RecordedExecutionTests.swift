import Foundation
import Interpreter
import JSON
import StatesLanguage
import Testing

/// Where the recordings lie: outside the repository.
enum Recordings {
    static let cases: [RecordedCase] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let shared = ProcessInfo.processInfo.environment["BRAID_SHARED"].map { URL(filePath: $0) }
        let folder = (shared ?? root.appending(path: "shared")).appending(path: "conformance/cases")
        return (try? RecordedCase.all(in: folder)) ?? []
    }()

    /// What does not run the same yet, and why.
    ///
    /// The list may only shrink.
    static let known = [
        "test_lambda_invoke_with_retry_extended_input": "recorded before the context object had RedriveCount"
    ]

    static let areRequired = ProcessInfo.processInfo.environment["BRAID_REQUIRE_SHARED"] == "1"
}

@Suite("An execution that AWS recorded")
struct RecordedExecutionTests {
    @Test("is there to be held against", .enabled(if: Recordings.areRequired))
    func present() {
        #expect(!Recordings.cases.isEmpty, "BRAID_SHARED, or ../shared beside the package, holds no recordings")
    }

    @Test(
        "runs the same here",
        .enabled(if: !Recordings.cases.isEmpty, "no recordings: set BRAID_SHARED, or put them into ../shared"),
        arguments: Recordings.cases
    )
    func runs(_ recorded: RecordedCase) throws {
        let functions = RecordedFunctions(files: recorded.functions)
        let run = VirtualRun(
            try StateMachineDefinition(parsing: recorded.definition),
            input: JSONText(trusted: recorded.input),
            horizon: .seconds(365 * 86_400),
            answer: functions.answer
        )
        let matcher = HistoryMatcher(
            values: try RecordingMatcher(placeholders: recorded.placeholders, wild: recorded.wild),
            isSortedInParallel: recorded.wild.contains("@parallel-unordered")
        )
        let difference = matcher.difference(of: run.execution.history.map(Self.wire), from: recorded.events)
        if let reason = Recordings.known[recorded.id.split(separator: "::").last.map(String.init) ?? ""] {
            #expect(difference != nil, "runs the same now, so is no known difference any more: \(reason)")
        } else {
            #expect(difference == nil, "\(difference ?? "")")
        }
    }

    /// An event as GetExecutionHistory gives it.
    private static func wire(_ entry: LocalExecution.Entry) -> JSONValue {
        var members: JSONObject = [
            "id": .number(JSONNumber(entry.id)), "previousEventId": .number(JSONNumber(entry.previousEventID)),
            "timestamp": "timestamp", "type": .string(entry.event.type.rawValue),
        ]
        if let member = entry.event.type.detailsMember {
            var details = JSONObject()
            for (name, value) in entry.event.details {
                switch value {
                case .text(let text): details[name] = .string(text)
                case .number(let number): details[name] = .number(JSONNumber(number))
                case .payload(let payload):
                    details[name] = .string(payload.text)
                    if name != "parameters" { details[name + "Details"] = ["truncated": false] }
                case .json(let json):
                    details[name] = json
                    if name == "assignedVariables" { details[name + "Details"] = ["truncated": false] }
                }
            }
            members[member] = .object(details)
        }
        return .object(members)
    }
}
