/// Why an expression could not be read or evaluated.
///
/// ``code`` and ``message`` are the reference implementation's: `S` codes for syntax, `T` for types, `D` for what only
/// the data shows. The message quotes values, as the reference's does; whoever writes logs uses ``code`` instead.
package struct JSONataError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reference implementation's code, such as `T2001`.
    package let code: String
    /// The reference implementation's text, its places filled in.
    package let message: String
    /// The UTF-16 code units before the end of the token that was at fault; 0 where there is none.
    package let position: Int
    /// What stood there, or the function that failed, where that is known.
    package let token: String?
    /// The value that was at fault, as JSON, where there was one.
    package let value: String?

    package init(code: String, message: String, position: Int = 0, token: String? = nil, value: String? = nil) {
        self.code = code
        self.message = message
        self.position = position
        self.token = token
        self.value = value
    }

    package var description: String { "\(code) at \(position)" }
}

extension JSONataError {
    init(_ fault: Fault) {
        self.init(
            code: fault.code,
            message: fault.text,
            position: fault.position ?? 0,
            token: fault.token,
            value: fault.details.value
        )
    }
}
