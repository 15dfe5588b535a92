import JSON
import StatesLanguage

extension LocalExecution {
    /// A branch that has not ended.
    struct Node: Sendable {
        var branch: Branch
        var parent: Int?
        var transition = 0
        /// Whether an action was handed out for where it stands.
        var isPaused = false
        /// What it has forked, while its children are open.
        var group: Group?

        init(branch: Branch, parent: Int? = nil) {
            self.branch = branch
            self.parent = parent
        }
    }

    /// The children of a Parallel or Map state.
    struct Group: Sendable {
        let fork: Fork
        /// The branches that have begun and not ended, by index.
        var open: [Int: Int] = [:]
        /// The index of the child to start next.
        var next = 0
        var outputs: [JSONText?]
        var failures = 0

        init(_ fork: Fork) {
            self.fork = fork
            outputs = Array(repeating: nil, count: fork.children.count)
        }
    }

    // MARK: - Transitions

    /// Writes a transition's events and does what its directive asks for.
    mutating func apply(_ transition: Transition, to number: Int, at now: Timestamp) {
        guard var node = nodes[number] else { return }
        let first = history.count + 1
        for event in transition.events {
            switch event.previous {
            case .none: write(event, after: 0, at: now)
            case .chain: write(event, after: node.branch.previousEventID, at: now)
            case .event(let index): write(event, after: first + index, at: now)
            }
        }
        let before = node.branch
        node.branch = transition.branch
        node.branch.previousEventID = transition.chainEnd.map { first + $0 } ?? before.previousEventID
        node.branch.enteredEventID = transition.entered.map { first + $0 } ?? before.enteredEventID
        node.transition += 1
        node.isPaused = false
        let point = Point(branch: number, transition: node.transition)
        switch transition.directive {
        case .proceed: ready.append((number, .begin))
        case .perform(let request): pause(&node, for: .perform(request, point))
        case .await(let request): pause(&node, for: .await(request, point))
        case .sleep(let until): pause(&node, for: .sleep(until: until, point))
        case .fork(let fork): node.group = Group(fork)
        case .complete, .fail: break
        }
        nodes[number] = node
        switch transition.directive {
        case .fork(let fork):
            let most = fork.maxConcurrency > 0 ? fork.maxConcurrency : fork.children.count
            for _ in 0..<min(most, fork.children.count) {
                startNextChild(of: number, after: node.branch.previousEventID)
            }
        case .complete(let output): complete(number, with: output)
        case .fail(let failure): fail(number, with: failure, at: now)
        case .proceed, .perform, .await, .sleep: break
        }
    }

    mutating func write(_ event: HistoryEvent, after previous: Int, at now: Timestamp) {
        // History never runs backwards.
        let time = max(now, history.last?.time ?? now)
        history.append(Entry(id: history.count + 1, previousEventID: previous, time: time, event: event))
    }

    mutating func finish(_ outcome: Outcome) {
        self.outcome = outcome
        actions.append(.end(outcome))
    }

    private mutating func pause(_ node: inout Node, for action: Action) {
        node.isPaused = true
        actions.append(action)
    }

    // MARK: - Children

    /// Starts the lowest child that has not begun, if there is one.
    private mutating func startNextChild(of parent: Int, after previous: Int) {
        guard let node = nodes[parent], var group = node.group, group.next < group.fork.children.count else { return }
        let index = group.next
        let child = group.fork.children[index]
        var branch = Branch(
            kind: group.fork.isMap ? .iteration(index) : .branch(index),
            state: child.state,
            input: child.input,
            previousEventID: previous
        )
        branch.item = child.item
        branch.variables = node.branch.variables
        lastNode += 1
        nodes[lastNode] = Node(branch: branch, parent: parent)
        group.open[index] = lastNode
        group.next += 1
        nodes[parent]?.group = group
        ready.append((lastNode, .begin))
    }

    private mutating func complete(_ number: Int, with output: JSONText) {
        guard let node = nodes.removeValue(forKey: number) else { return }
        guard let parent = node.parent else { return finish(.succeeded(output)) }
        close(node, of: parent, with: output)
    }

    /// A child's failure is its parent's, unless the parent tolerates one more.
    private mutating func fail(_ number: Int, with failure: Failure, at now: Timestamp) {
        guard let node = nodes.removeValue(forKey: number) else { return }
        guard let parent = node.parent else { return finish(.failed(failure)) }
        guard var group = nodes[parent]?.group else { return }
        group.failures += 1
        nodes[parent]?.group = group
        if let tolerated = group.fork.toleratedFailures, group.failures <= tolerated {
            return close(node, of: parent, with: JSONText(failure.errorOutput))
        }
        if let index = node.branch.kind.index { nodes[parent]?.group?.open[index] = nil }
        abortChildren(of: parent, after: node.branch.previousEventID, at: now)
        nodes[parent]?.branch.previousEventID = node.branch.previousEventID
        ready.append((parent, .childFailed(failure, toleranceExceeded: group.fork.toleratedFailures != nil)))
    }

    /// A child has ended with an output: its place goes to the next one, or all have ended.
    private mutating func close(_ child: Node, of parent: Int, with output: JSONText) {
        guard var group = nodes[parent]?.group, let index = child.branch.kind.index else { return }
        group.outputs[index] = output
        group.open[index] = nil
        nodes[parent]?.group = group
        if group.next < group.fork.children.count {
            return startNextChild(of: parent, after: child.branch.previousEventID)
        }
        guard group.open.isEmpty else { return }
        // After a Map's iterations comes what ended the last one, which is no part of that one's own chain.
        let last = group.fork.isMap ? history.last { $0.event.type.endsIteration }?.id : nil
        nodes[parent]?.branch.previousEventID = last ?? child.branch.previousEventID
        nodes[parent]?.branch.phase = .joined
        nodes[parent]?.group = nil
        let outputs = group.outputs.compactMap(\.self)
        let bytes = outputs.reduce(1 + outputs.count) { $0 + $1.byteCount }
        let isOverLimit = bytes > interpreter.limits.maxPayloadBytes
        ready.append((parent, isOverLimit ? .joinedOverLimit(bytes: bytes) : .joined(.array(of: outputs))))
    }

    /// Aborts all that is open below a branch; what ends it has the failing event as previous event.
    private mutating func abortChildren(of parent: Int, after failing: Int, at now: Timestamp) {
        let children = nodes[parent]?.group?.open.sorted { $0.key < $1.key } ?? []
        nodes[parent]?.group = nil
        for (_, number) in children {
            abortChildren(of: number, after: failing, at: now)
            guard let node = nodes.removeValue(forKey: number) else { continue }
            if let event = interpreter.timedOut(node.branch, at: now) {
                write(event, after: node.branch.previousEventID, at: now)
            }
            for event in interpreter.aborted(node.branch) { write(event, after: failing, at: now) }
            if node.isPaused { actions.append(.cancel(Point(branch: number, transition: node.transition))) }
        }
    }
}

extension Branch.Kind {
    /// Which child it is; `nil` for the root.
    package var index: Int? {
        switch self {
        case .root: nil
        case .branch(let index), .iteration(let index): index
        }
    }
}

extension HistoryEventType {
    fileprivate var endsIteration: Bool { self == .mapIterationSucceeded || self == .mapIterationFailed }
}
