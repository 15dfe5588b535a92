/// The half of a number's picture that is for positive or for negative numbers.
struct SubPicture {
    var prefix: [Character]
    let suffix: [Character]
    let picture: [Character]
    private(set) var leastInteger = 0
    private(set) var scaling = 0
    private(set) var leastFraction = 0
    private(set) var mostFraction = 0
    private(set) var leastExponent = 0
    /// How far apart the groups are, if they all are alike; otherwise 0.
    private(set) var regularGrouping = 0
    /// Where groups end, in digits from the point to the left, the greatest first.
    private(set) var integerGroups: [Int] = []
    /// Where groups end, in digits from the point to the right.
    private(set) var fractionGroups: [Int] = []

    private typealias Symbols = NumberPicture.Symbols

    init(_ picture: [Character], _ symbols: NumberPicture.Symbols) throws(Fault) {
        self.picture = picture
        let isBody = { (character: Character) in symbols.isActive(character) && character != symbols.exponent }
        guard let first = picture.firstIndex(where: isBody), let last = picture.lastIndex(where: isBody) else {
            throw Fault(picture.isEmpty ? "D3085" : "D3086")
        }
        prefix = Array(picture[..<first])
        suffix = Array(picture[(last + 1)...])
        let active = Array(picture[first...last])
        var mantissa = active
        var exponent: [Character]?
        if let place = active.firstIndex(of: symbols.exponent) {
            mantissa = Array(active[..<place])
            exponent = Array(active[(place + 1)...])
        }
        var integer = mantissa
        var fraction: [Character] = []
        if let point = mantissa.firstIndex(of: symbols.decimal) {
            integer = Array(mantissa[..<point])
            fraction = Array(mantissa[(point + 1)...])
        }
        // Of several faults the reference implementation reports the last.
        let fault =
            Self.exponentFault(exponent, picture, symbols) ?? Self.partsFault(integer, fraction, picture, symbols)
            ?? Self.pictureFault(picture, active, mantissa, symbols)
        if let fault { throw Fault(fault) }
        analyse(integer, fraction, exponent, symbols)
    }

    // MARK: - What a picture must not be

    private static func pictureFault(
        _ picture: [Character],
        _ active: [Character],
        _ mantissa: [Character],
        _ symbols: Symbols
    ) -> String? {
        func count(_ character: Character) -> Int { picture.count { $0 == character } }
        if !active.allSatisfy({ symbols.isActive($0) }) { return "D3086" }
        if !mantissa.contains(where: { symbols.isDigit($0) || $0 == symbols.digit }) { return "D3085" }
        if count(symbols.percent) > 0, count(symbols.perMille) > 0 { return "D3084" }
        if count(symbols.perMille) > 1 { return "D3083" }
        if count(symbols.percent) > 1 { return "D3082" }
        return count(symbols.decimal) > 1 ? "D3081" : nil
    }

    private static func partsFault(
        _ integer: [Character],
        _ fraction: [Character],
        _ picture: [Character],
        _ symbols: Symbols
    ) -> String? {
        if let optional = fraction.lastIndex(of: symbols.digit), fraction[optional...].contains(where: symbols.isDigit)
        {
            return "D3091"
        }
        if let optional = integer.firstIndex(of: symbols.digit), integer[..<optional].contains(where: symbols.isDigit) {
            return "D3090"
        }
        let isDoubled = zip(picture, picture.dropFirst()).contains { $0 == symbols.grouping && $1 == symbols.grouping }
        if isDoubled { return "D3089" }
        guard let point = picture.firstIndex(of: symbols.decimal) else {
            return integer.last == symbols.grouping ? "D3088" : nil
        }
        let before = point > 0 ? picture[point - 1] : nil
        let after = point + 1 < picture.count ? picture[point + 1] : nil
        return before == symbols.grouping || after == symbols.grouping ? "D3087" : nil
    }

    private static func exponentFault(_ exponent: [Character]?, _ picture: [Character], _ symbols: Symbols) -> String? {
        guard let exponent else { return nil }
        if exponent.isEmpty || !exponent.allSatisfy({ symbols.isDigit($0) }) { return "D3093" }
        let isScaled = picture.contains(symbols.percent) || picture.contains(symbols.perMille)
        return isScaled ? "D3092" : nil
    }

    // MARK: - What it means

    private mutating func analyse(
        _ integer: [Character],
        _ fraction: [Character],
        _ exponent: [Character]?,
        _ symbols: Symbols
    ) {
        func isPlace(_ character: Character) -> Bool { symbols.isDigit(character) || character == symbols.digit }
        for (place, character) in integer.enumerated() where character == symbols.grouping {
            integerGroups.append(integer[place...].count(where: isPlace))
        }
        for (place, character) in fraction.enumerated() where character == symbols.grouping {
            fractionGroups.append(fraction[..<place].count(where: isPlace))
        }
        regularGrouping = integerGroups.regularInterval
        leastInteger = integer.count(where: symbols.isDigit)
        scaling = leastInteger
        leastFraction = fraction.count(where: symbols.isDigit)
        mostFraction = fraction.count(where: isPlace)
        if leastInteger == 0, mostFraction == 0 {
            if exponent != nil {
                leastFraction = 1
                mostFraction = 1
            } else {
                leastInteger = 1
            }
        }
        if exponent != nil, leastInteger == 0, integer.contains(symbols.digit) { leastInteger = 1 }
        if leastInteger == 0, leastFraction == 0 { leastFraction = 1 }
        leastExponent = exponent?.count ?? 0
    }
}

extension [Int] {
    /// The interval of positions that lie at all its multiples; 0 if they do not.
    var regularInterval: Int {
        guard !isEmpty else { return 0 }
        var factor = self[0]
        for position in self {
            var (larger, smaller) = (factor, position)
            while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
            factor = larger
        }
        let positions = Set(self)
        return (1...count).allSatisfy { positions.contains($0 * factor) } ? factor : 0
    }
}
