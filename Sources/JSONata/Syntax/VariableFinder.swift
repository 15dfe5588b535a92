/// Finds the variables that an expression reads from outside.
///
/// A variable that is bound anywhere in the expression counts as its own wherever it stands: which of two meanings a name
/// has can depend on data.
struct VariableFinder {
    private var read: Set<String> = []
    private var bound: Set<String> = []
    private var paths: Set<String> = []

    var variables: Set<String> { read.subtracting(bound) }

    var references: Set<String> {
        paths.filter { path in
            let name = path.prefix { $0 != "." }
            return !bound.contains(String(name))
        }
    }

    mutating func visit(_ node: Syntax) {
        for predicate in node.predicates { visit(predicate) }
        for case .filter(let filter) in node.stages { visit(filter) }
        for case .index(let name) in node.stages { bound.insert(name) }
        if let group = node.group { visit(group) }
        if let name = node.focus { bound.insert(name) }
        if let name = node.index { bound.insert(name) }
        visit(node.kind)
    }

    private mutating func visit(_ group: Group) {
        for pair in group.pairs {
            visit(pair.key)
            visit(pair.value)
        }
    }

    private mutating func visit(_ nodes: [Syntax]) {
        for node in nodes { visit(node) }
    }

    private mutating func visit(_ kind: SyntaxKind) {
        switch kind {
        case .string, .number, .null, .bool, .regex, .name, .wildcard, .descendant, .parent, .context: break
        case .variable(let name, let builtin):
            if name != "$", builtin == nil {
                read.insert(name)
                paths.insert(name)
            }
        case .path(let steps, _):
            visit(steps)
            notePath(steps)
        case .arithmetic(_, let left, let right), .comparison(_, let left, let right),
            .equality(_, let left, let right), .concatenation(let left, let right), .and(let left, let right),
            .or(let left, let right), .range(let left, let right), .membership(let left, let right),
            .alternative(let left, let right), .coalescing(let left, let right), .apply(let left, let right):
            visit(left)
            visit(right)
        case .negation(let operand): visit(operand)
        case .array(let items), .block(let items): visit(items)
        case .object(let group): visit(group)
        case .condition(let condition, let then, let otherwise):
            visit([condition, then])
            if let otherwise { visit(otherwise) }
        case .bind(let name, let value):
            bound.insert(name)
            visit(value)
        case .call(let call), .tailCall(let call):
            visit(call.procedure)
            visit(call.arguments)
        case .partial(let procedure, let arguments):
            visit(procedure)
            visit(arguments.compactMap(\.self))
        case .lambda(let lambda):
            bound.formUnion(lambda.parameters)
            visit(lambda.body)
        case .sort(let terms): visit(terms.map(\.expression))
        case .transform(let pattern, let update, let removal):
            visit([pattern, update])
            if let removal { visit(removal) }
        }
    }

    private mutating func notePath(_ steps: [Syntax]) {
        guard case .variable(let variable, nil)? = steps.first?.kind, variable != "$" else { return }
        var path = variable
        for step in steps.dropFirst() {
            guard case .name(let name) = step.kind else { break }
            path += ".\(name)"
            paths.insert(path)
        }
    }
}
