import Foundation
import HTTPServer
import Objects

/// The conformances, each in a place of its own with the bucket `bucket`.
enum StoreKind: String, CaseIterable, Sendable {
    case directory
    case s3

    func withStore<Answer>(_ body: (any ObjectStore) async throws -> Answer) async throws -> Answer {
        switch self {
        case .directory: try await withDirectory { store, _ in try await body(store) }
        case .s3: try await withS3 { store, _ in try await body(store) }
        }
    }
}

/// Runs the body with a directory store, and the path of its bucket.
func withDirectory<Answer>(_ body: (DirectoryObjects, String) async throws -> Answer) async throws -> Answer {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("objects-\(UUID())")
    let bucket = root.appendingPathComponent("bucket")
    try FileManager.default.createDirectory(at: bucket, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    return try await body(DirectoryObjects(root: root.path), bucket.path)
}

/// Runs the body with a store of an S3 server, and that server.
func withS3<Answer>(
    _ change: (inout S3Settings) -> Void = { _ in },
    _ body: (S3Objects, S3Server) async throws -> Answer
) async throws -> Answer {
    let s3 = S3Server(buckets: ["bucket"])
    let server = try HTTPServer(host: "127.0.0.1", port: 0, handler: { s3.answer($0) })
    let running = Task { try await server.run() }
    let credentials = S3Settings.Credentials(accessKeyID: "AKID", secretAccessKey: "secret")
    var settings = S3Settings(
        endpoint: "http://127.0.0.1:\(server.boundPort)",
        region: "us-east-1",
        credentials: credentials
    )
    settings.firstDelay = .milliseconds(1)
    change(&settings)
    let result: Result<Answer, any Error>
    do { result = .success(try await body(S3Objects(settings), s3)) } catch { result = .failure(error) }
    server.stop()
    try await running.value
    return try result.get()
}
