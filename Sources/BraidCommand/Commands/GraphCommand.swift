import Drawing
import Foundation
import JSON

/// `braid graph`: draws state machines, and executions of them.
enum GraphCommand {
    static let syntax = CommandSyntax(
        "graph",
        "Draws a state machine, or an execution coloured by how its states stand",
        operands: [.init("FILE", "a definition in JSON or YAML; none with --execution", optional: true)],
        options: [
            .init("execution", "EXECUTION", "MACHINE:NAME, MACHINE for its latest, or an ARN: what it did is coloured"),
            .init("svg", "writes SVG; this is what is written unless another is named"),
            .init("png", "writes PNG"),
            .init("dot", "writes Graphviz's language"),
            .init("mermaid", "writes a Mermaid flowchart, which many editors and sites draw"),
            .init("output", "FILE", "where the drawing goes; standard output unless given"),
            .substitute, .endpoint,
        ],
        notes: """
            SVG and PNG are laid out by Graphviz's program 'dot'. A definition need not be valid: what it leads to and does not
            have is drawn as missing. Blue is running, green succeeded, amber failed and caught, red failed, grey aborted.
            """
    )

    private enum Format: String, CaseIterable {
        case svg
        case png
        case dot
        case mermaid
    }

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let named = Format.allCases.filter { invocation.has($0.rawValue) }
        guard named.count <= 1 else {
            throw UsageError("one of --svg, --png, --dot and --mermaid is enough", command: invocation.syntax)
        }
        let format = named.first ?? .svg
        let output = invocation.value("output")
        if format == .png, output == nil, invocation.output.width != nil {
            throw UsageError("a PNG is not for a terminal: give --output FILE", command: invocation.syntax)
        }
        let (outline, statuses) = try await subject(of: invocation)
        let bytes: [UInt8]
        switch format {
        case .dot: bytes = Array(DOT(outline, statuses: statuses).text.utf8)
        case .mermaid: bytes = Array(Mermaid(outline, statuses: statuses).text.utf8)
        case .svg, .png:
            let picture: Graphviz.Format = format == .svg ? .svg : .png
            do {
                bytes = try await Graphviz.draw(DOT(outline, statuses: statuses).text, as: picture)
            } catch {
                throw CommandFailure(.unavailable, "\(error)", hint: "--dot and --mermaid need no Graphviz.")
            }
        }
        guard let output else {
            invocation.output.bytes(bytes)
            return .success
        }
        guard FileManager.default.createFile(atPath: output, contents: Data(bytes)) else {
            throw CommandFailure(.usage, "\(output) cannot be written")
        }
        return .success
    }

    /// What is to be drawn, and how its states stand.
    private static func subject(of invocation: Invocation) async throws -> (Outline, [String: StateStatus]) {
        let definition: JSONValue
        var progress = StateProgress()
        switch (invocation.operand(0), invocation.value("execution")) {
        case (let path?, nil):
            var file = DefinitionFile()
            file.substitutions = try invocation.pairs("substitute")
            guard let first = try file.read(path).first else {
                throw CommandFailure(.usage, "\(path) holds no state machine")
            }
            definition = (try? JSONValue(parsing: first.text)) ?? .null
        case (nil, let execution?):
            let service = try RemoteService.of(invocation)
            let arn = JSONValue.string(try await service.executionARN(of: execution))
            let machine = try await service.call("DescribeStateMachineForExecution", ["executionArn": arn])
            definition = (try? JSONValue(parsing: machine["definition"]?.string ?? "")) ?? .null
            let request: JSONObject = ["executionArn": arn, "maxResults": 1000, "includeExecutionData": false]
            try await service.pages(of: "GetExecutionHistory", request, member: "events") { event in
                progress.take(event)
                return true
            }
        default:
            throw UsageError("give either a FILE or --execution EXECUTION", command: invocation.syntax)
        }
        guard let outline = Outline(of: definition) else {
            throw CommandFailure(.failure, "there is nothing to draw: the definition has no states")
        }
        return (outline, progress.statuses.mapValues(\.status))
    }
}

extension StateProgress {
    /// Takes the next event as GetExecutionHistory gives it.
    fileprivate mutating func take(_ event: JSONValue) {
        let details = event.object?.first { $0.key.hasSuffix("EventDetails") }?.value
        take(
            id: event["id"]?.int ?? 0,
            previous: event["previousEventId"]?.int ?? 0,
            type: event["type"]?.string ?? "",
            name: (details?["name"] ?? details?["state"])?.string
        )
    }
}
