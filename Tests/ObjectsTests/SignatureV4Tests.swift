import Testing

@testable import Objects

/// The examples of "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)".
@Suite("A signature")
struct SignatureV4Tests {
    let signature = SignatureV4(
        credentials: S3Settings.Credentials(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE",
            secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        ),
        region: "us-east-1",
        service: "s3"
    )
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test("of a range of an object is AWS's")
    func range() {
        let value = signature.authorization(
            method: "GET",
            path: "/test.txt",
            query: [],
            headers: [
                (name: "Host", value: "examplebucket.s3.amazonaws.com"), (name: "Range", value: "bytes=0-9"),
                (name: "x-amz-content-sha256", value: empty), (name: "x-amz-date", value: "20130524T000000Z"),
            ],
            payloadHash: empty,
            date: "20130524T000000Z"
        )
        #expect(
            value
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        )
    }

    @Test("of a listing, with a query, is AWS's")
    func query() {
        let value = signature.authorization(
            method: "GET",
            path: "/",
            query: [(name: "prefix", value: "J"), (name: "max-keys", value: "2")],
            headers: [
                (name: "host", value: "examplebucket.s3.amazonaws.com"), (name: "x-amz-content-sha256", value: empty),
                (name: "x-amz-date", value: "20130524T000000Z"),
            ],
            payloadHash: empty,
            date: "20130524T000000Z"
        )
        #expect(value.hasSuffix("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }

    @Test("sorts a query by its names, not by the text that it becomes")
    func order() {
        #expect(
            SignatureV4.text(of: [(name: "a-b", value: "1"), (name: "a", value: "2"), (name: "k", value: "ü/ ")])
                == "a=2&a-b=1&k=%C3%BC%2F%20"
        )
    }
}

@Suite("A time of S3's")
struct S3TimeTests {
    @Test(
        "is written and read",
        arguments: [
            ("2013-05-24T00:00:00.000Z", 1_369_353_600, "20130524T000000Z"),
            ("2009-10-12T17:50:30.000Z", 1_255_369_830, "20091012T175030Z"),
            ("2024-02-29T23:59:59Z", 1_709_251_199, "20240229T235959Z"),
            ("1970-01-01T00:00:00Z", 0, "19700101T000000Z"),
        ]
    )
    func times(text: String, seconds: Int, compact: String) {
        #expect(S3Time.seconds(text) == seconds)
        #expect(S3Time.text(seconds: seconds) == compact)
    }

    @Test("is nothing where it is none", arguments: ["", "yesterday", "2009-13-12T17:50:30Z", "2009-10-12"])
    func malformed(text: String) { #expect(S3Time.seconds(text) == nil) }
}

@Suite("The XML of an answer")
struct XMLElementTests {
    @Test("is read as elements and text, references resolved")
    func reading() throws {
        let text =
            "<?xml version=\"1.0\"?><!-- a > b --><s:A x=\"1\">\n<B>1 &lt; 2 &amp;&#x41;&#66;</B><C/><B>2</B></s:A>"
        let element = try #require(XMLElement(parsing: Array(text.utf8)))
        #expect(element.name == "A")
        #expect(element["B"]?.text == "1 < 2 &AB")
        #expect(element.children.map(\.name) == ["B", "C", "B"])
        #expect(element["D"] == nil)
    }

    @Test(
        "is nothing where it is broken",
        arguments: [
            "", "text", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a>&x;</a>", "<a>&amp</a>", "<a", "<!DOCTYPE a><a/>",
            String(repeating: "<a>", count: 40) + String(repeating: "</a>", count: 40),
        ]
    )
    func broken(text: String) { #expect(XMLElement(parsing: Array(text.utf8)) == nil) }
}
