import JSON

/// What is measured.
enum BenchScenario: Sendable {
    /// So many executions of so many no-op tasks in a row.
    case chain(executions: Int, tasks: Int)
    /// One execution of an inline Map over so many items, a Pass each.
    case map(items: Int)

    var name: String {
        switch self {
        case .chain: "chain"
        case .map: "map"
        }
    }

    var executions: Int {
        switch self {
        case .chain(let executions, _): executions
        case .map: 1
        }
    }

    static let resource = "arn:aws:lambda:us-east-1:123456789012:function:no-op"

    var definition: String {
        switch self {
        case .chain(_, let tasks):
            let states = (1...tasks).map { number in
                let next = number == tasks ? #""End":true"# : #""Next":"T\#(number + 1)""#
                return #""T\#(number)":{"Type":"Task","Resource":"\#(Self.resource)",\#(next)}"#
            }
            return #"{"StartAt":"T1","States":{\#(states.joined(separator: ","))}}"#
        case .map:
            return #"""
                {"StartAt":"M","States":{"M":{"Type":"Map","ResultPath":null,"End":true,
                "ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}
                """#
        }
    }

    /// 200 bytes for each task; small numbers for items.
    var input: JSONText {
        switch self {
        case .chain:
            JSONText(["data": .string(String(repeating: "x", count: 189))])
        case .map(let items):
            JSONText(trusted: "[" + (0..<items).map { String($0 % 10) }.joined(separator: ",") + "]")
        }
    }
}
