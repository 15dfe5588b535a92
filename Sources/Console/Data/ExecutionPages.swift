import Engine
import HTTPServer
import Interpreter
import JSON
import StatesLanguage
import Store

/// What the pages about executions are made of.
struct ExecutionPages: Sendable {
    /// How many executions a page of the list has.
    static let pageLength = 50

    let store: Store
    let arns: ARNs
    let pictures: Pictures

    /// A page of the list, filtered as the query says.
    func list(_ request: HTTPRequest) async throws -> JSONValue {
        var search = ExecutionSearch()
        func text(_ name: String) -> String? { request.query(name).flatMap { $0.isEmpty ? nil : $0 } }
        func time(_ name: String) -> Timestamp? {
            text(name).flatMap(Int64.init).map { Timestamp(microseconds: min(max($0, 0), 10_000_000_000_000) * 1_000) }
        }
        search.machine = text("machine")
        search.status = text("status").flatMap(ExecutionStatus.init)
        search.name = text("name")
        search.startedFrom = time("from")
        search.startedBefore = time("to")
        search.before = text("before").flatMap { ExecutionID($0) }
        let found = try await store.searchExecutions(search, limit: Self.pageLength)
        return [
            "executions": .array(found.executions.map(\.json)),
            "next": found.next.map { .string($0.description) } ?? .null,
        ]
    }

    /// Finds the execution that a path names; a child of a map run has its label behind the machine's name.
    func find(_ machine: String, _ name: String) async throws -> ExecutionRecord {
        let parts = machine.split(separator: "/", maxSplits: 1)
        let owner = String(parts.first ?? "")
        guard let record = try await store.findExecution(named: name, ofMachineNamed: owner),
            record.summary.mapRun?.label == parts.dropFirst().first.map({ String($0) })
        else {
            throw Refusal.missing("execution '\(name)' of '\(machine)'")
        }
        return record
    }

    /// One execution with its definition and graph.
    func details(_ machine: String, _ name: String) async throws -> JSONValue {
        let record = try await find(machine, name)
        guard let revision = try await store.findRevision(record.revisionID) else {
            throw Refusal.missing("definition")
        }
        let picture = await pictures.picture(of: revision.definition)
        guard var object = Self.json(of: record, arns).object else { return .null }
        object["definition"] = .string(revision.definition)
        object["graph"] = picture?.json ?? .null
        return .object(object)
    }

    /// An execution's own data, input and output included.
    static func json(of record: ExecutionRecord, _ arns: ARNs) -> JSONValue {
        guard var object = record.summary.json.object else { return .null }
        object["arn"] = .string("\(arns.execution(record.name, of: record.summary.stateMachineName))")
        object["machineArn"] = .string("\(arns.stateMachine(record.summary.stateMachineName))")
        object["input"] = .string(record.input.text)
        object["output"] = .optional(record.output?.text)
        object["error"] = .optional(record.error)
        object["cause"] = .optional(record.cause)
        object["redriven"] = .time(record.summary.redrivenAt)
        return .object(object)
    }

    /// One event with its payloads.
    func event(_ number: Int, of record: ExecutionRecord) async throws -> JSONValue {
        let page = try await store.readHistory(of: record.id, from: number, limit: 1)
        guard let event = page.events.first, event.id == number else { throw Refusal.missing("event \(number)") }
        var details = JSONObject()
        for (name, value) in event.details {
            switch value {
            case .text(let text): details[name] = .string(text)
            case .number(let number): details[name] = .number(number)
            case .payload(let payload): details[name] = ["payload": .string(payload.text)]
            case .json(let json): details[name] = json
            }
        }
        return [
            "id": .number(event.id), "type": .string(event.type.rawValue), "at": .time(event.at),
            "details": .object(details),
        ]
    }
}

extension EventOutline {
    /// As the pages' scripts take it: `[id, previous, type, time, state, more]`.
    var json: JSONValue {
        var more = JSONObject()
        if let index { more["index"] = .number(index) }
        if let length { more["length"] = .number(length) }
        if let error { more["error"] = .string(error) }
        if let cause { more["cause"] = .string(cause) }
        return [
            .number(id), .number(previousID), .string(type.rawValue), .time(at), .optional(state),
            more.isEmpty ? .null : .object(more),
        ]
    }
}
