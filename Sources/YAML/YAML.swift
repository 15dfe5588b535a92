package import JSON

/// Returns the value of a text with one YAML document, as a definition written in it means it.
///
/// Plain scalars follow YAML 1.2's core schema, with numbers as they are spelled; anything in quotes is a string.
/// Aliases and merge keys are expanded, within a bound. CloudFormation's short tags become their long form. A key that
/// stands twice, or is not a scalar, is an error.
package func parseYAML(_ text: String) throws(YAMLError) -> JSONValue {
    var composer = try YAMLComposer(text)
    return try composer.document()
}
