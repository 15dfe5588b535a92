import Glibc

extension DateTimePicture {
    /// A time, in milliseconds since 1970 at UTC, as the picture shows it in a zone such as `-0530`.
    func text(of milliseconds: Double, zone: String?) throws(Fault) -> String {
        let offset = zone.map { Self.offset($0) } ?? 0
        let hours = offset / 100
        let minutes = offset % 100
        let shifted = (milliseconds + Double((60 * hours + minutes) * 60_000)).rounded(.towardZero)
        guard shifted.magnitude <= Double(CivilDate.range.upperBound) else {
            throw Fault("D1001", value: .number(milliseconds))
        }
        let date = CivilDate(milliseconds: Int(shifted))
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .marker(let marker): text += try Self.text(of: marker, date, hours, minutes)
            }
        }
        return text
    }

    /// The integer that a text begins with, as JavaScript's `parseInt` reads it.
    private static func offset(_ text: String) -> Int {
        var digits = ""
        for character in text.drop(while: \.isWhitespace).prefix(7) {
            guard character.isASCII, character.isNumber || (digits.isEmpty && "+-".contains(character)) else { break }
            digits.append(character)
        }
        return Int(digits) ?? 0
    }

    private static func text(
        of marker: Marker,
        _ date: CivilDate,
        _ hours: Int,
        _ minutes: Int
    ) throws(Fault) -> String {
        switch marker.component {
        case "P":
            let half = date.hour >= 12 ? "pm" : "am"
            if case .upper? = marker.names { return half.uppercased() }
            return half
        case "C", "E": return "ISO"
        case "Z", "z": return try zoneText(marker, hours, minutes)
        default: break
        }
        guard var value = value(of: marker.component, date) else { return "" }
        if marker.component == "Y", marker.yearDigits >= 0 {
            value = Int(fmod(Double(value), pow(10, Double(marker.yearDigits))))
        }
        guard let letterCase = marker.names else { return try marker.integer?.text(of: Double(value)) ?? "" }
        var name: String
        switch marker.component {
        case "M", "x": name = months[value - 1]
        case "F": name = weekdays[value]
        default: throw Fault("D3133", value: .string(String(marker.component)))
        }
        switch letterCase {
        case .upper: name = name.uppercased()
        case .lower: name = name.lowercased()
        case .title: break
        }
        return marker.most.map { String(name.prefix($0)) } ?? name
    }

    /// A component as a number; the time of day's half and the zone have none.
    static func value(of component: Character, _ date: CivilDate) -> Int? {
        switch component {
        case "Y": date.year
        case "M": date.month
        case "D": date.day
        case "d": date.dayOfYear
        case "F": date.weekday
        case "W": date.week
        case "w": date.weekOfMonth
        case "X": date.weekYear
        case "x": date.weekMonth
        case "H": date.hour
        case "h": date.hour % 12 == 0 ? 12 : date.hour % 12
        case "m": date.minute
        case "s": date.second
        case "f": date.millisecond
        default: nil
        }
    }

    private static func zoneText(_ marker: Marker, _ hours: Int, _ minutes: Int) throws(Fault) -> String {
        guard let integer = marker.integer else { return "" }
        let offset = hours * 100 + minutes
        if offset == 0, marker.modifier == "t" { return "Z" }
        var text: String
        if integer.regularGrouping > 0 {
            text = try integer.text(of: Double(offset))
        } else {
            switch integer.mandatoryDigits {
            case 1, 2:
                text = try integer.text(of: Double(hours))
                if hours == 0, offset < 0 { text = "-" + text }
                if minutes != 0 { text += ":" + (minutes.magnitude < 10 ? "0" : "") + String(minutes.magnitude) }
            case 3, 4: text = try integer.text(of: Double(offset))
            default: throw Fault("D3134", .init(value: String(integer.mandatoryDigits)))
            }
        }
        if offset >= 0 { text = "+" + text }
        return marker.component == "z" ? "GMT" + text : text
    }
}
