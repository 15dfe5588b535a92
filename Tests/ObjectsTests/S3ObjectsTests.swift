import HTTPServer
import Objects
import Synchronization
import Testing

@Suite("An S3 endpoint as an object store")
struct S3ObjectsTests {
    let name = ObjectName(bucket: "bucket", key: "a")

    @Test(
        "tries again what may pass",
        arguments: [
            S3Server.error(503, "SlowDown"), S3Server.error(500, "InternalError"),
            S3Server.error(400, "RequestTimeout"),
            HTTPResponse(status: 502, text: "<html>"), HTTPResponse(status: 429),
        ]
    )
    func passing(fault: HTTPResponse) async throws {
        try await withS3 { store, server in
            server.state.withLock { $0.faults = [fault, fault, fault] }
            let etag = try await store.put([1], as: name)
            #expect(try await store.head(name).etag == etag)
            #expect(server.state.withLock { $0.requests.count } == 5)
        }
    }

    @Test("gives up after so many tries, with the last answer")
    func givingUp() async throws {
        try await withS3({ $0.attempts = 3 }) { store, server in
            server.state.withLock { $0.faults = Array(repeating: S3Server.error(503, "SlowDown"), count: 9) }
            let error = await #expect(throws: ObjectStoreError.self) { try await store.put([1], as: name) }
            #expect(error?.code == "SlowDown")
            #expect(
                error?.description == "It is SlowDown. (Service: S3, Status Code: 503, Request ID: 4442587FB7D0A2F9)"
            )
            #expect(server.state.withLock { $0.requests.count } == 3)
        }
    }

    @Test("follows an empty page of a listing where it says what comes next, and does not ask for it again and again")
    func emptyPage() async throws {
        func empty(_ next: String) -> HTTPResponse {
            let text = "<ListBucketResult><IsTruncated>true</IsTruncated>\(next)</ListBucketResult>"
            return HTTPResponse(status: 200, text: text)
        }
        let next = "<NextContinuationToken>t/1</NextContinuationToken>"
        try await withS3 { store, server in
            try await store.put([1], as: name)
            server.state.withLock { $0.faults = [empty(next)] }
            let listing = try await store.list(ObjectListRequest(bucket: "bucket"))
            #expect(listing.entries.map(\.key) == ["a"])
            #expect(server.state.withLock { $0.requests.last?.query("continuation-token") } == "t/1")
            for lost in ["", next] {
                server.state.withLock { $0.faults = Array(repeating: empty(lost), count: 3) }
                let error = await #expect(throws: ObjectStoreError.self) {
                    try await store.list(ObjectListRequest(bucket: "bucket"))
                }
                guard case .malformedAnswer = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                server.state.withLock { $0.faults = [] }
            }
        }
    }

    @Test("does not try again what will be refused again")
    func refused() async throws {
        try await withS3 { store, server in
            server.state.withLock { $0.faults = [S3Server.error(403, "AccessDenied")] }
            let error = await #expect(throws: ObjectStoreError.self) { try await store.put([1], as: name) }
            #expect(error?.code == "AccessDenied")
            #expect(error?.name == "S3.S3Exception")
            #expect(server.state.withLock { $0.requests.count } == 1)
        }
    }

    @Test("tries again when nobody listens, and says so in the end")
    func unreachable() async throws {
        let port = try HTTPServer(host: "127.0.0.1", port: 0, handler: { _ in HTTPResponse(status: 200) }).boundPort
        var settings = S3Settings(endpoint: "http://127.0.0.1:\(port)/", region: "us-east-1", credentials: nil)
        settings.firstDelay = .milliseconds(1)
        let store = S3Objects(settings)
        let error = await #expect(throws: ObjectStoreError.self) { try await store.put([1], as: name) }
        guard case .unreachable(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("nobody listens at http://127.0.0.1:\(port)/bucket/a"))
    }

    @Test("finds the error behind a status of success when an upload is completed")
    func errorInSuccess() async throws {
        try await withS3 { store, server in
            let upload = try await store.beginUpload(of: name)
            let part = try await store.uploadPart([1, 2], number: 1, of: upload)
            let fault = S3Server.error(200, "InternalError")
            server.state.withLock { $0.faults = [fault, fault] }
            try await store.complete(upload, [part])
            #expect(try await store.read(name, 0..<9, ifMatch: nil) == [1, 2])
        }
    }

    @Test("asks for a key as it is, dots and slashes included, and for a version and an owner where they are given")
    func target() async throws {
        try await withS3 { store, server in
            try await store.put([1], as: ObjectName(bucket: "bucket", key: "/a/../b c"))
            var version = name
            version.versionID = "v+1"
            version.expectedBucketOwner = "123456789012"
            _ = try? await store.read(version, 3..<7, ifMatch: "\"e\"")
            let requests = server.state.withLock { $0.requests }
            #expect(requests.map(\.target) == ["/bucket//a/../b%20c", "/bucket/a?versionId=v%2B1"])
            #expect(requests[1].headers["x-amz-expected-bucket-owner"] == "123456789012")
            #expect(requests[1].headers["Range"] == "bytes=3-6")
            #expect(requests[1].headers["If-Match"] == "\"e\"")
        }
    }

    @Test("is where the environment says, and signs with what stands there")
    func environment() {
        let none = S3Settings(environment: [:])
        #expect(none.endpoint == "https://s3.us-east-1.amazonaws.com")
        #expect(none.credentials == nil)
        let some = S3Settings(environment: [
            "AWS_REGION": "eu-central-1", "AWS_ENDPOINT_URL": "http://all:1/", "AWS_ACCESS_KEY_ID": "id",
            "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "",
        ])
        #expect(some.endpoint == "http://all:1")
        #expect(some.region == "eu-central-1")
        #expect(some.credentials == S3Settings.Credentials(accessKeyID: "id", secretAccessKey: "secret"))
        #expect(some.credentials?.description == "the access key id")
        let both = ["AWS_ENDPOINT_URL": "http://all:1", "AWS_ENDPOINT_URL_S3": "http://s3:2"]
        #expect(S3Settings(environment: both).endpoint == "http://s3:2")
        #expect(S3Settings(environment: ["AWS_DEFAULT_REGION": "us-west-2"]).region == "us-west-2")
    }
}
