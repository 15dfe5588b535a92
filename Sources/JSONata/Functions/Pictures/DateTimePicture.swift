/// A picture of a date and time, as XPath's `format-dateTime` has it: `[Y0001]-[M01]-[D01]`.
struct DateTimePicture {
    enum Part {
        case literal(String)
        case marker(Marker)
    }

    /// What stands between brackets.
    struct Marker {
        let component: Character
        /// How names are written, if they are.
        var names: IntegerPicture.LetterCase?
        var integer: IntegerPicture?
        /// `t`, `o` and the like behind the presentation.
        var modifier: Character?
        var most: Int?
        /// How many digits of a year are shown; -1 for all.
        var yearDigits = -1
    }

    let parts: [Part]

    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let weekdays = ["", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    private static let presentations: [Character: String] = [
        "Y": "1", "M": "1", "D": "1", "d": "1", "F": "n", "W": "1", "w": "1", "X": "1", "x": "1", "H": "1", "h": "1",
        "P": "n", "m": "01", "s": "01", "f": "1", "Z": "01:01", "z": "01:01", "C": "n", "E": "n",
    ]

    /// A picture; without one, that of ISO 8601.
    init(_ text: String?) throws(Fault) {
        let scalars = Array((text ?? "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]").unicodeScalars)
        var parts: [Part] = []
        var literal = ""
        var index = 0
        func flush() {
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = ""
        }
        while index < scalars.count {
            let scalar = scalars[index]
            let isDoubled = index + 1 < scalars.count && scalars[index + 1] == scalar
            if scalar == "[", !isDoubled {
                guard let end = scalars[index...].firstIndex(of: "]") else { throw Fault("D3135") }
                flush()
                let marker = scalars[index + 1..<end].filter { !$0.properties.isWhitespace }
                parts.append(.marker(try Self.marker(marker)))
                index = end + 1
                continue
            }
            literal.unicodeScalars.append(scalar)
            index += (scalar == "[" || scalar == "]") && isDoubled ? 2 : 1
        }
        flush()
        self.parts = parts
    }

    private static func marker(_ scalars: [Unicode.Scalar]) throws(Fault) -> Marker {
        guard let first = scalars.first else { throw Fault("D3132", .init(value: "\"\"")) }
        var marker = Marker(component: Character(first))
        var presentation = scalars.dropFirst()
        var least: Int?
        if let comma = scalars.lastIndex(of: ","), comma > 0 {
            presentation = scalars[1..<comma]
            let widths = scalars[(comma + 1)...].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            least = width(widths.first)
            marker.most = widths.count > 1 ? width(widths[1]) : nil
        }
        if presentation.count > 1, let last = presentation.last, "atco".unicodeScalars.contains(last) {
            marker.modifier = Character(last)
            presentation = presentation.dropLast()
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: presentation)
        if text.isEmpty {
            guard let usual = presentations[marker.component] else {
                throw Fault("D3132", value: .string(String(marker.component)))
            }
            text = usual
        }
        if text.hasPrefix("n") {
            marker.names = .lower
        } else if text.hasPrefix("N") {
            marker.names = text.dropFirst().first == "n" ? .title : .upper
        } else if "YMDdFWwXxHhmsf".contains(marker.component) {
            try setInteger(text, least, &marker)
        }
        if "Zz".contains(marker.component) { marker.integer = try IntegerPicture(text) }
        return marker
    }

    private static func setInteger(_ text: String, _ least: Int?, _ marker: inout Marker) throws(Fault) {
        var integer = try IntegerPicture(text)
        integer.isOrdinal = marker.modifier == "o"
        if let least { integer.mandatoryDigits = max(integer.mandatoryDigits, least) }
        if marker.component == "Y" {
            if let most = marker.most {
                marker.yearDigits = most
                integer.mandatoryDigits = most
            } else if integer.mandatoryDigits + integer.optionalDigits >= 2 {
                marker.yearDigits = integer.mandatoryDigits + integer.optionalDigits
            }
        }
        marker.integer = integer
    }

    private static func width(_ scalars: ArraySlice<Unicode.Scalar>?) -> Int? {
        guard let scalars else { return nil }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return Int(text).map { min(max($0, 0), 1_000) }
    }
}
