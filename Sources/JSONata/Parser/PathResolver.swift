/// Makes paths of what stands between dots, and finds the step that each `%` means.
///
/// The rules are the reference implementation's, in the order in which it applies them: what is bound to a step depends
/// on it.
struct PathResolver {
    private var ancestry: [ParentSlot] = []

    /// Resolves a whole expression.
    mutating func document(_ draft: Draft) throws(Fault) -> Draft {
        let result = try resolve(draft)
        if case .parent = result.kind { throw Fault("S0217", at: result.position, token: result.typeName) }
        if !result.seeking.isEmpty { throw Fault("S0217", at: result.position, token: result.typeName) }
        return result
    }

    mutating func resolve(_ draft: Draft) throws(Fault) -> Draft {
        let result = try resolveKind(draft)
        if draft.keepsArray { result.keepsArray = true }
        return result
    }

    private mutating func resolveKind(_ draft: Draft) throws(Fault) -> Draft {
        let position = draft.position
        switch draft.kind {
        case .binary(let sign, let left, let right): return try binary(sign, left, right, draft)
        case .orderBy(let left, let terms): return try orderBy(left, terms, at: position)
        case .grouping(let left, let pairs):
            let result = try resolve(left)
            guard result.group == nil else { throw Fault("S0210", at: position) }
            var resolved: [Draft.Pair] = []
            for pair in pairs { resolved.append(.init(key: try resolve(pair.key), value: try resolve(pair.value))) }
            result.group = (resolved, position)
            return result
        case .name:
            let step = copy(draft)
            step.keepsArray = draft.keepsArray
            let path = Draft(.path([step]), at: position)
            path.keepsSingletonArray = draft.keepsArray
            return path
        case .parent:
            let slot = ParentSlot(number: ancestry.count)
            ancestry.append(slot)
            return Draft(.parent(slot), at: position)
        case .operator(let word): return try resolve(Draft(.name(word), at: position))
        case .end: throw Fault("S0207", at: position, token: "(end)")
        case .string, .number, .null, .bool, .regex, .variable, .wildcard, .descendant: return copy(draft)
        default: return try compound(draft)
        }
    }

    private func copy(_ draft: Draft) -> Draft { Draft(draft.kind, at: draft.position, height: draft.height) }

    /// A part, whose sought parents become the whole's.
    private mutating func part(_ draft: Draft, of whole: Draft) throws(Fault) -> Draft {
        let result = try resolve(draft)
        Self.pass(from: result, to: whole)
        return result
    }

    /// Hands on the parents that a part seeks.
    static func pass(from part: Draft, to whole: Draft) {
        whole.seeking += part.seeking
        if case .parent(let slot?) = part.kind { whole.seeking.append(slot) }
    }

    private mutating func compound(_ draft: Draft) throws(Fault) -> Draft {
        let result = Draft(.null, at: draft.position, height: draft.height)
        switch draft.kind {
        case .negation(let operand):
            let operand = try resolve(operand)
            if case .number(let value) = operand.kind {
                operand.kind = .number(-value)
                return operand
            }
            Self.pass(from: operand, to: result)
            result.kind = .negation(operand)
        case .array(let items):
            var resolved: [Draft] = []
            for item in items { resolved.append(try part(item, of: result)) }
            result.kind = .array(resolved)
        case .object(let pairs):
            var resolved: [Draft.Pair] = []
            for pair in pairs {
                let key = try part(pair.key, of: result)
                resolved.append(.init(key: key, value: try part(pair.value, of: result)))
            }
            result.kind = .object(resolved)
        case .block(let expressions):
            var resolved: [Draft] = []
            for expression in expressions {
                let part = try part(expression, of: result)
                if part.isConstructor || part.firstStep?.isConstructor == true { result.isConstructor = true }
                resolved.append(part)
            }
            result.kind = .block(resolved)
        case .condition(let condition, let then, let otherwise):
            let condition = try part(condition, of: result)
            let then = try part(then, of: result)
            if let otherwise {
                result.kind = .condition(condition, then, try part(otherwise, of: result))
            } else {
                result.kind = .condition(condition, then, nil)
            }
        case .alternative(let left, let right):
            let left = try part(left, of: result)
            result.kind = .alternative(left, try part(right, of: result))
        case .coalescing(let left, let right):
            let left = try part(left, of: result)
            result.kind = .coalescing(left, try part(right, of: result))
        case .call(let procedure, let arguments):
            var resolved: [Draft] = []
            for argument in arguments { resolved.append(try part(argument, of: result)) }
            result.kind = .call(try resolve(procedure), resolved)
        case .partial(let procedure, let arguments):
            var resolved: [Draft?] = []
            for argument in arguments {
                if let argument { resolved.append(try part(argument, of: result)) } else { resolved.append(nil) }
            }
            result.kind = .partial(try resolve(procedure), resolved)
        case .lambda(let parameters, let signature, let body):
            result.kind = .lambda(parameters, signature, Self.withTailCalls(try resolve(body)))
        case .transform(let pattern, let update, let removal):
            let pattern = try resolve(pattern)
            let update = try resolve(update)
            if let removal {
                result.kind = .transform(pattern, update, try resolve(removal))
            } else {
                result.kind = .transform(pattern, update, nil)
            }
        default: throw Fault("S0206", at: draft.position, token: draft.token)
        }
        return result
    }

    /// Marks the calls whose result is the function's: they need no stack.
    private static func withTailCalls(_ draft: Draft) -> Draft {
        switch draft.kind {
        case .call where draft.predicates.isEmpty && draft.group == nil && !draft.keepsArray:
            return Draft(.tailCall(draft), at: draft.position, height: draft.height)
        case .condition(let condition, let then, let otherwise):
            draft.kind = .condition(condition, withTailCalls(then), otherwise.map(withTailCalls))
        case .block(var expressions):
            if let last = expressions.popLast() { expressions.append(withTailCalls(last)) }
            draft.kind = .block(expressions)
        default: break
        }
        return draft
    }
}

extension Draft {
    var firstStep: Draft? {
        if case .path(let steps) = kind { steps.first } else { nil }
    }

    var lastStep: Draft? {
        if case .path(let steps) = kind { steps.last } else { nil }
    }
}
