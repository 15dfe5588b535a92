import Engine
import HTTPServer
import JSON
import Store

/// Server-sent events: what the browser's `EventSource` reads, and goes on reading from where it was when it was cut.
struct EventStream: Sendable {
    let store: Store
    let feed: LiveFeed
    let arns: ARNs

    /// How many rows of history are read at once for a page that is behind.
    private static let rows = 1_000

    /// Follows an execution: first what the page does not know, then what happens.
    func execution(_ record: ExecutionRecord, after known: Int) -> HTTPResponse {
        Self.response { writer in
            do {
                var sent = try await catchUp(record.id, from: known, writer)
                let (messages, position) = feed.follow(record, from: sent)
                if position > sent { sent = try await catchUp(record.id, from: sent, writer) }
                try await writer.write("event: caught-up\ndata: \(sent)\n\n")
                for await message in messages {
                    switch message {
                    case .events(let events):
                        guard let first = events.first, let last = events.last, last.id > sent else { continue }
                        if first.id > sent + 1 { sent = try await catchUp(record.id, from: sent, writer) }
                        let new = events.filter { $0.id > sent }
                        guard let last = new.last else { continue }
                        try await writer.write(Self.text(of: new))
                        sent = last.id
                    case .execution(let record):
                        let json = ExecutionPages.json(of: record, arns)
                        try await writer.write("event: execution\ndata: \(json.text)\n\n")
                    case .nothing: try await writer.write(": still here\n\n")
                    case .executions: break
                    }
                }
            } catch {
                // The page is gone, or the database is: the browser asks again, from its last event on.
            }
        }
    }

    /// Follows which executions start and end.
    func list() -> HTTPResponse {
        Self.response { writer in
            do throws(HTTPClientGone) {
                try await writer.write("event: caught-up\ndata: 0\n\n")
                for await message in feed.followList() {
                    switch message {
                    case .executions(let executions):
                        let json = JSONValue.array(executions.map(\.json))
                        try await writer.write("event: executions\ndata: \(json.text)\n\n")
                    case .nothing: try await writer.write(": still here\n\n")
                    case .events, .execution: break
                    }
                }
            } catch {
                // The page is gone.
            }
        }
    }

    private func catchUp(_ id: ExecutionID, from known: Int, _ writer: HTTPBodyWriter) async throws -> Int {
        var known = known
        while let events = try await store.readOutlines(after: [id: known], limit: Self.rows)[id],
            let last = events.last
        {
            try await writer.write(Self.text(of: events))
            known = last.id
        }
        return known
    }

    private static func text(of events: [EventOutline]) -> String {
        let json = JSONValue.array(events.map(\.json))
        return "id: \(events.last?.id ?? 0)\nevent: history\ndata: \(json.text)\n\n"
    }

    private static func response(_ body: @escaping @Sendable (HTTPBodyWriter) async -> Void) -> HTTPResponse {
        var headers = Headers.uncached("text/event-stream")
        headers["X-Accel-Buffering"] = "no"
        return HTTPResponse(status: 200, headers: headers, body: .stream(body))
    }
}
