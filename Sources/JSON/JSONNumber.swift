/// A JSON number as it was spelled: `1.0` stays `1.0`, `1e400` stays `1e400`, and no integer loses a digit.
///
/// Two numbers are equal if their values are, however they are spelled; values are compared as decimals, exactly.
package struct JSONNumber: Sendable {
    /// The number in JSON's grammar.
    package let spelling: String

    /// An integer, in decimal.
    package init(_ value: Int) { spelling = String(value) }

    /// A computed number, as AWS's service writes it: an integer without a fraction, anything else like Java's
    /// `Double.toString`, with the fewest digits that tell it from its neighbours.
    ///
    /// JSON has no infinity: beyond the range stands the greatest finite number, and 0 for what is not a number.
    /// Who can meet them checks before.
    package init(_ value: Double) {
        let limit = Double.greatestFiniteMagnitude
        let finite = value.isNaN ? 0 : min(max(value, -limit), limit)
        if finite.magnitude < 0x1p63, Double(Int(finite)) == finite {
            spelling = String(Int(finite))
        } else {
            spelling = DecimalForm(finite.description).javaText
        }
    }

    /// A number as JSON spells it; `nil` if that is not how JSON spells a number.
    package init?(spelling: String) {
        let bytes = spelling.utf8.span
        var scanner = JSONScanner()
        guard (try? scanner.number(in: bytes)) != nil, scanner.offset == bytes.count else { return nil }
        self.spelling = spelling
    }

    /// What a scanner has found to be a number.
    init(scanned spelling: String) { self.spelling = spelling }

    /// The nearest binary64; infinite when the number lies beyond.
    package var double: Double { Double(spelling) ?? .nan }

    /// The exact value if it is an integer of 64 bits, also that of `1.0` and `1e2`.
    package var int: Int? { Int(spelling) ?? DecimalForm(spelling).int }
}

extension JSONNumber: Hashable, Comparable {
    package static func == (lhs: JSONNumber, rhs: JSONNumber) -> Bool {
        if lhs.spelling == rhs.spelling { return true }
        if let lhs = Int(lhs.spelling), let rhs = Int(rhs.spelling) { return lhs == rhs }
        return DecimalForm(lhs.spelling) == DecimalForm(rhs.spelling)
    }

    package static func < (lhs: JSONNumber, rhs: JSONNumber) -> Bool {
        if let lhs = Int(lhs.spelling), let rhs = Int(rhs.spelling) { return lhs < rhs }
        return DecimalForm(lhs.spelling) < DecimalForm(rhs.spelling)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(DecimalForm(spelling)) }
}

extension JSONNumber: CustomStringConvertible {
    package var description: String { spelling }
}
