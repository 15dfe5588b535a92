/// Times in the form of ISO 8601 that `$toMillis` reads without a picture.
enum ISOTime {
    /// The milliseconds since 1970; `nil` if the text is no such time.
    static func milliseconds(in text: String) -> Double? {
        var reader = Reader(bytes: Array(text.utf8))
        guard let year = reader.digits(4) else { return nil }
        var month = 1
        var day = 1
        if reader.eat("-") {
            guard let value = reader.digits(2), (1...12).contains(value) else { return nil }
            month = value
            if reader.eat("-") {
                guard let value = reader.digits(2), (1...31).contains(value) else { return nil }
                day = value
            }
        }
        var time = 0.0
        if reader.eat("T") {
            guard let hour = reader.digits(2), reader.eat(":"), let minute = reader.digits(2), reader.eat(":"),
                let second = reader.digits(2), hour <= 24, minute < 60, second < 60
            else { return nil }
            time = Double(hour * 3_600_000 + minute * 60_000 + second * 1_000)
            if reader.eat(".") {
                guard let milliseconds = reader.fraction() else { return nil }
                time += milliseconds
            }
            if let sign = reader.sign() {
                guard let hours = reader.digits(2) else { return nil }
                _ = reader.eat(":")
                guard let minutes = reader.digits(2), hours < 30, minutes < 60 else { return nil }
                time -= sign * Double(hours * 60 + minutes) * 60_000
            } else {
                _ = reader.eat("Z")
            }
        }
        guard reader.isAtEnd else { return nil }
        return Double(CivilDate.days(year, month, day)) * 86_400_000 + time
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index == bytes.count }

        mutating func eat(_ scalar: Unicode.Scalar) -> Bool {
            guard index < bytes.count, bytes[index] == UInt8(ascii: scalar) else { return false }
            index += 1
            return true
        }

        mutating func digits(_ count: Int) -> Int? {
            guard index + count <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[index..<index + count] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            index += count
            return value
        }

        /// The milliseconds that digits behind a point tell.
        mutating func fraction() -> Double? {
            let start = index
            var value = 0.0
            var unit = 100.0
            while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
                if unit >= 1 { value += unit * Double(bytes[index] - 0x30) }
                unit /= 10
                index += 1
            }
            return index > start ? value : nil
        }

        mutating func sign() -> Double? {
            if eat("+") { return 1 }
            return eat("-") ? -1 : nil
        }
    }
}
