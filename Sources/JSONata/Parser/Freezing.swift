extension Draft {
    /// The node as it is evaluated.
    func frozen() throws(Fault) -> Syntax {
        var predicates: [Syntax] = []
        for predicate in self.predicates { predicates.append(try predicate.frozen()) }
        var stages: [JSONata.Stage] = []
        for stage in self.stages {
            switch stage {
            case .filter(let draft): stages.append(.filter(try draft.frozen()))
            case .index(let name): stages.append(.index(name))
            }
        }
        let group: Group? = if let group = self.group { try Self.frozen(group.pairs, at: group.position) } else { nil }
        return Syntax(try frozenKind(), self, predicates: predicates, stages: stages, group: group)
    }

    private static func frozen(_ pairs: [Pair], at position: Int) throws(Fault) -> Group {
        var frozen: [JSONata.Pair] = []
        for pair in pairs { frozen.append(JSONata.Pair(key: try pair.key.frozen(), value: try pair.value.frozen())) }
        return Group(pairs: frozen, position: position)
    }

    private static func frozen(_ drafts: [Draft]) throws(Fault) -> [Syntax] {
        var frozen: [Syntax] = []
        for draft in drafts { frozen.append(try draft.frozen()) }
        return frozen
    }

    private func frozenKind() throws(Fault) -> SyntaxKind {
        switch kind {
        case .string(let text): return .string(text)
        case .number(let value): return .number(value)
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .regex(let pattern, let flags):
            return .regex(try Regex(parsing: pattern, flags: flags, at: position), source: pattern)
        case .name(let name): return .name(name)
        case .wildcard: return .wildcard
        case .descendant: return .descendant
        case .parent(let slot): return .parent(slot?.label ?? "")
        case .variable(let name): return name.isEmpty ? .context : .variable(name, Builtin.named(name))
        case .path(let steps): return .path(try Self.frozen(steps), keepsSingleton: keepsSingletonArray)
        case .binary(let sign, let left, let right): return try frozenBinary(sign, left, right)
        case .negation(let operand): return .negation(try operand.frozen())
        case .array(let items): return .array(try Self.frozen(items))
        case .object(let pairs): return .object(try Self.frozen(pairs, at: position))
        case .block(let expressions): return .block(try Self.frozen(expressions))
        case .condition(let condition, let then, let otherwise):
            let condition = try condition.frozen()
            let then = try then.frozen()
            if let otherwise { return .condition(condition, then, try otherwise.frozen()) }
            return .condition(condition, then, nil)
        case .alternative(let left, let right): return .alternative(try left.frozen(), try right.frozen())
        case .coalescing(let left, let right): return .coalescing(try left.frozen(), try right.frozen())
        case .bind(let name, let value): return .bind(name, try value.frozen())
        case .call(let procedure, let arguments): return .call(try frozenCall(procedure, arguments))
        case .tailCall(let draft):
            guard case .call(let procedure, let arguments) = draft.kind else { return .null }
            return .tailCall(try draft.frozenCall(procedure, arguments))
        case .partial(let procedure, let arguments):
            var frozen: [Syntax?] = []
            for argument in arguments {
                if let argument { frozen.append(try argument.frozen()) } else { frozen.append(nil) }
            }
            return .partial(try procedure.frozen(), frozen)
        case .lambda(let parameters, let signature, let body):
            return .lambda(Lambda(parameters: parameters, signature: signature, body: try body.frozen()))
        case .apply(let left, let right): return .apply(try left.frozen(), try right.frozen())
        case .sort(let terms):
            var frozen: [SortTerm] = []
            for term in terms {
                let expression = try term.expression.frozen()
                frozen.append(SortTerm(isDescending: term.isDescending, expression: expression))
            }
            return .sort(frozen)
        case .transform(let pattern, let update, let removal):
            let pattern = try pattern.frozen()
            let update = try update.frozen()
            if let removal { return .transform(pattern, update, try removal.frozen()) }
            return .transform(pattern, update, nil)
        case .end, .operator, .orderBy, .grouping: throw Fault("S0206", at: position, token: token)
        }
    }

    private func frozenCall(_ procedure: Draft, _ arguments: [Draft]) throws(Fault) -> Call {
        Call(procedure: try procedure.frozen(), arguments: try Self.frozen(arguments), position: position)
    }

    private func frozenBinary(_ sign: String, _ left: Draft, _ right: Draft) throws(Fault) -> SyntaxKind {
        let left = try left.frozen()
        let right = try right.frozen()
        if let arithmetic = Arithmetic(rawValue: sign) { return .arithmetic(arithmetic, left, right) }
        if let comparison = Comparison(rawValue: sign) { return .comparison(comparison, left, right) }
        switch sign {
        case "=": return .equality(isNegated: false, left, right)
        case "!=": return .equality(isNegated: true, left, right)
        case "&": return .concatenation(left, right)
        case "and": return .and(left, right)
        case "or": return .or(left, right)
        case "..": return .range(left, right)
        case "in": return .membership(left, right)
        default: throw Fault("S0206", at: position, token: sign)
        }
    }
}
