import JSON
import Testing

@testable import API

@Suite("Validating a definition")
struct ValidateStateMachineDefinitionTests {
    private func answer(_ members: JSONObject) throws -> JSONObject {
        var reader = RequestMembers(members)
        let operation = try ValidateStateMachineDefinition(&reader)
        try reader.check()
        return operation.shape()
    }

    @Test("finds nothing wrong with a good one")
    func good() throws {
        let answer = try answer(["definition": .string(Requests.definition), "type": "EXPRESS"])
        #expect(JSONValue.object(answer) == ["result": "OK", "diagnostics": [], "truncated": false])
    }

    @Test("finds all that is wrong, with its place (recorded)")
    func bad() throws {
        #expect(
            JSONValue.object(try answer(["definition": "{}"])) == [
                "result": "FAIL",
                "diagnostics": [
                    [
                        "severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED",
                        "message": "These fields are required: [States, StartAt]", "location": "/",
                    ]
                ],
                "truncated": false,
            ]
        )
    }

    @Test("leaves the place out where there is none (recorded)")
    func notJSON() throws {
        #expect(
            JSONValue.object(try answer(["definition": " "])) == [
                "result": "FAIL",
                "diagnostics": [
                    [
                        "severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED",
                        "message": "Definition must be a valid JSON object",
                    ]
                ],
                "truncated": false,
            ]
        )
    }
}
