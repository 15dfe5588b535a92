/// One evaluation of an expression: its variables, its clock, and what it has cost so far.
final class Evaluator {
    var environment: Environment
    private(set) var steps = 0
    private var memory = 0
    private var depth = 0
    private var hold = FrameHold()
    private let bindings: [String: Binding]
    private let input: Value
    private let root = Frame(parent: nil)
    private let stack = StackBound()

    init(input: Value, bindings: [String: Binding], environment: Environment) {
        self.input = input
        self.bindings = bindings
        self.environment = environment
    }

    /// Evaluates a whole expression.
    func evaluate(_ syntax: Syntax) throws(Fault) -> Value {
        root.bind("$", input)
        let isArray = input.isArray
        return try evaluate(syntax, isArray ? .sequence(Sequence([input], isOuter: true)) : input, root)
    }

    /// Lets go of what the evaluation's functions see.
    func finish() {
        hold.releaseAll()
        root.clear()
    }

    // MARK: - Bounds

    /// Counts work; fails when there has been too much.
    @inline(__always)
    func spend(_ count: Int = 1) throws(Fault) {
        let before = steps
        steps &+= count
        if steps > environment.limits.steps { throw Self.expired }
        if before &>> 14 != steps &>> 14 { try checkTime() }
    }

    private func checkTime() throws(Fault) {
        if environment.isExpired?() == true { throw Self.expired }
    }

    /// Counts values or characters that are made; fails when there have been too many.
    @inline(__always)
    func allocate(_ count: Int) throws(Fault) {
        memory &+= count
        steps &+= count
        if memory > environment.limits.memory { throw Self.tooLarge }
    }

    /// Counts a text that is made.
    func allocate(_ text: String) throws(Fault) -> Value {
        try allocate(text.utf8.count / 24 + 1)
        return .string(text)
    }

    /// Refuses a value that is nested too deeply: what walks over it goes as deep.
    @inline(__always)
    func checkNesting(_ depth: Int) throws(Fault) {
        if depth > environment.limits.nesting {
            throw Fault("D1014", .init(message: "nested too deeply"))
        }
    }

    static let expired = Fault(
        "U1001",
        .init(message: "Expression evaluation timeout: Check for infinite loop")
    )
    static let tooDeep = Fault(
        "U1001",
        .init(
            message: "Stack overflow error: Check for non-terminating recursive function.  "
                + "Consider rewriting as tail-recursive."
        )
    )
    static let tooLarge = Fault("U1001", .init(message: "The evaluation takes more memory than is allowed"))

    // MARK: - Values

    func makeArray(_ items: [Value], isConstructed: Bool = false) throws(Fault) -> Value {
        try allocate(items.count + 2)
        let array = ArrayValue(items, isConstructed: isConstructed)
        try checkNesting(array.depth)
        return .array(array)
    }

    func makeSequence(_ items: [Value], keepsSingleton: Bool = false) throws(Fault) -> Value {
        try allocate(items.count + 2)
        let sequence = Sequence(items, keepsSingleton: keepsSingleton)
        try checkNesting(sequence.depth)
        return .sequence(sequence)
    }

    func makeFunction(_ body: Function.Body) throws(Fault) -> Value {
        let function = Function(body)
        try checkNesting(function.depth)
        return .function(function)
    }

    /// Holds a frame that a function sees.
    func hold(_ frame: Frame) throws(Fault) {
        hold.hold(frame)
        if hold.count > environment.limits.memory / 16 { throw Self.tooLarge }
    }

    /// Counts a level of evaluation that is no node's.
    func nested(_ body: (Evaluator) throws(Fault) -> Value) throws(Fault) -> Value {
        depth += 1
        defer { depth -= 1 }
        if depth > environment.limits.depth || stack.isUsedUp { throw Self.tooDeep }
        return try body(self)
    }

    // MARK: - Nodes

    /// Evaluates a node with what stands behind it: predicates and grouping.
    func evaluate(_ node: Syntax, _ input: Value, _ frame: Frame) throws(Fault) -> Value {
        depth += 1
        defer { depth -= 1 }
        try spend()
        if depth > environment.limits.depth || stack.isUsedUp { throw Self.tooDeep }
        var result = try value(of: node, input, frame)
        if !node.predicates.isEmpty {
            for predicate in node.predicates { result = try filter(result, by: predicate, frame) }
            if node.keepsArray, !result.isArray { result = try makeSequence(result.isUndefined ? [] : [result]) }
        }
        if let group = node.group {
            if case .path = node.kind {} else { result = try self.group(result, by: group, frame) }
        }
        guard case .sequence(let sequence) = result else { return result }
        return normal(sequence, keepsArray: node.keepsArray)
    }

    /// A sequence as the value that it stands for.
    func normal(_ sequence: Sequence, keepsArray: Bool = false) -> Value {
        switch sequence.items.count {
        case 0: .undefined
        case 1 where keepsArray && !sequence.keepsSingleton:
            .sequence(Sequence(sequence.items, keepsSingleton: true, isOuter: sequence.isOuter))
        case 1 where !sequence.keepsSingleton: sequence.items[0]
        default: .sequence(sequence)
        }
    }

    private func value(of node: Syntax, _ input: Value, _ frame: Frame) throws(Fault) -> Value {
        switch node.kind {
        case .string(let text): return .string(text)
        case .number(let value): return .number(value)
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .name(let name): return try lookup(name, in: input)
        case .context: return input.unwrapped
        case .variable(let name, let builtin): return variable(name, builtin, frame)
        case .path(let steps, let keepsSingleton):
            return try path(steps, keepsSingleton: keepsSingleton, node, input, frame)
        case .arithmetic(let sign, let left, let right):
            let left = try evaluate(left, input, frame)
            return try arithmetic(sign, left, try evaluate(right, input, frame), node.position)
        case .comparison(let sign, let left, let right):
            let left = try evaluate(left, input, frame)
            return try compare(sign, left, try evaluate(right, input, frame), node.position)
        case .equality(let isNegated, let left, let right):
            let left = try evaluate(left, input, frame)
            let right = try evaluate(right, input, frame)
            if left.isUndefined || right.isUndefined { return .bool(false) }
            return .bool(try isEqual(left, right) != isNegated)
        case .and(let left, let right): return try both(left, right, isOr: false, node.position, input, frame)
        case .or(let left, let right): return try both(left, right, isOr: true, node.position, input, frame)
        case .condition(let condition, let then, let otherwise):
            if try isTrue(try evaluate(condition, input, frame)) { return try evaluate(then, input, frame) }
            guard let otherwise else { return .undefined }
            return try evaluate(otherwise, input, frame)
        case .block(let expressions):
            let inner = Frame(parent: frame)
            var result = Value.undefined
            for expression in expressions { result = try evaluate(expression, input, inner) }
            return result
        case .bind(let name, let value):
            let value = try evaluate(value, input, frame)
            frame.bind(name, value)
            return value
        case .call(let call): return try self.call(call, input, frame)
        case .object(let group): return try self.group(input, by: group, frame)
        default: return try rarerValue(of: node, input, frame)
        }
    }

    private func rarerValue(of node: Syntax, _ input: Value, _ frame: Frame) throws(Fault) -> Value {
        switch node.kind {
        case .wildcard: return try children(of: input)
        case .descendant: return try descendants(of: input)
        case .parent(let label): return frame.lookup(label) ?? .undefined
        case .concatenation(let left, let right):
            let left = try evaluate(left, input, frame)
            let right = try evaluate(right, input, frame)
            return try concatenate(left, right, node.position)
        case .range(let left, let right):
            let left = try evaluate(left, input, frame)
            return try range(left, try evaluate(right, input, frame), node.position)
        case .membership(let left, let right):
            let left = try evaluate(left, input, frame)
            return .bool(try isMember(left, of: try evaluate(right, input, frame)))
        case .negation(let operand): return try negate(try evaluate(operand, input, frame), node.position)
        case .array(let items): return try array(items, isConstructed: node.isConstructor, input, frame)
        case .alternative(let left, let right):
            let value = try evaluate(left, input, frame)
            return try isTrue(value) ? value : try evaluate(right, input, frame)
        case .coalescing(let left, let right):
            let value = try evaluate(left, input, frame)
            return value.isUndefined ? try evaluate(right, input, frame) : value
        case .partial(let procedure, let arguments):
            return try partial(procedure, arguments, node.position, input, frame)
        case .lambda(let lambda):
            try hold(frame)
            return try makeFunction(.lambda(lambda, frame, input))
        case .tailCall(let call): return .function(Function(.tailCall(call, frame, input)))
        case .apply(let left, let right): return try apply(left, right, node.position, input, frame)
        case .transform(let pattern, let update, let removal):
            try hold(frame)
            let transform = Transform(pattern: pattern, update: update, removal: removal, position: node.position)
            return try makeFunction(.transform(transform, frame))
        case .regex(let regex, let source): return try makeFunction(.regex(regex, source: source))
        case .sort(let terms): return try sort(input, by: terms, node.position, frame)
        default: return .undefined
        }
    }

    // MARK: - Variables

    private func variable(_ name: String, _ builtin: Builtin?, _ frame: Frame) -> Value {
        if let value = frame.lookup(name) { return value }
        return outerValue(of: name) ?? builtin.map { .function($0.function) } ?? .undefined
    }

    /// What the caller has bound to a name.
    private func outerValue(of name: String) -> Value? {
        guard !bindings.isEmpty, let binding = bindings[name] else { return nil }
        switch binding {
        case .value(let value): return Value(value)
        case .function(let function): return .function(Function(.native(function)))
        case .absent: return .undefined
        }
    }

    /// What a name means to an expression that is only read now.
    func isBound(_ name: String, _ frame: Frame) -> Bool {
        !variable(name, Builtin.named(name), frame).isUndefined
    }
}
