import HTTPClient
import JSON

/// `braid top`: what a service does, second by second.
enum TopCommand {
    static let syntax = CommandSyntax(
        "top",
        "Shows what a service does, second by second",
        options: [.endpoint, .init("once", "shows it once; so it is where the answer goes to no terminal"), .json],
        notes: "Ctrl-C ends it. Executions are counted up to 1,000 of each status and state machine."
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let isOnce = invocation.has("once") || invocation.wantsJSON || invocation.output.width == nil
        let endpoint = invocation.value("endpoint") ?? ""
        let client = HTTPClient()
        while true {
            let overview = try await read("overview", from: endpoint, client)
            let running = try await read("executions?status=RUNNING", from: endpoint, client)
            if invocation.wantsJSON {
                invocation.answer(["overview": overview, "running": running["executions"] ?? .array([])])
            } else {
                // The screen from its top: what was there is written over.
                if !isOnce { invocation.output.line("\u{1B}[H\u{1B}[2J") }
                for line in lines(overview, running, invocation.output) { invocation.output.line(line) }
            }
            if isOnce { return .success }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private static func read(_ page: String, from endpoint: String, _ client: HTTPClient) async throws -> JSONValue {
        let url = (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + "/console/" + page
        do {
            let answer = try await client.request(HTTPClientRequest(method: "GET", url: url, timeout: .seconds(20)))
            guard answer.status == 200, let value = try? JSONValue(parsing: answer.body) else {
                throw CommandFailure(
                    .unavailable,
                    "what listens there does not answer as Braid does: status \(answer.status)"
                )
            }
            return value
        } catch let error as HTTPClientError {
            throw CommandFailure(
                .unavailable,
                "no service answers: \(error)",
                hint: "'braid dev' starts one; --endpoint or BRAID_ENDPOINT say where another one is."
            )
        }
    }

    private static let statuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]

    /// A table of the state machines, those that run most first, and the newest executions that run.
    static func lines(_ overview: JSONValue, _ running: JSONValue, _ output: Output) -> [String] {
        let machines = (overview["machines"]?.array ?? []).sorted { count($0, "RUNNING") > count($1, "RUNNING") }
        let workers = overview["workers"]?.array?.count ?? 0
        var lines = [
            output.styled("Braid", .bold) + " \(overview["version"]?.string ?? "")   \(workers) "
                + (workers == 1 ? "worker" : "workers") + " alive   "
                + "\((overview["database"]?["bytes"]?.int ?? 0) >> 20) MB in the database",
            "",
            row(["STATE MACHINE"] + statuses.map { $0.replacing("_", with: " ") }, output),
        ]
        lines += machines.prefix(15).map { machine in
            row([machine["name"]?.string ?? ""] + statuses.map { "\(count(machine, $0))" }, nil)
        }
        let now = overview["now"]?.int ?? 0
        lines += ["", row(["RUNNING EXECUTION", "STATE MACHINE", "", "FOR"], output, widths: [40, 30, 2, 10])]
        lines += (running["executions"]?.array ?? []).prefix(15).map { execution in
            let seconds = max(0, now - (execution["started"]?.int ?? now)) / 1_000
            return row(
                [execution["name"]?.string ?? "", execution["machine"]?.string ?? "", "", "\(seconds) s"],
                nil,
                widths: [40, 30, 2, 10]
            )
        }
        return lines
    }

    private static func count(_ machine: JSONValue, _ status: String) -> Int { machine["counts"]?[status]?.int ?? 0 }

    private static func row(_ cells: [String], _ output: Output?, widths: [Int] = [40, 10, 10, 10, 10, 10]) -> String {
        let text = zip(cells, widths).enumerated().map { index, cell in
            let shown = String(cell.0.prefix(cell.1 - 1))
            let space = String(repeating: " ", count: cell.1 - shown.count)
            return index == 0 || widths.count == 4 && index < 3 ? shown + space : space + shown
        }.joined()
        return output?.styled(text, .faint) ?? text
    }
}
