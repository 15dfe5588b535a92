import Store
import Testing

@Suite("What is remembered of things that can be read again")
struct RememberedTests {
    @Test("is so many at most, and of so many bytes of text")
    func bounds() {
        var remembered = Remembered<Int, String>(most: 10, bytes: 1_000)
        for key in 0..<100 { remembered.remember("small", bytes: 1, for: key) }
        #expect(remembered.count <= 10 && remembered[99] == "small")
        for key in 0..<100 {
            remembered.remember("large", bytes: 300, for: key)
            #expect(remembered.bytes <= 1_000 && remembered[key] == "large")
        }
        remembered.remember("huge", bytes: 5_000, for: 1)
        #expect(remembered.count == 1 && remembered[1] == "huge")
        remembered.remember("small", bytes: 1, for: 2)
        #expect(remembered.count == 1 && remembered.bytes == 1)
    }

    @Test("counts what takes the place of another once")
    func replaced() {
        var remembered = Remembered<Int, String>(most: 2, bytes: 100)
        remembered.remember("other", bytes: 10, for: 0)
        for _ in 0..<100 { remembered.remember("same", bytes: 50, for: 1) }
        #expect(remembered.count == 2 && remembered.bytes == 60)
    }

    @Test("is kept where it is needed, however much that is")
    func needed() {
        var remembered = Remembered<Int, String>(most: 3, bytes: 100)
        for key in 0..<50 { remembered.remember("\(key)", bytes: 30, for: key) { $0 % 10 == 0 } }
        for key in stride(from: 0, to: 50, by: 10) { #expect(remembered[key] == "\(key)") }
        #expect(remembered[1] == nil)
    }
}
