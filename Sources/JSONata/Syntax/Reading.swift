/// What an expression reads: facts that hold whatever its data is.
package struct Reading: Sendable, Hashable {
    /// A variable, without its `$`, and the names that follow it in a path: `$states.input.order[0].id` is `states` and
    /// `input`, `order`.
    package struct Path: Sendable, Hashable {
        package let variable: String
        package let names: [String]
    }

    /// Every occurrence of a variable, of built-in functions too, each path as long as it is names.
    package private(set) var paths: Set<Path> = []
    /// What is read of the value that the expression as a whole is evaluated on: names, `$`, `*` and `**`, each once, in the
    /// order of the text.
    ///
    /// A path's first step counts, not those behind it, for they read what it gives; a function's body counts, for it reads
    /// what is around it.
    package private(set) var ofContext: [String] = []
    /// Whether `$$` is among it.
    package private(set) var readsRoot = false

    init(of syntax: Syntax) { visit(syntax, isTop: true) }

    private mutating func read(_ name: String, isTop: Bool) {
        if isTop, !ofContext.contains(name) { ofContext.append(name) }
    }

    private mutating func visit(_ node: Syntax, isTop: Bool) {
        visit(node.kind, isTop: isTop)
        for predicate in node.predicates { visit(predicate, isTop: false) }
        for case .filter(let filter) in node.stages { visit(filter, isTop: false) }
        if let group = node.group { visit(group, isTop: false) }
    }

    private mutating func visit(_ group: Group, isTop: Bool) {
        for pair in group.pairs {
            visit(pair.key, isTop: isTop)
            visit(pair.value, isTop: isTop)
        }
    }

    private mutating func visit(_ kind: SyntaxKind, isTop: Bool) {
        switch kind {
        case .string, .number, .null, .bool, .regex, .parent: break
        case .name(let name): read(name, isTop: isTop)
        case .wildcard: read("*", isTop: isTop)
        case .descendant: read("**", isTop: isTop)
        case .context: read("$", isTop: isTop)
        case .variable("$", _): readsRoot = true
        case .variable(let name, _): paths.insert(Path(variable: name, names: []))
        case .path(let steps, _): visit(path: steps, isTop: isTop)
        case .arithmetic(_, let left, let right), .comparison(_, let left, let right),
            .equality(_, let left, let right), .concatenation(let left, let right), .and(let left, let right),
            .or(let left, let right), .range(let left, let right), .membership(let left, let right),
            .alternative(let left, let right), .coalescing(let left, let right), .apply(let left, let right):
            visit(left, isTop: isTop)
            visit(right, isTop: isTop)
        case .negation(let operand): visit(operand, isTop: isTop)
        case .array(let items), .block(let items): for item in items { visit(item, isTop: isTop) }
        case .object(let group): visit(group, isTop: isTop)
        case .condition(let condition, let then, let otherwise):
            visit(condition, isTop: isTop)
            visit(then, isTop: isTop)
            if let otherwise { visit(otherwise, isTop: isTop) }
        case .bind(_, let value): visit(value, isTop: isTop)
        case .call(let call), .tailCall(let call):
            visit(call.procedure, isTop: isTop)
            for argument in call.arguments { visit(argument, isTop: isTop) }
        case .partial(let procedure, let arguments):
            visit(procedure, isTop: isTop)
            for case let argument? in arguments { visit(argument, isTop: isTop) }
        case .lambda(let lambda): visit(lambda.body, isTop: isTop)
        case .sort(let terms): for term in terms { visit(term.expression, isTop: false) }
        case .transform(let pattern, let update, let removal):
            visit(pattern, isTop: false)
            visit(update, isTop: false)
            if let removal { visit(removal, isTop: false) }
        }
    }

    private mutating func visit(path steps: [Syntax], isTop: Bool) {
        guard let first = steps.first else { return }
        if case .variable(let name, _) = first.kind, name != "$" {
            let plain = first.predicates.isEmpty && first.stages.isEmpty && first.group == nil
            var names: [String] = []
            if plain {
                for step in steps.dropFirst() {
                    guard case .name(let name) = step.kind else { break }
                    names.append(name)
                    guard step.predicates.isEmpty, step.stages.isEmpty, step.group == nil else { break }
                }
            }
            paths.insert(Path(variable: name, names: names))
            for predicate in first.predicates { visit(predicate, isTop: false) }
            for case .filter(let filter) in first.stages { visit(filter, isTop: false) }
            if let group = first.group { visit(group, isTop: false) }
        } else {
            visit(first, isTop: isTop)
        }
        for step in steps.dropFirst() { visit(step, isTop: false) }
    }
}

extension Expression {
    /// What it reads, found anew each time.
    package var reading: Reading { Reading(of: syntax) }
}
