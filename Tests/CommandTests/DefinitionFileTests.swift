import JSON
import Testing

@testable import BraidCommand

@Suite("A file of definitions")
struct DefinitionFileTests {
    static let definition = #"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":${Delay},"End":true}}}"#
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test("has its ${NAME} replaced, and names those that nothing stands for")
    func placeholders() throws {
        var file = DefinitionFile()
        file.substitutions = ["Delay": "7"]
        let path = try folder.file("a wait.asl.json", Self.definition)
        let definition = try #require(try file.read(path).first)

        #expect(definition.name == "a-wait")
        #expect(definition.text.contains(#""Seconds":7"#))
        #expect(definition.unknown == [])

        let other = try folder.file("b.json", #"{"StartAt":"${Who}","States":{"x":"${Who} ${!Kept} $${ } ${a b}"}}"#)
        let unknown = try #require(try DefinitionFile().read(other).first)
        #expect(unknown.unknown == ["Who"])
        #expect(unknown.text.contains(#""${Who} ${Kept} $${ } ${a b}""#))
    }

    @Test("may be YAML")
    func yaml() throws {
        let path = try folder.file("hello.asl.yaml", "StartAt: A\nStates:\n  A:\n    Type: Succeed\n")
        let definition = try #require(try DefinitionFile().read(path).first)

        #expect(definition.name == "hello")
        #expect(try JSONValue(parsing: definition.text) == ["StartAt": "A", "States": ["A": ["Type": "Succeed"]]])
    }

    @Test("may be a template: inline, as a text, or in a file beside it, with its substitutions")
    func template() throws {
        _ = try folder.file("beside.asl.json", #"{"StartAt":"${First}","States":{}}"#)
        let path = try folder.file(
            "template.yaml",
            """
            Transform: AWS::Serverless-2016-10-31
            Parameters:
              Stage: {Type: String, Default: test}
            Resources:
              Hello:
                Type: AWS::Serverless::Function
                Properties: {FunctionName: !Sub "hello-${Stage}"}
              Inline:
                Type: AWS::Serverless::StateMachine
                Properties:
                  Type: EXPRESS
                  Definition:
                    StartAt: Call
                    States: {Call: {Type: Task, Resource: "${Hello}", End: true}}
                  DefinitionSubstitutions: {Hello: !GetAtt Hello.Arn}
              Text:
                Type: AWS::StepFunctions::StateMachine
                Properties:
                  StateMachineName: named
                  DefinitionString: !Sub '{"StartAt":"${Hello}","States":{}}'
              Beside:
                Type: AWS::Serverless::StateMachine
                Properties:
                  DefinitionUri: beside.asl.json
                  DefinitionSubstitutions: {First: !Ref Stage}
            """
        )
        let definitions = try DefinitionFile().read(path)

        #expect(definitions.map(\.name) == ["Inline", "named", "Beside"])
        #expect(definitions.map(\.type) == ["EXPRESS", "STANDARD", "STANDARD"])
        #expect(definitions[0].text.contains("arn:aws:lambda:us-east-1:123456789012:function:hello-test"))
        #expect(definitions[1].text.contains(#""StartAt":"hello-test""#))
        #expect(definitions[2].text.contains(#""StartAt":"test""#))
    }

    @Test("that is no definition is refused with what is wrong")
    func refused() throws {
        let broken = try folder.file("broken.json", "{\n  nope")
        #expect(throws: CommandFailure(.usage, "there is no file /nowhere/x.json")) {
            try DefinitionFile().read("/nowhere/x.json")
        }
        #expect(throws: CommandFailure(.usage, "\(folder.path) is a folder, not a file")) {
            try DefinitionFile().read(folder.path)
        }
        let error = try #require(throws: CommandFailure.self) { try DefinitionFile().read(broken) }
        #expect(error.message.hasPrefix("\(broken):2:") && error.message.contains(": it is not JSON: "))
        let empty = try folder.file("empty.yaml", "Resources: {}\n")
        #expect(throws: CommandFailure(.usage, "\(empty) is a template without a state machine")) {
            try DefinitionFile().read(empty)
        }
    }

    @Test(
        "is refused if it is a template in which something refers to itself",
        arguments: [
            (#"{"Ref":"X"}"#, "Parameters.X refers to itself"),
            (#"{"Fn::Join":["",["a",{"Fn::Sub":"${Y}"}]]}"#, "Parameters.Y refers to itself by X"),
            (#"{"Ref":"F"}"#, "Resources.F refers to itself"),
            (#"{"Fn::GetAtt":["G","Arn"]}"#, "Resources.G refers to itself by F"),
            (#"{"Ref":"M"}"#, "Resources.M refers to itself"),
        ]
    )
    func cycle(_ value: String, _ complaint: String) throws {
        let path = try folder.file(
            "template.json",
            #"""
            {"Parameters":{"X":{"Default":\#(value)},"Y":{"Default":{"Ref":"X"}}},
             "Resources":{
               "F":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":\#(value)}},
               "G":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":{"Ref":"F"}}},
               "M":{"Type":"AWS::StepFunctions::StateMachine","Properties":{
                 "StateMachineName":\#(value),"Definition":{"StartAt":"A","States":{}}}}}}
            """#
        )
        #expect(throws: CommandFailure(.usage, "\(path), \(complaint)")) { try DefinitionFile().read(path) }
    }
}
