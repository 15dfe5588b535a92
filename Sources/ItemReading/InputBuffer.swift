/// Bytes that have come and are not used up yet.
struct InputBuffer {
    private(set) var bytes: [UInt8] = []
    /// The next byte to read.
    private(set) var index = 0
    /// The bytes in front of `bytes`.
    private var base: Int
    private(set) var isComplete = false

    init(offset: Int) { base = offset }

    /// The bytes in front of the next one, from the object's start.
    var offset: Int { base + index }
    /// How many bytes wait.
    var count: Int { bytes.count - index }

    mutating func take(_ more: [UInt8]) {
        base += index
        if index == bytes.count {
            bytes = more
        } else {
            bytes.removeFirst(index)
            bytes += more
        }
        index = 0
    }

    mutating func finish() { isComplete = true }

    @inline(__always)
    func peek(_ ahead: Int = 0) -> UInt8? { index + ahead < bytes.count ? bytes[index + ahead] : nil }

    @inline(__always)
    mutating func advance(by count: Int = 1) { index += count }

    /// How many bytes stand before the next line break, backslash or `stop`; `orQuote`: or quote.
    func count(before stop: UInt8, orQuote: Bool) -> Int {
        let quote = orQuote ? UInt8(ascii: "\"") : stop
        let span = bytes.span
        var end = index
        while end < span.count {
            let byte = span[end]
            if byte == stop || byte == quote || byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: "\\") { break }
            end += 1
        }
        return end - index
    }

    /// The next bytes, which stay.
    func prefix(_ count: Int) -> ArraySlice<UInt8> { bytes[index..<index + count] }
}
