/// Why a path cannot be read, or leads nowhere in a value.
///
/// Descriptions name paths, which definitions write, and never what was found there.
package enum PathError: Error, Hashable, CustomStringConvertible {
    /// The text is not a path; `offset` counts its bytes of UTF-8.
    case syntax(path: String, offset: Int, reason: String)
    /// The text is a path, but may lead to several values or uses an operator that a Reference Path has not.
    case notAReference(path: String)
    /// The path's last step finds nothing.
    case noResult(path: String)
    /// A step before the last finds nothing; the path is that of the missing property.
    case missingProperty(path: String)
    /// A name is looked for in what is not an object.
    case notAnObject(property: String, path: String)
    /// An index is looked for in what is not an array.
    case notAnArray(step: String, path: String)
    /// A function cannot be applied to what the path leads to.
    case inapplicable(function: String, path: String)
    /// No value can be put at that place of the value given.
    case cannotSet(path: String)
    /// Evaluating the path visits more values than is sensible.
    case tooManyValues(path: String)

    /// The text, which for missing values is that of Jayway's JsonPath: AWS quotes it.
    package var description: String {
        switch self {
        case .syntax(let path, let offset, let reason): "'\(path)' is not a path: \(reason) at position \(offset)"
        case .notAReference(let path): "'\(path)' is not a Reference Path, which names exactly one place"
        case .noResult(let path): "No results for path: \(path)"
        case .missingProperty(let path): "Missing property in path \(path)"
        case .notAnObject(let property, let path):
            "Expected to find an object with property \(property) in path \(path)"
        case .notAnArray(let step, let path): "Filter: \(step) can only be applied to arrays, in path \(path)"
        case .inapplicable(let function, let path): "The function \(function) cannot be applied to path \(path)"
        case .cannotSet(let path): "No value can be put at path \(path)"
        case .tooManyValues(let path): "Path \(path) leads to too many values"
        }
    }
}
