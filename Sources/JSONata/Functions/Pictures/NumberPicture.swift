import Glibc

/// A picture of a number, as XPath's `format-number` has it: `#,##0.00;(#,##0.00)`.
struct NumberPicture {
    /// The characters that have a meaning, which a caller may replace.
    struct Symbols {
        var decimal: Character = "."
        var grouping: Character = ","
        var exponent: Character = "e"
        var minus = "-"
        var percent: Character = "%"
        var perMille: Character = "\u{2030}"
        var zero: Character = "0"
        var digit: Character = "#"
        var pattern: Character = ";"

        init(_ options: Members?) throws(Fault) {
            try options?.forEach { name, value throws(Fault) in
                guard let text = value.string, let first = text.first else { return }
                switch name {
                case "decimal-separator": decimal = first
                case "grouping-separator": grouping = first
                case "exponent-separator": exponent = first
                case "minus-sign": minus = text
                case "percent": percent = first
                case "per-mille": perMille = first
                case "zero-digit": zero = first
                case "digit": digit = first
                case "pattern-separator": pattern = first
                default: break
                }
            }
        }

        func isDigit(_ character: Character) -> Bool { digitValue(character) != nil }

        private func digitValue(_ character: Character) -> UInt32? {
            guard let first = zero.unicodeScalars.first?.value, let scalar = character.unicodeScalars.first?.value,
                scalar >= first, scalar <= first + 9
            else { return nil }
            return scalar - first
        }

        /// The character for a digit of ASCII.
        func character(for digit: Character) -> Character {
            guard let value = digit.wholeNumberValue, let first = zero.unicodeScalars.first,
                let scalar = Unicode.Scalar(first.value + UInt32(value))
            else { return digit }
            return Character(scalar)
        }

        func isActive(_ character: Character) -> Bool {
            isDigit(character) || [decimal, exponent, grouping, digit, pattern].contains(character)
        }
    }

    let symbols: Symbols
    private let positive: SubPicture
    private let negative: SubPicture

    init(_ text: String, _ symbols: Symbols) throws(Fault) {
        self.symbols = symbols
        let texts = text.split(separator: symbols.pattern, omittingEmptySubsequences: false)
        guard texts.count <= 2 else { throw Fault("D3080") }
        positive = try SubPicture(Array(texts[0]), symbols)
        if texts.count == 2 {
            negative = try SubPicture(Array(texts[1]), symbols)
        } else {
            var negative = positive
            negative.prefix = Array(symbols.minus) + negative.prefix
            self.negative = negative
        }
    }

    /// The number as the picture shows it.
    func text(of number: Double) -> String {
        let picture = number >= 0 ? positive : negative
        var mantissa = number
        if picture.picture.contains(symbols.percent) {
            mantissa *= 100
        } else if picture.picture.contains(symbols.perMille) {
            mantissa *= 1_000
        }
        var exponent: Int?
        if picture.leastExponent > 0 {
            let most = pow(10, Double(picture.scaling))
            let least = pow(10, Double(picture.scaling - 1))
            var power = 0
            mantissa = mantissa.magnitude
            while mantissa < least, mantissa > 0 {
                mantissa *= 10
                power -= 1
            }
            while mantissa > most, mantissa.isFinite {
                mantissa /= 10
                power += 1
            }
            exponent = power
        }
        let rounded = Builtin.rounded(mantissa, Double(picture.mostFraction))
        guard rounded.isFinite else { return String(picture.prefix) + rounded.javaScriptText + String(picture.suffix) }
        let fixed = DecimalDigits(exactly: rounded.magnitude).fixedText(picture.mostFraction)
        var parts = fixed.split(separator: ".", omittingEmptySubsequences: false).map { Array($0) }
        if parts.count == 1 { parts.append([]) }
        let whole = Array(parts[0].drop { $0 == "0" })
        var fraction = parts[1]
        while fraction.last == "0" { fraction.removeLast() }
        return String(picture.prefix) + body(whole, fraction, picture) + exponentText(exponent, picture)
            + String(picture.suffix)
    }

    private func body(_ whole: [Character], _ fraction: [Character], _ picture: SubPicture) -> String {
        var whole = whole.map { symbols.character(for: $0) }
        var fraction = fraction.map { symbols.character(for: $0) }
        while whole.count < picture.leastInteger { whole.insert(symbols.zero, at: 0) }
        while fraction.count < picture.leastFraction { fraction.append(symbols.zero) }
        let count = whole.count
        if picture.regularGrouping > 0 {
            var place = count - picture.regularGrouping
            while place > 0 {
                whole.insert(symbols.grouping, at: place)
                place -= picture.regularGrouping
            }
        } else {
            // The leftmost first: what is put in moves nothing to its right.
            for position in picture.integerGroups where position < whole.count {
                whole.insert(symbols.grouping, at: whole.count - position)
            }
        }
        for (done, position) in picture.fractionGroups.enumerated() where position + done <= fraction.count {
            fraction.insert(symbols.grouping, at: position + done)
        }
        let hasPoint = picture.picture.contains(symbols.decimal) && !fraction.isEmpty
        return String(whole) + (hasPoint ? String(symbols.decimal) + String(fraction) : "")
    }

    private func exponentText(_ exponent: Int?, _ picture: SubPicture) -> String {
        guard let exponent else { return "" }
        var digits = String(exponent.magnitude).map { symbols.character(for: $0) }
        while digits.count < picture.leastExponent { digits.insert(symbols.zero, at: 0) }
        return String(symbols.exponent) + (exponent < 0 ? symbols.minus : "") + String(digits)
    }
}
