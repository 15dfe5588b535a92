package import JSON

/// What a caller binds to a variable.
package enum Binding: Sendable {
    /// A value; `nil` is undefined.
    case value(JSONValue?)
    case function(NativeFunction)
    /// Nothing, not even the built-in function of that name.
    case absent
}

/// A function that a caller adds to the language.
package struct NativeFunction: Sendable {
    package typealias Implementation =
        @Sendable (_ arguments: [JSONValue?], _ environment: inout Environment) throws(JSONataError) -> JSONValue?

    package let name: String
    /// How many arguments it takes.
    package let arity: Int
    let signature: Signature?
    let implementation: Implementation

    /// A function with a signature in JSONata's notation, such as `<a<n>n:a>`.
    ///
    /// Functions among its arguments come to it as empty strings.
    package init(
        _ name: String,
        signature: String? = nil,
        arity: Int,
        _ implementation: @escaping Implementation
    ) throws(JSONataError) {
        self.name = name
        self.arity = arity
        do {
            self.signature = if let signature { try Signature(parsing: signature) } else { nil }
        } catch {
            throw JSONataError(error)
        }
        self.implementation = implementation
    }
}
