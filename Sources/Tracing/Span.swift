/// Something that took time, as OpenTelemetry tells it.
package struct Span: Sendable, Equatable {
    /// What an attribute holds.
    package enum Value: Sendable, Equatable {
        case text(String)
        case number(Int)
    }

    /// How it ended.
    package enum Status: Sendable, Equatable {
        /// Neither well nor badly: it was ended from outside.
        case unset
        case ok
        case error(String)
    }

    /// Its part in a conversation between programs.
    ///
    /// Raw values are those of the protocol.
    package enum Kind: Int, Sendable {
        case `internal` = 1
        /// It answers somebody's request.
        case server = 2
        /// It asks somebody else.
        case client = 3
    }

    package var trace: TraceID
    package var id: SpanID
    /// `nil` where it is the root of its trace.
    package var parent: SpanID?
    package var name: String
    package var kind: Kind
    /// Microseconds since 1970.
    package var start: Int64
    package var end: Int64
    package var attributes: [(name: String, value: Value)]
    package var status: Status

    package init(
        trace: TraceID,
        id: SpanID,
        parent: SpanID?,
        name: String,
        kind: Kind = .internal,
        start: Int64,
        end: Int64,
        attributes: [(name: String, value: Value)] = [],
        status: Status = .ok
    ) {
        self.trace = trace
        self.id = id
        self.parent = parent
        self.name = name
        self.kind = kind
        self.start = start
        self.end = end
        self.attributes = attributes
        self.status = status
    }

    /// The value of an attribute.
    package subscript(attribute attribute: String) -> Value? { attributes.first { $0.name == attribute }?.value }

    package static func == (left: Self, right: Self) -> Bool {
        left.trace == right.trace && left.id == right.id && left.parent == right.parent && left.name == right.name
            && left.kind == right.kind && left.start == right.start && left.end == right.end
            && left.status == right.status
            && left.attributes.elementsEqual(right.attributes) { $0.name == $1.name && $0.value == $1.value }
    }
}
