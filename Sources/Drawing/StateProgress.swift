/// Follows an execution's history, event by event, and knows how each state stands.
///
/// Events are linked by `previousEventId`; what closes a Parallel or Map is linked to an event inside it, so its visit is
/// looked for around that one. The console's `history.js` follows the same rules.
package struct StateProgress: Sendable {
    private struct Visit {
        var state: String
        var type: String
        var status = StateStatus.running
        /// The visit of the Parallel or Map that it is inside of; 0 at the top.
        var container = 0
        /// Whether what was tried last has failed.
        var hasFailed = false
    }

    /// By the id of the event that entered.
    private var visits: [Int: Visit] = [:]
    /// The visit that each event belongs to.
    private var owners: [Int: Int] = [:]
    /// Events behind which what is entered is inside of their visit.
    private var doors: Set<Int> = []

    package init() {}

    /// Takes the next event; its fields are those of GetExecutionHistory, `name` that of a state.
    package mutating func take(id: Int, previous: Int, type: String, name: String?) {
        let before = owners[previous] ?? 0
        if type.hasSuffix("StateEntered") {
            let container = doors.contains(previous) ? before : visits[before]?.container ?? 0
            let kind = String(type.dropLast("StateEntered".count))
            visits[id] = Visit(state: name ?? "", type: kind, container: container)
            if kind == "Fail" { visits[id]?.status = .failed }
            owners[id] = id
            return
        }
        let owner = owner(of: type, name, after: before)
        owners[id] = owner
        switch type {
        case "ExecutionFailed": end(failing: owner)
        case "ExecutionTimedOut", "ExecutionAborted": end(failing: 0)
        case "ExecutionRedriven": resume()
        case "MapIterationFailed": visits[owner]?.status = .failed
        case "ParallelStateStarted", "MapIterationStarted":
            doors.insert(id)
            visits[owner]?.hasFailed = false
        case "ParallelStateFailed", "MapStateFailed":
            visits[owner]?.hasFailed = true
            settle(inside: owner)
        case _ where type.hasSuffix("StateExited"):
            let hasFailed = visits[owner]?.hasFailed == true
            visits[owner]?.status = hasFailed ? .caught : .succeeded
            settle(inside: owner)
        // What is ended with a sibling is told by the end of the group around it.
        case _ where type.hasSuffix("StateAborted"): break
        case _ where type.hasSuffix("Failed") || type.hasSuffix("TimedOut"): visits[owner]?.hasFailed = true
        case _ where type.hasSuffix("Scheduled") || type.hasSuffix("Succeeded"): visits[owner]?.hasFailed = false
        default: break
        }
    }

    /// How each state stands, and how often it was visited: running counts before failed, failed before the rest.
    package var statuses: [String: (status: StateStatus, visits: Int)] {
        let order: [StateStatus] = [.succeeded, .caught, .aborted, .failed, .running]
        func rank(_ status: StateStatus) -> Int { order.firstIndex(of: status) ?? 0 }
        return visits.values.reduce(into: [:]) { result, visit in
            let known = result[visit.state] ?? (visit.status, 0)
            let status = rank(visit.status) > rank(known.status) ? visit.status : known.status
            result[visit.state] = (status, known.visits + 1)
        }
    }

    /// The visit that an event which enters nothing belongs to.
    private func owner(of type: String, _ name: String?, after before: Int) -> Int {
        if type.hasSuffix("StateExited"), let name { return around(before) { $0.state == name } ?? before }
        // Linked as the state's Entered is, not to it.
        if type == "EvaluationFailed", let name {
            return visits.filter { $0.value.state == name && $0.value.status == .running }.keys.max() ?? before
        }
        for group in ["Map", "Parallel"]
        where type.hasPrefix(group + "State") || group == "Map" && type == "MapIterationStarted" {
            return around(before) { $0.type == group } ?? before
        }
        return before
    }

    /// A visit, or the nearest around it, of which something holds.
    private func around(_ id: Int, _ holds: (Visit) -> Bool) -> Int? {
        var next = id
        while let visit = visits[next] {
            if holds(visit) { return next }
            next = visit.container
        }
        return nil
    }

    private func isInside(_ id: Int, _ container: Int) -> Bool {
        var next = visits[id]?.container ?? 0
        while next != 0, next != container { next = visits[next]?.container ?? 0 }
        return next != 0
    }

    /// Ends what still runs inside of a visit, or everywhere.
    private mutating func settle(inside container: Int? = nil) {
        for (id, visit) in visits where visit.status == .running && (container.map { isInside(id, $0) } ?? true) {
            visits[id]?.status = visit.hasFailed ? .failed : .aborted
        }
    }

    /// Ends all: what failed, and the Parallels and Maps around it, have failed.
    private mutating func end(failing owner: Int) {
        var next = owner
        while let visit = visits[next] {
            if visit.status == .running { visits[next]?.status = .failed }
            next = visit.container
        }
        settle()
    }

    /// What had failed or was ended goes on.
    private mutating func resume() {
        for (id, visit) in visits where visit.status == .failed || visit.status == .aborted {
            visits[id]?.status = .running
            visits[id]?.hasFailed = false
        }
    }
}
