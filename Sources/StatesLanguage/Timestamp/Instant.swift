/// An instant as a text from outside gave it, to the nanosecond; what timestamps are compared as.
struct Instant: Equatable, Comparable {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    let seconds: Int64
    /// 0 to 999,999,999.
    let nanoseconds: Int32

    /// Reads a date and time as RFC 3339 writes it; ``Timestamp/init(rfc3339:)`` says what is refused.
    init?(rfc3339 text: String) {
        // The longest legal text has 35 bytes; what is longer is not looked at.
        guard text.utf8.count <= 35 else { return nil }
        var scanner = Scanner(bytes: Array(text.utf8))
        guard
            let date = scanner.date(), scanner.take(UInt8(ascii: "T")),
            let second = scanner.secondOfDay(),
            let nanoseconds = scanner.fraction(),
            let offset = scanner.offset(), scanner.isAtEnd
        else { return nil }
        seconds = date.daysSince1970 * 86_400 + second - offset
        self.nanoseconds = nanoseconds
    }

    static func < (lhs: Instant, rhs: Instant) -> Bool {
        (lhs.seconds, lhs.nanoseconds) < (rhs.seconds, rhs.nanoseconds)
    }
}

private struct Scanner {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func digit() -> Int64? {
        guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) else {
            return nil
        }
        defer { position += 1 }
        return Int64(bytes[position] - UInt8(ascii: "0"))
    }

    mutating func digits(_ count: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// `YYYY-MM-DD`, if the calendar has that day.
    mutating func date() -> CivilDate? {
        guard
            let year = digits(4), take(UInt8(ascii: "-")), let month = digits(2), take(UInt8(ascii: "-")),
            let day = digits(2)
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        return date.isValid ? date : nil
    }

    /// `HH:MM:SS` up to 23:59:59, in seconds.
    mutating func secondOfDay() -> Int64? {
        guard
            let hour = digits(2), take(UInt8(ascii: ":")), let minute = digits(2), take(UInt8(ascii: ":")),
            let second = digits(2), hour < 24, minute < 60, second < 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// Nothing, or a point and 1 to 9 digits, in nanoseconds.
    mutating func fraction() -> Int32? {
        guard take(UInt8(ascii: ".")) else { return 0 }
        var nanoseconds: Int32 = 0
        var count = 0
        while let digit = digit() {
            guard count < 9 else { return nil }
            nanoseconds = nanoseconds * 10 + Int32(digit)
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in count..<9 { nanoseconds *= 10 }
        return nanoseconds
    }

    /// `Z`, or a signed `HH:MM` up to 18 hours, in seconds.
    mutating func offset() -> Int64? {
        if take(UInt8(ascii: "Z")) { return 0 }
        let isNegative = take(UInt8(ascii: "-"))
        guard
            isNegative || take(UInt8(ascii: "+")),
            let hours = digits(2), take(UInt8(ascii: ":")), let minutes = digits(2), minutes < 60,
            hours * 60 + minutes <= 18 * 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isNegative ? -1 : 1)
    }
}
