import JSON
import ResultWriting
import StatesLanguage
import Testing

/// A child that has ended.
func child(_ outcome: ChildResult.Outcome, input: String = "{\"n\": 1}") throws -> ChildResult {
    let start = try #require(Timestamp(rfc3339: "2024-01-02T03:04:05.678Z"))
    let arn = "arn:aws:states:us-east-1:123456789012:execution:M/Label:name"
    return ChildResult(
        input: JSONText(trusted: input),
        outcome: outcome,
        execution: ChildResult.Execution(
            arn: arn,
            name: "name",
            stateMachineARN: "arn:aws:states:us-east-1:123456789012:stateMachine:M/Label",
            startedAt: start,
            stoppedAt: start + .seconds(1),
            redriveStatus: "NOT_REDRIVABLE",
            redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven"
        )
    )
}

@Suite("A child's result")
struct ChildResultTests {
    @Test("is a record with input and output as text")
    func record() throws {
        let result = try child(.succeeded(output: JSONText(trusted: "[1, 2]")))
        #expect(result.file == .succeeded)
        #expect(
            result.texts(as: .none).map(\.text) == [
                #"{"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:M/Label:name","Input":"{\"n\": 1}","#
                    + #""InputDetails":{"Included":true},"Name":"name","Output":"[1, 2]","OutputDetails":{"Included":true},"#
                    + #""RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","#
                    + #""RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","#
                    + #""StartDate":"2024-01-02T03:04:05.678Z","#
                    + #""StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:M/Label","#
                    + #""Status":"SUCCEEDED","StopDate":"2024-01-02T03:04:06.678Z"}"#
            ]
        )
        #expect(result.texts(as: .compact).map(\.text) == ["[1, 2]"])
        #expect(result.texts(as: .flatten).map(\.text) == ["1", "2"])
        #expect(try child(.succeeded(output: JSONText(["a": 1]))).texts(as: .flatten).map(\.text) == [#"{"a":1}"#])
    }

    @Test(
        "is the same where its siblings' records share what they have in common",
        arguments: ResultFormat.Transformation.allCases
    )
    func siblings(transformation: ResultFormat.Transformation) throws {
        let start = try #require(Timestamp(rfc3339: "2024-01-02T03:04:05.678Z"))
        for reason in ["of \"it\"", nil] {
            let siblings = SiblingRecords(
                arnPrefix: "arn:\"M\":",
                arnSuffix: ":\\run",
                stateMachineARN: "arn:\"M\"",
                redriveStatus: "NOT_REDRIVABLE",
                redriveStatusReason: reason
            )
            for outputType in [ResultFormat.OutputType.json, .jsonLines] {
                let format = ResultFormat(transformation: transformation, outputType: outputType)
                var texts = ResultTexts(format)
                var expected = ResultTexts(format)
                for (name, output) in [("a", "[1,\n\"b\"]"), ("b", "{}"), ("c", "[]")] {
                    let child = SucceededChild(
                        name: name,
                        input: JSONText(trusted: #"{"a":"\n"}"#),
                        output: JSONText(trusted: output),
                        startedAt: start,
                        stoppedAt: start + .milliseconds(name == "b" ? 322 : 1)
                    )
                    texts.add(child, among: siblings)
                    expected.add(
                        ChildResult(
                            input: child.input,
                            outcome: .succeeded(output: child.output),
                            execution: ChildResult.Execution(
                                arn: "arn:\"M\":\(name):\\run",
                                name: name,
                                stateMachineARN: "arn:\"M\"",
                                startedAt: child.startedAt,
                                stoppedAt: child.stoppedAt,
                                redriveStatus: "NOT_REDRIVABLE",
                                redriveStatusReason: reason
                            )
                        )
                    )
                }
                #expect(texts.bytes == expected.bytes)
                #expect(texts.byteCount > 0)
            }
        }
    }

    @Test(
        "that did not succeed keeps its record in every transformation",
        arguments: ResultFormat.Transformation.allCases
    )
    func failed(transformation: ResultFormat.Transformation) throws {
        for (outcome, status) in [
            (ChildResult.Outcome.failed(error: "E", cause: "C"), "FAILED"),
            (.timedOut(error: "E", cause: "C"), "TIMED_OUT"),
            (.aborted(error: nil, cause: nil), "ABORTED"),
        ] {
            let result = try child(outcome)
            let record = try #require(result.texts(as: transformation).first?.value.object)
            #expect(result.file == .failed)
            #expect(record["Status"]?.string == status)
            #expect(record["Error"]?.string == (status == "ABORTED" ? nil : "E"))
            #expect(record["Output"] == nil)
        }
        let pending = ChildResult(input: JSONText(trusted: "1"), outcome: .pending, execution: nil)
        #expect(pending.file == .pending)
        #expect(
            pending.texts(as: transformation).map(\.text)
                == [#"{"Input":"1","InputDetails":{"Included":true},"Status":"PENDING"}"#]
        )
    }
}

@Suite("Result files")
struct ResultFileWriterTests {
    func output(_ value: JSONValue) throws -> ChildResult { try child(.succeeded(output: JSONText(value))) }

    /// The contents of the files that the parts make.
    func files(_ parts: [ResultFileWriter.Part]) -> [String] {
        let grouped = Dictionary(grouping: parts, by: \.file)
        return grouped.keys.sorted().map { file in
            let parts = grouped[file] ?? []
            #expect(parts.map(\.number) == Array(1...parts.count))
            #expect(parts.map(\.isLast) == Array(repeating: false, count: parts.count - 1) + [true])
            return String(decoding: parts.flatMap(\.bytes), as: UTF8.self)
        }
    }

    func parts(_ results: [ChildResult], _ writer: ResultFileWriter) -> [ResultFileWriter.Part] {
        var writer = writer
        return results.compactMap { writer.add($0) } + [writer.finish()].compactMap(\.self)
    }

    @Test("are one array, or a line for each result")
    func formats() throws {
        let results = try [output([1, [2]]), output("a\nb")]
        let none: [ChildResult] = []
        for (format, text) in [
            (ResultFormat(transformation: .compact), #"[[1,[2]],"a\nb"]"#),
            (ResultFormat(transformation: .flatten), #"[1,[2],"a\nb"]"#),
            (ResultFormat(transformation: .compact, outputType: .jsonLines), "[1,[2]]\n\"a\\nb\"\n"),
            (ResultFormat(transformation: .flatten, outputType: .jsonLines), "1\n[2]\n\"a\\nb\"\n"),
        ] {
            #expect(files(parts(results, ResultFileWriter(format))) == [text])
            #expect(parts(none, ResultFileWriter(format)).isEmpty)
        }
        // A line break between tokens must not make two lines of one result.
        let spread = try child(.succeeded(output: JSONText(trusted: "[1,\n2]")))
        let lines = ResultFormat(transformation: .compact, outputType: .jsonLines)
        #expect(files(parts([spread], ResultFileWriter(lines))) == ["[1, 2]\n"])
    }

    @Test(
        "are the same, however many results are put into them at once",
        arguments: ResultFormat.Transformation.allCases
    )
    func together(transformation: ResultFormat.Transformation) throws {
        let results = try [output([1, [2]]), output([]), output("a\nb"), output(["x": "\u{0}\"\\é"]), output(2)]
        for outputType in [ResultFormat.OutputType.json, .jsonLines] {
            let format = ResultFormat(transformation: transformation, outputType: outputType)
            var writer = ResultFileWriter(format)
            for some in [results[..<3], results[3...]] {
                var texts = ResultTexts(format)
                for result in some { texts.add(result) }
                #expect(texts.byteCount > 0)
                #expect(texts.bytes[.succeeded].flatMap { writer.add($0) } == nil)
            }
            let whole = parts(results, ResultFileWriter(format))
            #expect([writer.finish()].compactMap(\.self) == whole)
        }
    }

    @Test(
        "are cut into parts and files between results, and are the same whole",
        arguments: [ResultFormat.OutputType.json, .jsonLines]
    )
    func cutting(outputType: ResultFormat.OutputType) throws {
        let results = try (0..<100).map { try output(.number(JSONNumber($0))) }
        var limits = ResultFileWriter.Limits()
        limits.partBytes = 20
        limits.fileBytes = 70
        let format = ResultFormat(transformation: .compact, outputType: outputType)
        let made = parts(results, ResultFileWriter(format, limits: limits))
        let texts = files(made)
        #expect(texts.count > 3)
        #expect(texts.allSatisfy { $0.utf8.count <= 75 })
        let values = try texts.flatMap { text in
            outputType == .json
                ? try JSONValue(parsing: text).array ?? []
                : try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        }
        #expect(values.map(\.int) == Array(0..<100))
        #expect(made.filter { !$0.isLast }.allSatisfy { $0.bytes.count >= 20 })
    }

    @Test("go on behind any part as if writing had never stopped")
    func resuming() throws {
        let results = try (0..<60).map { try output(.number(JSONNumber($0))) }
        var limits = ResultFileWriter.Limits()
        limits.partBytes = 15
        limits.fileBytes = 60
        let format = ResultFormat(transformation: .compact)
        var writer = ResultFileWriter(format, limits: limits)
        var ends: [(Int, ResultFileWriter.Part)] = []
        for (index, result) in results.enumerated() {
            if let part = writer.add(result) { ends.append((index + 1, part)) }
        }
        let last = writer.finish()
        let whole = ends.map(\.1) + [last].compactMap(\.self)
        for (count, (index, part)) in ends.enumerated() {
            let resumed = ResultFileWriter(format, limits: limits, at: part.next)
            #expect(parts(Array(results[index...]), resumed) == Array(whole[(count + 1)...]))
        }
    }

    @Test("never have more parts than S3 allows")
    func partLimit() throws {
        var limits = ResultFileWriter.Limits()
        limits.partBytes = 1
        limits.parts = 3
        let results = try (0..<10).map { try output(.number(JSONNumber($0))) }
        let made = parts(results, ResultFileWriter(ResultFormat(transformation: .compact), limits: limits))
        #expect(files(made) == ["[0,1,2]", "[3,4,5]", "[6,7,8]", "[9]"])
    }
}

@Suite("A result manifest")
struct ResultManifestTests {
    let destination = ResultDestination(bucket: "b", prefix: "jobs", mapRunID: "0d0a")
    let arn = "arn:aws:states:us-east-1:123456789012:mapRun:M/Label:0d0a"

    @Test("lists the files by what became of the children")
    func manifest() {
        let format = ResultFormat(transformation: .none)
        let key = destination.key(of: .succeeded, index: 0, format: format)
        #expect(key == "jobs/0d0a/SUCCEEDED_0.json")
        #expect(
            destination.key(of: .failed, index: 2, format: format, redrive: 1) == "jobs/0d0a/Redrive-1/FAILED_2.json"
        )
        let manifest = ResultManifest(
            destinationBucket: "b",
            mapRunARN: arn,
            files: [.succeeded: [.init(key: key, bytes: 9)]]
        )
        #expect(
            manifest.text.text
                == #"{"DestinationBucket":"b","MapRunArn":"\#(arn)","ResultFiles":{"FAILED":[],"PENDING":[],"#
                + #""SUCCEEDED":[{"Key":"jobs/0d0a/SUCCEEDED_0.json","Size":9}]}}"#
        )
    }

    @Test("is what the state's result leads to")
    func result() {
        #expect(
            destination.result(mapRunARN: arn).text
                == #"{"MapRunArn":"\#(arn)","ResultWriterDetails":{"Bucket":"b","Key":"jobs/0d0a/manifest.json"}}"#
        )
        for (prefix, key) in [(nil, "0d0a/manifest.json"), ("", "0d0a/manifest.json"), ("a/", "a/0d0a/manifest.json")] {
            #expect(ResultDestination(bucket: "b", prefix: prefix, mapRunID: "0d0a").manifestKey == key)
        }
    }
}

@Suite("A result that is not exported")
struct InlineResultTests {
    @Test("is the array of outputs, a failed child's record in its place")
    func outputs() throws {
        var result = InlineResult()
        #expect(result.add(try child(.succeeded(output: JSONText(["a": 1])))))
        #expect(result.add(try child(.failed(error: "E", cause: nil))))
        let elements = try #require(result.text.value.array)
        #expect(elements[0] == ["a": 1])
        #expect(elements[1]["Error"]?.string == "E")
        #expect(InlineResult().text.text == "[]")
    }

    @Test("is given up once it is larger than a state's result may be")
    func limit() throws {
        var result = InlineResult(limit: 10)
        #expect(result.add(try child(.succeeded(output: JSONText(trusted: "12345678")))))
        #expect(try !result.add(child(.succeeded(output: JSONText(trusted: "1")))))
        #expect(try !result.add(child(.succeeded(output: JSONText(trusted: "1")))))
    }
}
