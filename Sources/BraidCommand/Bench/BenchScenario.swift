import JSON

/// What is measured.
enum BenchScenario: String, Sendable, CaseIterable {
    case chain, latency, map, mapTasks = "map-tasks", parallel, start, sync, sleepers, payload, functions

    /// What the help says of it.
    var help: String {
        switch self {
        case .chain: "executions of --tasks no-op tasks in a row, as many as go; transitions/s"
        case .latency: "one no-op task, from StartExecution until DescribeExecution says SUCCEEDED, one after the other"
        case .map: "one inline Map over --items items, a Pass each"
        case .mapTasks: "the same, a no-op task each"
        case .parallel: "a Parallel of 10 Passes, from StartExecution until SUCCEEDED, one after the other"
        case .start: "StartExecution by --connections kept connections, of executions that end at once"
        case .sync: "StartSyncExecution of an Express chain of 10 Passes, by --connections kept connections"
        case .sleepers: "chain beside --sleepers sleeping branches, which then all wake up"
        case .payload: "chain with payloads of --bytes"
        case .functions: "chain, its tasks performed by function processes over AWS's Runtime API"
        }
    }

    /// Those whose work may be done by worker processes of their own.
    static let spread = "chain, map, map-tasks, map-run, payload and functions"

    /// Whether clients reach it over HTTP, a process of its own.
    var isServed: Bool {
        switch self {
        case .latency, .parallel, .start, .sync, .functions: true
        case .chain, .map, .mapTasks, .sleepers, .payload: false
        }
    }

    var isExpress: Bool { self == .sync }

    static let resource = "arn:aws:lambda:us-east-1:123456789012:function:no-op"

    func executions(_ options: BenchOptions) -> Int {
        if let given = options.executions { return given }
        switch self {
        case .chain, .functions: return max(1, 30_000 / options.tasks)
        case .payload: return max(1, 20_000_000 / options.bytes / options.tasks)
        case .sleepers: return 2_000
        case .map, .mapTasks: return 1
        case .latency, .parallel: return 500
        case .start: return 20_000
        case .sync: return 10_000
        }
    }

    func definition(_ options: BenchOptions) -> String {
        let pass = #"{"Type":"Pass","End":true}"#
        let task = #"{"Type":"Task","Resource":"\#(Self.resource)","End":true}"#
        switch self {
        case .chain, .payload, .functions, .sleepers: return Self.chain(options.tasks)
        case .latency: return #"{"StartAt":"T","States":{"T":\#(task)}}"#
        case .start: return #"{"StartAt":"P","States":{"P":\#(pass)}}"#
        case .map: return Self.map(pass)
        case .mapTasks: return Self.map(task)
        case .parallel:
            let branches = (1...10).map { #"{"StartAt":"P\#($0)","States":{"P\#($0)":\#(pass)}}"# }.joined(
                separator: ","
            )
            return #"{"StartAt":"A","States":{"A":{"Type":"Parallel","End":true,"Branches":[\#(branches)]}}}"#
        case .sync:
            let states = (1...10).map { number in
                #""P\#(number)":{"Type":"Pass",\#(number == 10 ? #""End":true"# : #""Next":"P\#(number + 1)""#)}"#
            }
            return #"{"StartAt":"P1","States":{\#(states.joined(separator: ","))}}"#
        }
    }

    /// A chain of tasks, in a definition of at least so many states.
    static func chain(_ tasks: Int, states: Int = 0, of resource: String = Self.resource) -> String {
        var list = (1...tasks).map { number in
            let next = number == tasks ? #""End":true"# : #""Next":"T\#(number + 1)""#
            return #""T\#(number)":{"Type":"Task","Resource":"\#(resource)",\#(next)}"#
        }
        // The others can be reached, but never are.
        if states > tasks + 1 {
            list[0] =
                #""T1":{"Type":"Choice","Choices":[{"Variable":"$.never","IsPresent":true,"Next":"X1"}],"Default":"T2"}"#
            for number in 1..<(states - tasks + 1) {
                let next = number == states - tasks ? #""End":true"# : #""Next":"X\#(number + 1)""#
                list.append(#""X\#(number)":{"Type":"Pass",\#(next)}"#)
            }
        }
        return #"{"StartAt":"T1","States":{\#(list.joined(separator: ","))}}"#
    }

    private static func map(_ state: String) -> String {
        #"""
        {"StartAt":"M","States":{"M":{"Type":"Map","ResultPath":null,"End":true,
        "ItemProcessor":{"StartAt":"S","States":{"S":\#(state)}}}}}
        """#
    }

    func input(_ options: BenchOptions) -> JSONText {
        switch self {
        case .map, .mapTasks:
            return JSONText(trusted: "[" + (0..<options.items).map { String($0 % 10) }.joined(separator: ",") + "]")
        default:
            var state: UInt64 = 1
            // Letters that do not compress to nothing, as real payloads do not.
            let letters = (0..<max(1, options.bytes - 11)).map { _ -> Character in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Character(UnicodeScalar(UInt8(97 + (state >> 33) % 26)))
            }
            return JSONText(["data": .string(String(letters))])
        }
    }
}
