package import JSON

/// Spans as OTLP's JSON encoding writes them: the body of a request to `/v1/traces`.
///
/// Ids are hexadecimal, 64-bit numbers are text, enumerations are numbers. Source: OpenTelemetry Protocol Specification 1.5,
/// "JSON Protobuf Encoding", and opentelemetry/proto/trace/v1/trace.proto.
package struct SpanExport: Sendable {
    /// What the spans are of: `service.name` and the like.
    package var resource: [(name: String, value: Span.Value)]
    /// The version of Braid.
    package var version: String

    package init(resource: [(name: String, value: Span.Value)], version: String) {
        self.resource = resource
        self.version = version
    }

    /// The body for some spans.
    package func body(_ spans: [Span]) -> JSONValue {
        [
            "resourceSpans": [
                [
                    "resource": ["attributes": Self.attributes(resource)],
                    "scopeSpans": [
                        [
                            "scope": ["name": "braid", "version": .string(version)],
                            "spans": .array(spans.map(Self.json)),
                        ]
                    ],
                ]
            ]
        ]
    }

    private static func json(_ span: Span) -> JSONValue {
        var json: JSONObject = ["traceId": .string("\(span.trace)"), "spanId": .string("\(span.id)")]
        if let parent = span.parent { json["parentSpanId"] = .string("\(parent)") }
        json["name"] = .string(span.name)
        json["kind"] = .number(JSONNumber(span.kind.rawValue))
        json["startTimeUnixNano"] = .string("\(span.start)000")
        json["endTimeUnixNano"] = .string("\(max(span.start, span.end))000")
        json["attributes"] = attributes(span.attributes)
        switch span.status {
        case .unset: json["status"] = [:]
        case .ok: json["status"] = ["code": 1]
        case .error(let message): json["status"] = ["message": .string(message), "code": 2]
        }
        return .object(json)
    }

    private static func attributes(_ attributes: [(name: String, value: Span.Value)]) -> JSONValue {
        .array(
            attributes.map { name, value in
                switch value {
                case .text(let text): ["key": .string(name), "value": ["stringValue": .string(text)]]
                case .number(let number): ["key": .string(name), "value": ["intValue": .string("\(number)")]]
                }
            }
        )
    }
}
