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
        /// What the children can read of the variables around them.
        let variables: JSONObject?

        init(_ fork: Fork, of branch: Branch) {
            self.fork = fork
            variables = fork.sharesVariables ? branch.variables.visible : nil
            outputs = Array(repeating: nil, count: fork.children.count)
        }

        /// Returns the index of the child to start next, and counts it as begun; `nil` if all have.
        mutating func takeNext() -> Int? {
            guard next < fork.children.count else { return nil }
            next += 1
            return next - 1
        }
    }

    // MARK: - Transitions

    /// Writes a transition's events and does what its directive asks for.
    mutating func apply(_ transition: Transition, to number: Int, at now: Timestamp) {
        guard var node = nodes[number] else { return }
        let first = eventCount + 1
        for event in transition.events {
            switch event.previous {
            case .none: write(event, of: number, after: 0, at: now)
            case .chain: write(event, of: number, after: node.branch.previousEventID, at: now)
            case .event(let index): write(event, of: number, after: first + index, at: now)
            }
        }
        node.branch = transition.branch
        if let chainEnd = transition.chainEnd { node.branch.previousEventID = first + chainEnd }
        if let entered = transition.entered { node.branch.enteredEventID = first + entered }
        node.transition += 1
        node.isPaused = false
        nodes[number] = node
        let point = Point(branch: number, transition: node.transition)
        switch transition.directive {
        case .proceed: ready.append((number, .begin))
        case .perform(var request):
            request.eventID = node.branch.previousEventID
            pause(number, for: .perform(request, point))
        case .await(let request): pause(number, for: .await(request, point))
        case .sleep(let until): pause(number, for: .sleep(until: until, point))
        case .fork(let fork):
            nodes[number]?.group = Group(fork, of: node.branch)
            let most = fork.maxConcurrency > 0 ? fork.maxConcurrency : fork.children.count
            for _ in 0..<min(most, fork.children.count) {
                startNextChild(of: number, after: node.branch.previousEventID)
            }
        case .distribute:
            ready.append(
                (number, .broken(cause: "A Distributed Map runs only in a durable execution of type STANDARD."))
            )
        case .complete(let output): complete(number, with: output)
        case .fail(let failure): fail(number, with: failure, at: now)
        }
    }

    mutating func write(_ event: HistoryEvent, of number: Int, after previous: Int, at now: Timestamp) {
        // History never runs backwards.
        let time = max(now, lastEventTime ?? now)
        lastEventTime = time
        eventCount += 1
        history.append(
            Entry(
                id: eventCount,
                previousEventID: previous,
                time: time,
                event: event,
                branch: number,
                parent: nodes[number]?.parent
            )
        )
    }

    mutating func finish(_ outcome: Outcome) {
        self.outcome = outcome
        actions.append(.end(outcome))
    }

    private mutating func pause(_ number: Int, for action: Action) {
        nodes[number]?.isPaused = true
        actions.append(action)
    }

    // MARK: - Children

    /// Starts the lowest child that has not begun, if there is one.
    private mutating func startNextChild(of parent: Int, after previous: Int) {
        // Groups are read and changed where they are: with a copy at hand a change would copy what all children have.
        guard let index = nodes[parent]?.group?.takeNext(), let child = nodes[parent]?.group?.fork.children[index],
            let isMap = nodes[parent]?.group?.fork.isMap
        else { return }
        var branch = Branch(
            kind: isMap ? .iteration(index) : .branch(index),
            state: child.state,
            input: child.input,
            previousEventID: previous
        )
        branch.item = child.item
        branch.variables.outer = nodes[parent]?.group?.variables
        lastNode += 1
        nodes[lastNode] = Node(branch: branch, parent: parent)
        nodes[parent]?.group?.open[index] = lastNode
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
        nodes[parent]?.group?.failures += 1
        let tolerated = nodes[parent]?.group?.fork.toleratedFailures
        if let tolerated, let failures = nodes[parent]?.group?.failures, failures <= tolerated {
            return close(node, of: parent, with: JSONText(failure.errorOutput))
        }
        if let index = node.branch.kind.index { nodes[parent]?.group?.open[index] = nil }
        abortChildren(of: parent, after: node.branch.previousEventID, at: now)
        nodes[parent]?.branch.previousEventID = node.branch.previousEventID
        ready.append((parent, .childFailed(failure, toleranceExceeded: tolerated != nil)))
    }

    /// A child has ended with an output: its place goes to the next one, or all have ended.
    private mutating func close(_ child: Node, of parent: Int, with output: JSONText) {
        guard let index = child.branch.kind.index else { return }
        nodes[parent]?.group?.outputs[index] = output
        nodes[parent]?.group?.open[index] = nil
        startNextChild(of: parent, after: child.branch.previousEventID)
        guard nodes[parent]?.group?.open.isEmpty == true, let group = nodes[parent]?.group else { return }
        // What ended the last child: for a Map that is no part of the child's own chain.
        nodes[parent]?.branch.previousEventID = eventCount
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
                write(event, of: number, after: node.branch.previousEventID, at: now)
            }
            for event in interpreter.aborted(node.branch) { write(event, of: number, after: failing, at: now) }
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
