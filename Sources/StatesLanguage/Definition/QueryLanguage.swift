/// What a state's fields are written in.
package enum QueryLanguage: String, Sendable, CaseIterable {
    case jsonPath = "JSONPath"
    case jsonata = "JSONata"
}
