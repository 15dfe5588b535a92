import Testing

@testable import Crypto

@Suite("A hash")
struct HashTests {
    @Test(
        "is the one that its standard gives",
        arguments: [
            (.md5, "", "d41d8cd98f00b204e9800998ecf8427e"),
            (.md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
            (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                .sha384, "abc",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
            ),
            (
                .sha512, "abc",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
        ] as [(HashAlgorithm, String, String)]
    )
    func standard(_ algorithm: HashAlgorithm, _ text: String, _ digits: String) {
        #expect(hash(text.utf8, with: algorithm).hexadecimal == digits)
    }

    @Test(
        "with a key is that of RFC 4231",
        arguments: [
            (
                [UInt8](repeating: 0x0B, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
        ] as [([UInt8], String, String)]
    )
    func keyed(_ key: [UInt8], _ message: String, _ digits: String) {
        #expect(hmacSHA256(key: key, message: message.utf8).hexadecimal == digits)
    }

    @Test("of nothing repeatable: random bytes come in the number asked for, and differ")
    func random() {
        #expect(randomBytes(count: 0).isEmpty)
        #expect(randomBytes(count: 32).count == 32)
        #expect(randomBytes(count: 32) != randomBytes(count: 32))
    }
}
