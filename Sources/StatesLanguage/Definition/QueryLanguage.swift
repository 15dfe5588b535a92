/// What a state's fields are written in.
///
/// Only JSONPath is run yet; `Unsupported` refuses the other.
package enum QueryLanguage: String, Sendable, CaseIterable {
    case jsonPath = "JSONPath"
    case jsonata = "JSONata"
}
