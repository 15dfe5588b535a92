import Engine
import JSON
import StatesLanguage
import Store
import TestSupport
import Testing

@testable import API

@Suite("A start under a test case", .database)
struct TestCaseTests {
    private static let machine = """
        {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$","End":true,"ItemProcessor":{"StartAt":"T","States":{
        "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:nobody","End":true,
        "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":1}]}}}}}}
        """
    private static let file = """
        {"StateMachines":{"Doubled":{"TestCases":{"Twice":{"T":"R"}}}},
        "MockedResponses":{"R":{"0":{"Throw":{"Error":"Busy"}},"1":{"Return":"done"}}}}
        """

    private static func mocks(_ name: String, _ machine: String) throws(UnknownTestCase) -> TestDoubles {
        let doubles = try? MockConfiguration(parsing: file).testCase(name, of: machine)
        guard let doubles else { throw UnknownTestCase("there is no '\(name)'") }
        return doubles
    }

    @Test("goes on under it from lease to lease, though no worker serves the Task")
    func durable() async throws {
        try await EngineRouter.run(mocks: Self.mocks) { service in
            let machine = try await service.machine("Doubled", Self.machine)
            let arn = try await service.start(.string("\(machine.string ?? "")#Twice"), input: "[1,2]")
            let ended = try await service.described(arn, as: "SUCCEEDED")
            #expect(ended["output"] == #"["done","done"]"#)
            #expect(ended["stateMachineArn"] == machine)
        }
    }

    @Test("runs an Express machine under it")
    func express() async throws {
        try await EngineRouter.run(mocks: Self.mocks) { service in
            let machine = try await service.machine("Doubled", Self.machine, type: "EXPRESS")
            let members: JSONObject = ["stateMachineArn": .string("\(machine.string ?? "")#Twice"), "input": "[1]"]
            #expect(try await service.call("StartSyncExecution", members)["output"] == #"["done"]"#)
        }
    }

    @Test("is refused where there is no such test case, or no mock configuration")
    func unknown() async throws {
        try await EngineRouter.run(mocks: Self.mocks) { service in
            let machine = try await service.machine("Doubled", Self.machine)
            let other: JSONObject = ["stateMachineArn": .string("\(machine.string ?? "")#Thrice")]
            let answer = try await service.call("StartExecution", other)
            #expect(answer["__type"]?.string?.hasSuffix("#InvalidName") == true)
            #expect(answer["message"] == "Invalid Name: there is no 'Thrice'")
        }
        let client = Client()
        try await client.createMachine("Doubled")
        let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:Doubled#Twice"
        let answer = try await client.call("StartExecution", ["stateMachineArn": .string(arn)])
        #expect(answer.error == "InvalidName")
        #expect(answer.message?.contains("SFN_MOCK_CONFIG") == true)
    }
}
