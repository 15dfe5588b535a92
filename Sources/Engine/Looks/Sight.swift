import Interpreter
package import Store

/// What of the database somebody looks at, or what of it has changed: one shape says both.
package struct Sight: Sendable, Hashable {
    /// Executions whose histories are meant, each by its id; `nil` is those of all.
    package var executions: Set<ExecutionID>? = []
    /// Whether lists are meant: which executions and map runs there are, and how they stand.
    package var lists = false

    /// What nobody looks at.
    package init() {}

    /// Histories of executions.
    package init(executions: Set<ExecutionID>, lists: Bool = false) {
        self.executions = executions
        self.lists = lists
    }

    /// Everything.
    package static var all: Sight {
        var sight = Sight()
        sight.executions = nil
        sight.lists = true
        return sight
    }

    /// Lists alone.
    package static var lists: Sight { Sight(executions: [], lists: true) }

    package var isEmpty: Bool { executions?.isEmpty == true && !lists }

    /// Whether all that `other` means is meant.
    func covers(_ other: Sight) -> Bool {
        guard lists || !other.lists else { return false }
        guard let executions else { return true }
        return other.executions.map { executions.isSuperset(of: $0) } ?? false
    }

    mutating func unite(_ other: Sight) {
        lists = lists || other.lists
        guard let mine = executions, let theirs = other.executions else { return executions = nil }
        executions = mine.union(theirs)
    }

    func intersection(_ other: Sight) -> Sight {
        var both = Sight()
        both.lists = lists && other.lists
        switch (executions, other.executions) {
        case (let mine?, let theirs?): both.executions = mine.intersection(theirs)
        case (let some?, nil), (nil, let some?): both.executions = some
        case (nil, nil): both.executions = nil
        }
        return both
    }
}

// MARK: As notifications say it

extension Sight {
    /// How many ids a notification may hold, whose payload has less than 8,000 bytes: more are said to be all.
    private static let most = 200

    /// Words with spaces between: `lists`, `*` for all executions, or the ids of some.
    var text: String {
        var words = lists ? ["lists"] : []
        if let executions, executions.count <= Self.most {
            words += executions.map(\.description)
        } else {
            words.append("*")
        }
        return words.joined(separator: " ")
    }

    /// What the words of a notification mean; unknown ones, which a later version may say, mean nothing.
    init(words: some Sequence<Substring>) {
        for word in words {
            switch word {
            case "lists": lists = true
            case "*": executions = nil
            default: if let id = ExecutionID(String(word)) { executions?.insert(id) }
            }
        }
    }
}

// MARK: Of commits

extension Sight {
    /// What a submission has changed that somebody may look at.
    init(_ submission: Submission, _ answer: Answer) {
        switch (submission, answer) {
        case (.start(let start), .started): self.init(executions: [start.id], lists: true)
        case (.stop(let stop), .stopped): self.init(executions: [stop.execution], lists: true)
        case (.children(let children), .childrenStarted):
            self.init(executions: Set(children.starts.map(\.id)), lists: true)
        case (.transition(let one), .committed):
            self.init(executions: [one.key.execution], lists: one.transition.changesLists(isRoot: one.key.isRoot))
        case (.activity(let one), .committed): self.init(executions: [one.key.execution])
        default: self.init()
        }
    }
}

extension Transition {
    /// Whether an execution ends by it, or a map run begins or ends.
    fileprivate func changesLists(isRoot: Bool) -> Bool {
        switch directive {
        case .complete, .fail: if isRoot { return true }
        case .distribute: return true
        case .proceed, .perform, .await, .sleep, .fork: break
        }
        return events.contains { $0.type.rawValue.hasPrefix("MapRun") }
    }
}
