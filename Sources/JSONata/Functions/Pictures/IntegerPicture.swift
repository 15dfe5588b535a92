/// A picture of an integer, as XPath's `format-integer` has it: `#,##0`, `w`, `I`, `1;o`.
struct IntegerPicture {
    enum Form {
        case decimal
        case letters
        case roman
        case words
        /// A numbering that is not known here.
        case sequence(String)
    }

    enum LetterCase {
        case upper
        case lower
        case title
    }

    private(set) var form = Form.decimal
    private(set) var letterCase = LetterCase.lower
    var isOrdinal = false
    var mandatoryDigits = 0
    private(set) var optionalDigits = 0
    private(set) var zero: UInt32 = 0x30
    /// How far apart groups are, if they all are alike; otherwise 0.
    private(set) var regularGrouping = 0
    /// Where groups end, in digits from the right, and with what.
    private(set) var groups: [(position: Int, separator: Character)] = []

    private static let decimalZeros: [UInt32] = [
        0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
        0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
        0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    ]

    init(_ text: String) throws(Fault) {
        var primary = text
        if let semicolon = text.lastIndex(of: ";") {
            primary = String(text[..<semicolon])
            isOrdinal = text[semicolon...].dropFirst().first == "o"
        }
        switch primary {
        case "A": (form, letterCase) = (.letters, .upper)
        case "a": form = .letters
        case "I": (form, letterCase) = (.roman, .upper)
        case "i": form = .roman
        case "W": (form, letterCase) = (.words, .upper)
        case "Ww": (form, letterCase) = (.words, .title)
        case "w": form = .words
        default: try analyse(primary)
        }
    }

    private mutating func analyse(_ primary: String) throws(Fault) {
        var position = 0
        var zero: UInt32?
        for scalar in primary.unicodeScalars.reversed() {
            if let family = Self.decimalZeros.first(where: { (($0)...($0 + 9)).contains(scalar.value) }) {
                if let zero, zero != family { throw Fault("D3131") }
                zero = family
                mandatoryDigits += 1
                position += 1
            } else if scalar == "#" {
                position += 1
                optionalDigits += 1
            } else {
                groups.append((position, Character(scalar)))
            }
        }
        guard mandatoryDigits > 0 else {
            form = .sequence(primary)
            return
        }
        self.zero = zero ?? 0x30
        let separators = Set(groups.map(\.separator))
        if separators.count == 1 { regularGrouping = groups.map(\.position).regularInterval }
        if regularGrouping > 0 { groups = [(regularGrouping, groups[0].separator)] }
    }

    // MARK: - Writing

    /// The integer as the picture shows it.
    func text(of number: Double) throws(Fault) -> String {
        let value = number.rounded(.down)
        guard value.isFinite else { throw Fault("D1001", value: .number(number)) }
        let magnitude = value.magnitude
        var text: String
        switch form {
        case .letters: text = Letters.text(magnitude, isUpper: letterCase == .upper)
        case .roman:
            guard magnitude < 1_000_000 else { throw Fault("D1001", value: .number(number)) }
            text = RomanNumerals.text(Int(magnitude))
            if letterCase == .upper { text = text.uppercased() }
        case .words:
            text = NumberWords.text(magnitude, isOrdinal: isOrdinal)
            switch letterCase {
            case .upper: text = text.uppercased()
            case .lower: text = text.lowercased()
            case .title: break
            }
        case .decimal: text = decimalText(magnitude)
        case .sequence(let token): throw Fault("D3130", .init(value: Quotation.quoted(token)))
        }
        return value < 0 ? "-" + text : text
    }

    private func decimalText(_ magnitude: Double) -> String {
        var digits = Array(DecimalDigits(exactly: magnitude).fixedText(0))
        if magnitude >= 0x1p53 { digits = Array(DecimalDigits(shortestOf: magnitude).fixedText(0)) }
        if digits.count < mandatoryDigits {
            digits = Array(repeating: "0", count: mandatoryDigits - digits.count) + digits
        }
        let isTeen = digits.count > 1 && digits[digits.count - 2] == "1"
        let last = digits.last
        if zero != 0x30 {
            digits = digits.map { digit in
                Unicode.Scalar(zero + UInt32(digit.wholeNumberValue ?? 0)).map { Character($0) } ?? digit
            }
        }
        let count = digits.count
        if regularGrouping > 0 {
            var place = count - regularGrouping
            while place > 0 {
                digits.insert(groups[0].separator, at: place)
                place -= regularGrouping
            }
        } else {
            // The leftmost first: what is put in moves nothing to its right.
            for group in groups.reversed() where group.position <= digits.count {
                digits.insert(group.separator, at: digits.count - group.position)
            }
        }
        guard isOrdinal else { return String(digits) }
        let suffix: String =
            switch last {
            case "1" where !isTeen: "st"
            case "2" where !isTeen: "nd"
            case "3" where !isTeen: "rd"
            default: "th"
            }
        return String(digits) + suffix
    }

    // MARK: - Reading

    /// The integer that a text written by the picture tells; not a number if it tells none.
    func number(in text: String) throws(Fault) -> Double {
        switch form {
        case .letters: return Letters.number(text, isUpper: letterCase == .upper)
        case .roman: return RomanNumerals.number(letterCase == .upper ? text : text.uppercased())
        case .words: return NumberWords.number(text.lowercased())
        case .decimal: return decimalNumber(text)
        case .sequence(let token): throw Fault("D3130", .init(value: Quotation.quoted(token)))
        }
    }

    private func decimalNumber(_ text: String) -> Double {
        var scalars = Array(text.unicodeScalars)
        if isOrdinal { scalars.removeLast(min(2, scalars.count)) }
        let separators = regularGrouping > 0 ? [","] : groups.map(\.separator)
        scalars.removeAll { separators.contains(Character($0)) }
        var digits = ""
        for scalar in scalars {
            if digits.isEmpty, scalar == "-" || scalar == "+" {
                digits.unicodeScalars.append(scalar)
                continue
            }
            guard scalar.value >= zero, scalar.value <= zero + 9 else { break }
            digits += String(scalar.value - zero)
        }
        return Double(digits) ?? .nan
    }

    /// What such a text looks like, as a regular expression.
    func pattern(component: Character?) throws(Fault) -> String {
        switch form {
        case .letters: return letterCase == .upper ? "[A-Z]+" : "[a-z]+"
        case .roman: return letterCase == .upper ? "[MDCLXVI]+" : "[mdclxvi]+"
        case .words: return NumberWords.pattern
        case .decimal:
            var pattern: String
            switch component {
            case "Y": pattern = "[0-9]{2,4}"
            case "M", "D", "H", "h", "m", "s": pattern = "[0-9]{1,2}"
            default: pattern = "[0-9]+"
            }
            if isOrdinal { pattern += "(?:th|st|nd|rd)" }
            return pattern
        case .sequence(let token): throw Fault("D3130", .init(value: Quotation.quoted(token)))
        }
    }
}
