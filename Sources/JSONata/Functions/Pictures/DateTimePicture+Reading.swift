extension DateTimePicture {
    /// The time that a text written by the picture tells, in milliseconds since 1970; `nil` if it does not look so.
    ///
    /// What is more significant than anything that the picture names is today's; what is less significant is the least.
    func milliseconds(in text: String, _ evaluator: Evaluator) throws(Fault) -> Double? {
        guard let found = try values(in: text, evaluator) else { return nil }
        var values = found
        if values.isEmpty { return nil }
        let dates = "YXMxWwdD"
        let isByDay = !Self.areGiven(values, dates, only: "YMD") && Self.areGiven(values, dates, only: "Yd")
        let isByWeek = Self.areGiven(values, dates, only: "Xxw") || Self.areGiven(values, dates, only: "XW")
        let isHalfDay = !Self.areGiven(values, "PHhmsf", only: "Hmsf") && Self.areGiven(values, "PHhmsf", only: "Phmsf")
        if isByWeek { throw Fault("D3136") }
        let today = CivilDate(milliseconds: evaluator.environment.now)
        var hasStarted = false
        var hasEnded = false
        for component in (isByDay ? "Yd" : "YMD") + (isHalfDay ? "Phmsf" : "Hmsf") {
            if values[component] != nil {
                hasStarted = true
                if hasEnded { throw Fault("D3136") }
            } else if hasStarted {
                values[component] = "MDd".contains(component) ? 1 : 0
                hasEnded = true
            } else if component != "P" {
                // An hour without its half of the day is one of the first half, whatever the time is now.
                values[component] = Double(Self.value(of: component, today) ?? 0)
            }
        }
        return Self.milliseconds(values, isByDay: isByDay, isHalfDay: isHalfDay)
    }

    /// Whether components of a kind are given, and only some of those named.
    private static func areGiven(_ values: [Character: Double], _ kind: String, only names: String) -> Bool {
        let given = kind.filter { (values[$0] ?? 0) != 0 }
        return !given.isEmpty && given.allSatisfy { names.contains($0) }
    }

    private static func milliseconds(_ values: [Character: Double], isByDay: Bool, isHalfDay: Bool) -> Double? {
        func whole(_ component: Character) -> Int? {
            guard let value = values[component] else { return 0 }
            return value.magnitude < 1e9 ? Int(value) : nil
        }
        guard var year = whole("Y"), let month = whole("M"), let day = whole(isByDay ? "d" : "D"),
            var hour = whole(isHalfDay ? "h" : "H"), let minute = whole("m"), let second = whole("s"),
            let millisecond = whole("f"), let zone = whole(values["Z"] != nil ? "Z" : "z")
        else { return nil }
        // As JavaScript's `Date.UTC`: two digits are of the last century.
        if (0...99).contains(year) { year += 1900 }
        let days = CivilDate.days(year, isByDay ? 1 : max(month, 1), day)
        if isHalfDay { hour = (hour == 12 ? 0 : hour) + (values["P"] == 1 ? 12 : 0) }
        let time = Double(hour) * 3_600_000 + Double(minute) * 60_000 + Double(second) * 1_000 + Double(millisecond)
        let result = Double(days) * 86_400_000 + time - Double(zone) * 60_000
        return result.magnitude <= Double(CivilDate.range.upperBound) ? result : nil
    }

    /// The components that a text tells; `nil` if it does not look as the picture says.
    private func values(in text: String, _ evaluator: Evaluator) throws(Fault) -> [Character: Double]? {
        var pattern = "^"
        for part in parts {
            switch part {
            case .literal(let literal): pattern += "(\(Self.escaped(literal)))"
            case .marker(let marker): pattern += "(\(try Self.pattern(of: marker)))"
            }
        }
        let regex = try Regex(parsing: pattern + "$", flags: "i", at: 0)
        guard let match = try evaluator.find(regex, RegexInput(text), from: 0) else { return nil }
        var values: [Character: Double] = [:]
        for (part, group) in zip(parts, match.groups) {
            guard case .marker(let marker) = part, let text = group.string else { continue }
            values[marker.component] = try Self.number(in: text, marker)
        }
        return values
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if ".*+?^${}()|[]\\".unicodeScalars.contains(scalar) { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }

    private static func pattern(of marker: Marker) throws(Fault) -> String {
        if "Zz".contains(marker.component) {
            let head = marker.component == "z" ? "GMT" : ""
            guard let separator = zoneSeparator(marker) else { return head + "[-+][0-9]+" }
            return head + "[-+][0-9]+" + escaped(String(separator)) + "[0-9]+"
        }
        if let integer = marker.integer { return try integer.pattern(component: marker.component) }
        guard "MxFP".contains(marker.component) else {
            throw Fault("D3133", value: .string(String(marker.component)))
        }
        return "[a-zA-Z]+"
    }

    private static func zoneSeparator(_ marker: Marker) -> Character? {
        guard let integer = marker.integer, integer.regularGrouping > 0 else { return nil }
        return integer.groups.first?.separator
    }

    /// The number that a component's text stands for; `nil`, as if it were not given, for a name that is none.
    private static func number(in text: String, _ marker: Marker) throws(Fault) -> Double? {
        if "Zz".contains(marker.component) { return zone(in: text, marker) }
        if let integer = marker.integer {
            // Digits of a fraction: those behind the third are less than a millisecond.
            if marker.component == "f", case .decimal = integer.form, let fraction = Double("0." + text) {
                return (fraction * 1_000 + 1e-6).rounded(.down)
            }
            return try integer.number(in: text)
        }
        if marker.component == "P" { return ["am": 0, "AM": 0, "pm": 1, "PM": 1][text] }
        let names = marker.component == "F" ? weekdays : [""] + months
        // Names are read in the case in which the reference implementation has them, however the picture writes them.
        let place = names.dropFirst().firstIndex { name in (marker.most.map { String(name.prefix($0)) } ?? name) == text
        }
        return place.map { Double($0) }
    }

    /// The minutes that a zone is ahead.
    private static func zone(in text: String, _ marker: Marker) -> Double {
        let text = marker.component == "z" ? String(text.dropFirst(3)) : text
        let sign = text.hasPrefix("-") ? -1.0 : 1.0
        let digits = text.dropFirst()
        if let separator = zoneSeparator(marker), let place = digits.firstIndex(of: separator) {
            let hours = Double(digits[..<place]) ?? 0
            return sign * (hours * 60 + (Double(digits[digits.index(after: place)...]) ?? 0))
        }
        if digits.count <= 2 { return sign * (Double(digits) ?? 0) * 60 }
        return sign * ((Double(digits.prefix(2)) ?? 0) * 60 + (Double(digits.dropFirst(2)) ?? 0))
    }
}
