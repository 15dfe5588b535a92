package import JSON
import JSONPath

/// A field whose value is computed: a path, or the call of an intrinsic function.
///
/// It stands behind the keys of a payload template that end in `.$`, and in ErrorPath and CausePath.
package struct DynamicValue: Sendable {
    enum Source: Sendable {
        case path(DataPath)
        case call(IntrinsicCall)
    }

    /// The field's name as the service's texts have it: the key with its `.$`, or `CausePath`.
    package let field: String
    let source: Source
    /// The path or call as written.
    package let text: String

    /// Reads the text of a field; anything that is neither a path nor a call is an error.
    package init(parsing text: String, field: String) throws(DataFlowError) {
        self.field = field
        self.text = text
        if text.utf8.first == UInt8(ascii: "$") {
            source = .path(try DataPath(parsing: text))
        } else {
            source = .call(try IntrinsicCall(parsing: text))
        }
    }

    /// Returns what the path finds or the function computes.
    package func evaluate(
        in scope: Scope,
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONValue {
        var source = PathSource(scope)
        return try evaluate(in: &source, using: &generator)
    }

    /// Whether the same scope always gives the same value.
    package var isDeterministic: Bool {
        switch source {
        case .path: true
        case .call(let call): call.isDeterministic
        }
    }

    /// The paths that it reads.
    package var paths: [DataPath] {
        switch source {
        case .path(let path): [path]
        case .call(let call): call.paths
        }
    }

    func evaluate(
        in source: inout PathSource,
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONValue {
        switch self.source {
        case .call(let call): return try call.evaluate(in: &source, using: &generator)
        case .path(let path):
            do {
                return try path.evaluate(in: &source)
            } catch .invalidPath(_, .noResult(path: let place)) where Self.endsWithIndex(place) {
                // An element beyond the array's end is `null` here, and an error as the argument of a function (asl.md [F]).
                return .null
            } catch .invalidPath {
                // The context object where it was searched, otherwise the input: recorded, test_invalid_jsonpath.
                let searched = path.readsContext ? source.context(path.part) : source.input
                throw .notFound(path: path.text, field: field, input: searched)
            } catch {
                throw error
            }
        }
    }

    /// Whether a normalised path's last step is an index, as in `$['a'][5]`.
    private static func endsWithIndex(_ path: String) -> Bool {
        guard path.utf8.last == UInt8(ascii: "]"), let last = path.utf8.dropLast().last else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last)
    }
}
