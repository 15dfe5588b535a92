import Glibc

/// Numbers in English words.
enum NumberWords {
    private static let few = [
        "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
        "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
    ]
    private static let ordinals = [
        "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
        "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth",
        "Nineteenth",
    ]
    private static let decades = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]
    private static let magnitudes = ["Thousand", "Million", "Billion", "Trillion"]

    /// A whole number that is not negative, each word with a capital.
    static func text(_ number: Double, isOrdinal: Bool) -> String { words(number, false, isOrdinal) }

    private static func words(_ number: Double, _ isContinued: Bool, _ isOrdinal: Bool) -> String {
        if number < 20 {
            return (isContinued ? " and " : "") + (isOrdinal ? ordinals : few)[Int(number)]
        }
        if number < 100 {
            let rest = fmod(number, 10)
            let decade = decades[Int(number / 10) - 2]
            let head = (isContinued ? " and " : "") + decade
            if rest > 0 { return head + "-" + words(rest, false, isOrdinal) }
            return isOrdinal ? String(head.dropLast()) + "ieth" : head
        }
        let head: String
        let rest: Double
        if number < 1_000 {
            head = few[Int(number / 100)] + " Hundred"
            rest = fmod(number, 100)
        } else {
            let magnitude = min(Int((log10(number) / 3).rounded(.down)), magnitudes.count)
            let factor = pow(10, Double(3 * magnitude))
            let count = (number / factor).rounded(.down)
            rest = number - count * factor
            head = words(count, false, false) + " " + magnitudes[magnitude - 1]
        }
        let start = isContinued ? ", " + head : head
        if rest > 0 { return start + words(rest, true, isOrdinal) }
        return isOrdinal ? start + "th" : start
    }

    private static let values: [String: Double] = {
        var values: [String: Double] = [:]
        for (number, word) in few.enumerated() { values[word.lowercased()] = Double(number) }
        for (number, word) in ordinals.enumerated() { values[word.lowercased()] = Double(number) }
        for (place, word) in decades.enumerated() {
            values[word.lowercased()] = Double(10 * (place + 2))
            values[word.lowercased().dropLast() + "ieth"] = Double(10 * (place + 2))
        }
        values["hundred"] = 100
        values["hundredth"] = 100
        for (place, word) in magnitudes.enumerated() {
            values[word.lowercased()] = pow(10, Double(3 * (place + 1)))
            values[word.lowercased() + "th"] = pow(10, Double(3 * (place + 1)))
        }
        return values
    }()

    /// What such words look like, as a regular expression; longer words go before those that they begin with.
    static let pattern: String = {
        let words = values.keys.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
        return "(?:" + (words + ["and", "[\\-, ]"]).joined(separator: "|") + ")+"
    }()

    /// The number that words in lower case tell; not a number if one of them is none.
    static func number(_ text: String) -> Double {
        let words = text.split { $0 == " " || $0 == "-" || $0 == "," || $0.isWhitespace }.filter { $0 != "and" }
        var parts: [Double] = [0]
        for word in words {
            guard let value = values[String(word)] else { return .nan }
            if value < 100 {
                if let last = parts.last, last >= 1_000 { parts.append(0) }
                parts[parts.count - 1] += value
            } else {
                parts[parts.count - 1] *= value
            }
        }
        return parts.reduce(0, +)
    }
}

/// Roman numerals.
enum RomanNumerals {
    private static let numerals: [(Int, String)] = [
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
        (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ]
    private static let values: [Character: Double] = [
        "M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1,
    ]

    /// A number in lower case.
    static func text(_ number: Int) -> String {
        var rest = number
        var text = ""
        for (value, letters) in numerals {
            while rest >= value {
                text += letters
                rest -= value
            }
        }
        return text
    }

    /// The number that letters in upper case tell; not a number if one of them is no numeral.
    static func number(_ text: String) -> Double {
        var sum = 0.0
        var greatest = 1.0
        for letter in text.reversed() {
            guard let value = values[letter] else { return .nan }
            if value < greatest {
                sum -= value
            } else {
                greatest = value
                sum += value
            }
        }
        return sum
    }
}

/// Numbers as letters: a to z, then aa.
enum Letters {
    static func text(_ number: Double, isUpper: Bool) -> String {
        var letters: [UInt8] = []
        var rest = number
        while rest > 0 {
            letters.append((isUpper ? 0x41 : 0x61) + UInt8(fmod(rest - 1, 26)))
            rest = ((rest - 1) / 26).rounded(.down)
        }
        return String(decoding: letters.reversed(), as: UTF8.self)
    }

    static func number(_ text: String, isUpper: Bool) -> Double {
        var sum = 0.0
        for letter in text.unicodeScalars {
            sum = sum * 26 + Double(letter.value) - Double(isUpper ? 0x40 : 0x60)
        }
        return sum
    }
}
