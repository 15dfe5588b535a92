/// A date and time of day in the Gregorian calendar, at UTC unless shifted.
struct CivilDate {
    var year: Int
    /// 1 to 12.
    var month: Int
    /// 1 to 31.
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int
    var millisecond: Int
    /// The days since 1 January 1970.
    let days: Int

    /// How far from 1970 dates reach, in milliseconds, as in JavaScript.
    static let range = -8_640_000_000_000_000...8_640_000_000_000_000

    init(milliseconds: Int) {
        var days = milliseconds / 86_400_000
        var rest = milliseconds % 86_400_000
        if rest < 0 {
            rest += 86_400_000
            days -= 1
        }
        self.days = days
        (year, month, day) = Self.date(of: days)
        hour = rest / 3_600_000
        minute = rest / 60_000 % 60
        second = rest / 1_000 % 60
        millisecond = rest % 1_000
    }

    /// The days from 1970 to a date; months and days may lie beyond their bounds.
    static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let months = year * 12 + month - 1
        let year = months.dividedDown(by: 12)
        let month = months - year * 12 + 1
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.dividedDown(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear + day - 1 - 719_468
    }

    private static func date(of days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = shifted.dividedDown(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// 1 is Monday, 7 is Sunday.
    var weekday: Int { Self.weekday(of: days) }

    private static func weekday(of days: Int) -> Int { (days + 3) - (days + 3).dividedDown(by: 7) * 7 + 1 }

    var dayOfYear: Int { days - Self.days(year, 1, 1) + 1 }

    // MARK: - Weeks, which belong to the year or month that their Thursday lies in

    /// The first day of the first week of a month; months may lie beyond their bounds.
    private static func firstWeek(_ year: Int, _ month: Int) -> Int {
        let first = days(year, month, 1)
        let weekday = weekday(of: first)
        return weekday > 4 ? first + 8 - weekday : first - weekday + 1
    }

    var week: Int {
        let start = Self.firstWeek(year, 1)
        if days < start { return (days - Self.firstWeek(year - 1, 1)) / 7 + 1 }
        return days >= Self.firstWeek(year + 1, 1) ? 1 : (days - start) / 7 + 1
    }

    var weekYear: Int {
        if days < Self.firstWeek(year, 1) { return year - 1 }
        return days >= Self.firstWeek(year + 1, 1) ? year + 1 : year
    }

    var weekOfMonth: Int {
        let start = Self.firstWeek(year, month)
        if days < start { return (days - Self.firstWeek(year, month - 1)) / 7 + 1 }
        return days >= Self.firstWeek(year, month + 1) ? 1 : (days - start) / 7 + 1
    }

    var weekMonth: Int {
        if days < Self.firstWeek(year, month) { return month == 1 ? 12 : month - 1 }
        return days >= Self.firstWeek(year, month + 1) ? month % 12 + 1 : month
    }
}

extension Int {
    /// The quotient, rounded down also below 0.
    func dividedDown(by divisor: Int) -> Int {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
