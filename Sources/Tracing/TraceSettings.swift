/// Where spans go, and as whose.
///
/// Source: OpenTelemetry Specification, "OpenTelemetry Protocol Exporter" and "Environment Variable Specification".
package struct TraceSettings: Sendable {
    /// The whole URL that spans are posted to.
    package var url: String
    /// What goes along as header fields, such as a key.
    package var headers: [(name: String, value: String)] = []
    /// What the spans are of.
    package var resource: [(name: String, value: Span.Value)] = []
    /// How long one request may take.
    package var timeout: Duration = .seconds(10)

    /// Why nothing can be made of what was set.
    package enum Fault: Error, Equatable, CustomStringConvertible {
        case notHTTP(String)
        case protocolNotSpoken(String)

        package var description: String {
            switch self {
            case .notHTTP(let text): "the endpoint for traces must be an http:// or https:// URL, not '\(text)'"
            case .protocolNotSpoken(let name):
                "OTEL_EXPORTER_OTLP_PROTOCOL is '\(name)', but spans are sent by 'http/json' only"
            }
        }
    }

    /// Takes what the command line and the environment say; `nil` where nobody is to be sent anything.
    ///
    /// - Parameters:
    ///   - endpoint: The collector's address, to which `/v1/traces` is added; it counts more than the environment's.
    ///   - environment: `OTEL_EXPORTER_OTLP_TRACES_…` counts more than `OTEL_EXPORTER_OTLP_…`.
    /// - Throws: What nothing can be made of.
    package init?(endpoint: String?, environment: [String: String]) throws(Fault) {
        func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        func setting(_ name: String) -> String? {
            set("OTEL_EXPORTER_OTLP_TRACES_\(name)") ?? set("OTEL_EXPORTER_OTLP_\(name)")
        }
        if set("OTEL_SDK_DISABLED")?.lowercased() == "true" || set("OTEL_TRACES_EXPORTER") == "none" { return nil }
        if endpoint == nil, let whole = set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") {
            url = whole
        } else if let base = endpoint ?? set("OTEL_EXPORTER_OTLP_ENDPOINT") {
            url = (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/v1/traces"
        } else {
            return nil
        }
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else { throw .notHTTP(url) }
        if let name = setting("PROTOCOL"), name != "http/json" { throw .protocolNotSpoken(name) }
        headers = Self.pairs(setting("HEADERS"))
        if let milliseconds = setting("TIMEOUT").flatMap({ Int($0) }), milliseconds > 0 {
            timeout = .milliseconds(min(milliseconds, 600_000))
        }
        var attributes = Self.pairs(set("OTEL_RESOURCE_ATTRIBUTES"))
        attributes.removeAll { $0.name == "service.name" && set("OTEL_SERVICE_NAME") != nil }
        if let name = set("OTEL_SERVICE_NAME") { attributes.insert(("service.name", name), at: 0) }
        if !attributes.contains(where: { $0.name == "service.name" }) {
            attributes.insert(("service.name", "braid"), at: 0)
        }
        resource = attributes.map { ($0.name, .text($0.value)) }
    }

    /// `name=value,name=value`, values percent-encoded, as W3C Baggage has it.
    private static func pairs(_ text: String?) -> [(name: String, value: String)] {
        (text ?? "").split(separator: ",").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            let name = parts[0].filter { $0 != " " }
            return name.isEmpty ? nil : (name, decoded(parts[1].drop { $0 == " " }))
        }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(Substring(rest.prefix(2))), radix: 16), rest.count > 1
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
