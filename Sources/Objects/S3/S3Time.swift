import Glibc

/// Times as S3 reads and writes them.
enum S3Time {
    /// The present, as `x-amz-date` has it: `20130524T000000Z`.
    static func now() -> String { text(seconds: time(nil)) }

    /// A time in seconds since 1970, as `x-amz-date` has it.
    static func text(seconds: Int) -> String {
        // Howard Hinnant's civil_from_days: eras of 400 years that begin in March.
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        func padded(_ number: Int, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let time = seconds % 86_400
        return padded(year, 4) + padded(month) + padded(day) + "T" + padded(time / 3600) + padded(time / 60 % 60)
            + padded(time % 60) + "Z"
    }

    /// Reads `Mon, 12 Oct 2009 17:50:30 GMT` as seconds since 1970.
    static func seconds(ofHTTPDate text: String) -> Int? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ")
        guard parts.count >= 5, let month = months.firstIndex(of: String(parts[2])) else { return nil }
        return seconds("\(parts[3])-\(month + 1)-\(parts[1])T\(parts[4])Z")
    }

    /// Reads `2009-10-12T17:50:30.000Z` as seconds since 1970.
    static func seconds(_ text: String) -> Int? {
        let numbers = text.split { !$0.isNumber }.prefix(6).compactMap { Int($0) }
        guard numbers.count == 6, (1970...9999).contains(numbers[0]), (1...12).contains(numbers[1]),
            numbers.dropFirst(2).allSatisfy({ $0 < 100 })
        else { return nil }
        let year = numbers[1] <= 2 ? numbers[0] - 1 : numbers[0]
        let shifted = numbers[1] > 2 ? numbers[1] - 3 : numbers[1] + 9
        let dayOfYear = (153 * shifted + 2) / 5 + numbers[2] - 1
        let yearOfEra = year % 400
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = year / 400 * 146_097 + dayOfEra - 719_468
        return days * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
    }
}
