import Foundation
import JSON
import JSONata
import Telemetry

/// `braid jsonata`: evaluates an expression.
enum JSONataCommand {
    static let syntax = CommandSyntax(
        "jsonata",
        "Evaluates a JSONata expression",
        operands: [.init("EXPR", "the expression, without {% %}", optional: true)],
        options: [
            .init(
                "input",
                "FILE",
                "the input: a file that holds JSON, or - for standard input; undefined unless given"
            ),
            .init("bindings", "JSON", "an object: the values of variables, by their names without $", fallback: "{}"),
            .init("lines", "evaluates one case a line of standard input instead of EXPR"),
        ],
        notes: """
            Prints the result as JSON; nothing, and "undefined" beside it, if there is none. Exit status 1 if the expression
            fails; the message begins with the code of the reference implementation.

            With --lines each line is an object: expr, data (the input; undefined if it is missing), bindings, timelimit (in
            milliseconds) and depth. The answer to each is a line, too: {"result": ...}, {"undefined": true} or {"error":
            {"code": ..., "message": ..., "position": ...}}.
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        if invocation.has("lines") {
            guard invocation.operand(0) == nil else {
                throw UsageError("--lines takes its expressions from standard input", command: syntax)
            }
            while let line = readLine() { invocation.output.line(answer(to: line).text) }
            return .success
        }
        guard let text = invocation.operand(0) else { throw UsageError("EXPR is missing", command: syntax) }
        let question = Question(
            expression: text,
            input: try invocation.value("input").map { try input($0) },
            bindings: try bindings(invocation)
        )
        switch question.answer {
        case .success(let value?): invocation.output.line(value.text(pretty: invocation.output.width != nil))
        case .success(nil): invocation.output.note("undefined")
        case .failure(let error):
            throw CommandFailure(.failure, "\(error.code) at \(error.position): \(error.message)")
        }
        return .success
    }

    private static func input(_ path: String) throws(CommandFailure) -> JSONValue {
        let isStandardInput = path == "-"
        let text =
            isStandardInput
            ? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
            : try DefinitionFile.text(of: path)
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw CommandFailure(.usage, "\(isStandardInput ? "standard input" : path) is not JSON: \(error)")
        }
    }

    private static func bindings(_ invocation: Invocation) throws -> JSONObject {
        let text = invocation.value("bindings") ?? "{}"
        guard let object = try? JSONValue(parsing: text).object else {
            throw UsageError("--bindings must be a JSON object", command: syntax)
        }
        return object
    }

    // MARK: - One expression

    /// An expression with what it is evaluated on.
    struct Question {
        var expression: String
        var input: JSONValue?
        var bindings: JSONObject
        var milliseconds: Int?
        var depth: Int?

        /// What it comes to.
        var answer: Result<JSONValue?, JSONataError> {
            let start = ContinuousClock.now
            let end = milliseconds.map { start + .milliseconds($0) }
            var environment = Environment(
                now: Int(WallTime.now().microseconds / 1_000),
                generator: SystemRandomNumberGenerator(),
                isExpired: end.map { end in { ContinuousClock.now > end } }
            )
            if let depth { environment.limits.depth = depth }
            let values = Dictionary(uniqueKeysWithValues: bindings.map { ($0.key, Binding.value($0.value)) })
            do {
                let parsed = try Expression(parsing: expression)
                return .success(try parsed.evaluate(on: input, bindings: values, environment: &environment))
            } catch {
                return .failure(error)
            }
        }
    }

    /// The answer to a line of `--lines`.
    static func answer(to line: String) -> JSONValue {
        guard let value = try? JSONValue(parsing: line), let text = value["expr"]?.string else {
            return [
                "error": ["code": "LINE", "message": "The line must be a JSON object with an expr", "position": 0]
            ]
        }
        let question = Question(
            expression: text,
            input: value["data"],
            bindings: value["bindings"]?.object ?? [:],
            milliseconds: value["timelimit"]?.int,
            depth: value["depth"]?.int
        )
        switch question.answer {
        case .success(let value?): return ["result": value]
        case .success(nil): return ["undefined": true]
        case .failure(let error):
            return [
                "error": [
                    "code": .string(error.code), "message": .string(error.message),
                    "position": .number(JSONNumber(error.position)),
                ]
            ]
        }
    }
}
