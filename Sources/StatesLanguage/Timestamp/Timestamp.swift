/// An instant in UTC, to the microsecond, within the years 0000 to 9999 that RFC 3339 can write.
///
/// Arithmetic saturates at the ends of that range: an instant that comes of outside numbers can always be written,
/// stored and compared.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z, without leap seconds.
    package let microseconds: Int64

    /// 0000-01-01T00:00:00Z.
    package static let earliest = Timestamp(unchecked: -62_167_219_200_000_000)
    /// 9999-12-31T23:59:59.999999Z.
    package static let latest = Timestamp(unchecked: 253_402_300_799_999_999)

    /// An instant, or the end of the range that is nearest to it.
    package init(microseconds: Int64) {
        self.microseconds = min(max(microseconds, Self.earliest.microseconds), Self.latest.microseconds)
    }

    private init(unchecked microseconds: Int64) { self.microseconds = microseconds }

    /// Reads a date and time as RFC 3339 writes it, with an upper-case `T`, and an upper-case `Z` or an offset.
    ///
    /// Refused, as the service refuses them: a missing offset or second, a space for the `T`, dates that the calendar
    /// does not have, 24:00, leap seconds, offsets beyond 18 hours, more than 9 digits of fraction. What is finer than
    /// a microsecond is cut off. Source: Amazon States Language, "Timestamps".
    package init?(rfc3339 text: String) {
        guard let instant = Instant(rfc3339: text) else { return nil }
        self.init(instant)
    }

    /// An instant to the microsecond; one that its offset moves out of the years 0000 to 9999 comes to their end.
    init(_ instant: Instant) {
        self.init(microseconds: instant.seconds * 1_000_000 + Int64(instant.nanoseconds) / 1000)
    }

    package static func < (lhs: Timestamp, rhs: Timestamp) -> Bool { lhs.microseconds < rhs.microseconds }
}

// MARK: - Arithmetic

extension Timestamp {
    /// Returns the instant that much later, cut off to the microsecond, at most ``latest`` and at least ``earliest``.
    package static func + (lhs: Timestamp, rhs: Duration) -> Timestamp {
        let (seconds, attoseconds) = rhs.components
        let (scaled, overflowed) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflowed else { return seconds < 0 ? .earliest : .latest }
        let (duration, isTooLong) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        guard !isTooLong else { return seconds < 0 ? .earliest : .latest }
        let (sum, isOut) = lhs.microseconds.addingReportingOverflow(duration)
        guard !isOut else { return duration < 0 ? .earliest : .latest }
        return Timestamp(microseconds: sum)
    }

    /// Returns the instant that much earlier, at most ``latest`` and at least ``earliest``.
    package static func - (lhs: Timestamp, rhs: Duration) -> Timestamp {
        // The one duration that has no opposite is longer than the whole range.
        guard rhs.components.seconds > .min else { return .latest }
        return lhs + (.zero - rhs)
    }

    /// Returns the time from one instant to another, negative if that one is later.
    package static func - (lhs: Timestamp, rhs: Timestamp) -> Duration {
        .microseconds(lhs.microseconds - rhs.microseconds)
    }
}

// MARK: - Text

extension Timestamp: CustomStringConvertible {
    /// The instant to the millisecond, as the service writes it.
    ///
    /// `2024-05-01T10:00:00.123Z`, and no fraction where that would be `.000`. Source: Step Functions Developer Guide,
    /// "Context object".
    package var rfc3339: String {
        let milliseconds = fraction / 1000
        return milliseconds == 0 ? "\(wholeSeconds)Z" : "\(wholeSeconds).\(Self.padded(milliseconds, to: 3))Z"
    }

    /// The instant to the microsecond, always with six digits of fraction.
    package var description: String { "\(wholeSeconds).\(Self.padded(fraction, to: 6))Z" }

    /// Microseconds within the second.
    private var fraction: Int64 { (microseconds % 1_000_000 + 1_000_000) % 1_000_000 }

    private var wholeSeconds: String {
        let seconds = (microseconds - fraction) / 1_000_000
        let secondOfDay = (seconds % 86_400 + 86_400) % 86_400
        let date = CivilDate(daysSince1970: (seconds - secondOfDay) / 86_400)
        let day = "\(Self.padded(date.year, to: 4))-\(Self.padded(date.month, to: 2))-\(Self.padded(date.day, to: 2))"
        let hour = Self.padded(secondOfDay / 3600, to: 2)
        let minute = Self.padded(secondOfDay / 60 % 60, to: 2)
        return "\(day)T\(hour):\(minute):\(Self.padded(secondOfDay % 60, to: 2))"
    }

    private static func padded(_ number: Int64, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
