import HTTPServer
import Testing

/// Runs a server while the body runs, then stops it.
func serving<Answer: Sendable>(
    limits: HTTPServer.Limits = HTTPServer.Limits(),
    tooLarge: @escaping HTTPServer.Handler = { _ in HTTPResponse(status: 413) },
    handler: @escaping HTTPServer.Handler,
    _ body: (HTTPServer) async throws -> Answer
) async throws -> Answer {
    let server = try HTTPServer(host: "127.0.0.1", port: 0, limits: limits, tooLarge: tooLarge, handler: handler)
    let running = Task { try await server.run() }
    let result: Result<Answer, any Error>
    do { result = .success(try await body(server)) } catch { result = .failure(error) }
    server.stop()
    try await running.value
    return try result.get()
}

/// Fails instead of waiting for ever.
struct TookTooLong: Error {}

/// Returns what the operation does, or throws when it takes longer than the limit.
func within<Answer: Sendable>(
    _ limit: Duration,
    _ operation: @escaping @Sendable () async throws -> Answer
) async throws -> Answer {
    try await withThrowingTaskGroup { group in
        group.addTask { try await operation() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw TookTooLong()
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw TookTooLong() }
        return first
    }
}
