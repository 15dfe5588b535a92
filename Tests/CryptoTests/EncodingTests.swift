import Testing

@testable import Crypto

@Suite("Bytes as text")
struct EncodingTests {
    @Test(
        "are written in Base64 and read back",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"), ("ûïþ\u{FF}", "w7vDr8O+w78="),
        ]
    )
    func base64(_ text: String, encoded: String) {
        #expect(text.utf8.base64 == encoded)
        #expect([UInt8](base64: encoded) == Array(text.utf8))
    }

    @Test(
        "are not read from Base64 that is not strict",
        arguments: [
            "Zg", "Zg=", "Z===", "====", "=", "Zm9v=", "Zm 9", "Zm9v\n", "Zh==", "Zm9=", "Zm-_", "Zg==Zg==", "é===",
        ]
    )
    func notBase64(_ text: String) {
        #expect([UInt8](base64: text) == nil)
    }

    @Test("all have a Base64 and a hexadecimal form")
    func everyByte() {
        for count in 0..<260 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            #expect([UInt8](base64: bytes.base64) == bytes)
            #expect([UInt8](hexadecimal: bytes.hexadecimal) == bytes)
        }
    }

    @Test("are read from hexadecimal digits in either case, and from nothing else")
    func hexadecimal() {
        #expect([UInt8](hexadecimal: "00fFA9") == [0, 0xFF, 0xA9])
        for text in ["0", "0g", "0x", " 0", "é"] { #expect([UInt8](hexadecimal: text) == nil) }
    }
}
