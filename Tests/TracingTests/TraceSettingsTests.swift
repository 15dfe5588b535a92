import Testing
import Tracing

@Suite("Where spans go")
struct TraceSettingsTests {
    @Test("is nowhere unless somebody says so")
    func off() throws {
        #expect(try TraceSettings(endpoint: nil, environment: ["OTEL_SERVICE_NAME": "x"]) == nil)
        let disabled = ["OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4318"]
        #expect(try TraceSettings(endpoint: nil, environment: disabled) == nil)
    }

    @Test("is /v1/traces below the collector, or just what the traces' own variable says")
    func url() throws {
        func url(_ endpoint: String?, _ environment: [String: String]) throws -> String? {
            try TraceSettings(endpoint: endpoint, environment: environment)?.url
        }
        let all = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://b:4318/", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c/spans",
        ]
        #expect(try url("https://a", all) == "https://a/v1/traces")
        #expect(try url(nil, all) == "http://c/spans")
        #expect(try url(nil, ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://b:4318/"]) == "http://b:4318/v1/traces")
    }

    @Test("says with which header fields, as what, and how long")
    func details() throws {
        let environment = [
            "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20a%3D, x-team=b", "OTEL_SERVICE_NAME": "orders",
            "OTEL_RESOURCE_ATTRIBUTES": "service.name=no,deployment.environment.name=test",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "250",
        ]
        let settings = try #require(try TraceSettings(endpoint: "http://a", environment: environment))
        #expect(settings.headers.map { "\($0.name): \($0.value)" } == ["authorization: Bearer a=", "x-team: b"])
        #expect(settings.resource.map(\.name) == ["service.name", "deployment.environment.name"])
        #expect(settings.resource.map(\.value) == [.text("orders"), .text("test")])
        #expect(settings.timeout == .milliseconds(250))
    }

    @Test("must be an address, by a protocol that is spoken")
    func refused() {
        #expect(throws: TraceSettings.Fault.notHTTP("a:4318/v1/traces")) {
            try TraceSettings(endpoint: "a:4318", environment: [:])
        }
        #expect(throws: TraceSettings.Fault.protocolNotSpoken("grpc")) {
            try TraceSettings(endpoint: "http://a", environment: ["OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"])
        }
    }
}
