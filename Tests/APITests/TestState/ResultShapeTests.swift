import JSON
import StatesLanguage
import Testing

@testable import API

/// Recorded test_field_validation_mode and -present.
@Suite("A mocked result of a service")
struct ResultShapeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let action: String
        let result: JSONValue
        var isStrict = true
        let mismatch: String?

        var testDescription: String { "\(action) \(result.text)\(isStrict ? "" : ", PRESENT")" }
    }

    static let rows = [
        Row(action: "events:putEvents", result: [:], mismatch: nil),
        Row(action: "events:putEvents", result: ["random": "json"], mismatch: nil),
        Row(action: "events:putEvents", result: ["Entries": "x"], mismatch: "Field 'Entries' must be an array"),
        Row(
            action: "events:putEvents",
            result: ["Entries": [["EventId": "x"], ["EventId": ["y"]]]],
            mismatch: "Field 'EventId' must be a string"
        ),
        Row(
            action: "states:startExecution",
            result: ["executionArn": "x"],
            mismatch: "Required field 'ExecutionArn' is missing"
        ),
        Row(action: "states:startExecution", result: [:], isStrict: false, mismatch: nil),
        Row(
            action: "aws-sdk:sfn:startExecution",
            result: ["StartDate": true],
            isStrict: false,
            mismatch: "Field 'StartDate' must be a string"
        ),
        Row(
            action: "dynamodb:putItem",
            result: ["ConsumedCapacity": ["CapacityUnits": "123.45"]],
            mismatch: "Field 'CapacityUnits' must be a number"
        ),
        Row(
            action: "dynamodb:getItem",
            result: ["Item": ["a": ["L": [["M": ["b": ["S": 1]]]]]]],
            mismatch: "Field 'S' must be a string"
        ),
        Row(
            action: "aws-sdk:s3:getObject",
            result: ["StorageClass": "SHELF"],
            mismatch: "Field 'StorageClass' is not an expected value"
        ),
        Row(
            action: "aws-sdk:kms:encrypt",
            result: ["CiphertextBlob": ""],
            mismatch: "Field 'CiphertextBlob' is smaller than the minimum length"
        ),
        Row(
            action: "aws-sdk:lambda:getFunction",
            result: ["Configuration": ["MemorySize": 127]],
            mismatch: "Field 'MemorySize' is less than the minimum value"
        ),
        Row(
            action: "aws-sdk:lambda:getFunction",
            result: ["Configuration": ["MemorySize": 10_241]],
            mismatch: "Field 'MemorySize' exceeds the maximum value"
        ),
        Row(
            action: "dynamodb:putItem",
            result: ["Attributes": ["a": ["BOOL": 1]]],
            mismatch: "Field 'BOOL' must be a boolean"
        ),
    ]

    @Test("is held against the shape of its answer", arguments: rows)
    func check(_ row: Row) throws {
        let resource = try #require(Resource(parsing: "arn:aws:states:::\(row.action)"))
        guard case .service(let service) = resource.kind else { return }
        let shape = try #require(ResultShapes.shape(of: service))
        #expect(mismatch(of: row.result, with: shape, requiringAll: row.isStrict) == row.mismatch)
    }

    private func mismatch(of value: JSONValue, with shape: ResultShape, requiringAll: Bool) -> String? {
        do {
            try shape.check(value, requiringAll: requiringAll)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("is taken as it is where the shape is not known")
    func unknown() {
        #expect(ResultShapes.shape(of: ServiceIntegration(service: "glue", action: "startJobRun")) == nil)
    }
}
