import Glibc

/// An instant of the wall clock, with microseconds, for log lines.
package struct WallTime: Sendable, Hashable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// Reads this machine's clock.
    package static func now() -> WallTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// RFC 3339 in UTC with milliseconds: `2025-01-31T09:05:00.123Z`.
    package var description: String {
        let milliseconds = Self.floorDivide(microseconds, by: 1000)
        let seconds = Self.floorDivide(milliseconds, by: 1000)
        let days = Self.floorDivide(seconds, by: 86_400)
        let (year, month, day) = Self.date(ofDay: days)
        let rest = seconds - days * 86_400
        return Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) + "T"
            + Self.padded(rest / 3600, 2) + ":" + Self.padded(rest / 60 % 60, 2) + ":" + Self.padded(rest % 60, 2) + "."
            + Self.padded(milliseconds - seconds * 1000, 3) + "Z"
    }

    /// Returns the Gregorian date of a day counted from 1970-01-01.
    ///
    /// Years begin in March here, so that the leap day is the last of its year. Source: Howard Hinnant, "chrono-compatible
    /// low-level date algorithms", `civil_from_days`.
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = floorDivide(shifted, by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func floorDivide(_ number: Int64, by divisor: Int64) -> Int64 {
        number / divisor - (number % divisor < 0 ? 1 : 0)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
