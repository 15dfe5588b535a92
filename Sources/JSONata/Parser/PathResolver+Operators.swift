extension PathResolver {
    mutating func binary(_ sign: String, _ left: Draft, _ right: Draft, _ draft: Draft) throws(Fault) -> Draft {
        let position = draft.position
        switch sign {
        case ".": return try step(left, right)
        case "[": return try filter(left, right, draft)
        case ":=":
            let result = Draft(.null, at: position, height: draft.height)
            let value = try resolve(right)
            Self.pass(from: value, to: result)
            guard case .variable(let name) = left.kind else { throw Fault("S0212", at: left.position) }
            result.kind = .bind(name, value)
            return result
        case "@": return try focus(left, right, draft)
        case "#": return try index(left, right, at: position)
        case "~>":
            let left = try resolve(left)
            let right = try resolve(right)
            let result = Draft(.apply(left, right), at: position, height: draft.height)
            result.keepsArray = left.keepsArray || right.keepsArray
            return result
        default:
            let left = try resolve(left)
            let right = try resolve(right)
            let result = Draft(.binary(sign, left, right), at: position, height: draft.height)
            Self.pass(from: left, to: result)
            Self.pass(from: right, to: result)
            return result
        }
    }

    /// Resolves `left.right`.
    private mutating func step(_ left: Draft, _ right: Draft) throws(Fault) -> Draft {
        let left = try resolve(left)
        var steps: [Draft]
        let result: Draft
        if case .path(let known) = left.kind {
            result = left
            steps = known
        } else {
            result = Draft(.null, at: left.position, height: left.height)
            steps = [left]
            if case .parent(let slot?) = left.kind { result.seeking = [slot] }
        }
        let rest = try resolve(right)
        if case .path(let more) = rest.kind {
            steps += more
        } else {
            rest.stages += rest.predicates.map { .filter($0) }
            rest.predicates = []
            steps.append(rest)
        }
        for step in steps {
            switch step.kind {
            case .number, .bool, .null:
                throw Fault("S0213", at: step.position, token: nil, .init(value: step.token))
            case .string(let name): step.kind = .name(name)
            default: break
            }
        }
        if steps.contains(where: \.keepsArray) { result.keepsSingletonArray = true }
        for step in [steps.first, steps.last] {
            if case .array? = step?.kind { step?.isConstructor = true }
        }
        result.kind = .path(steps)
        try resolveAncestry(of: result, steps)
        return result
    }

    /// Resolves `left[predicate]`.
    private mutating func filter(_ left: Draft, _ right: Draft, _ draft: Draft) throws(Fault) -> Draft {
        let result = try resolve(left)
        let last = result.lastStep
        let step = last ?? result
        guard step.group == nil else { throw Fault("S0209", at: draft.position) }
        let predicate = try resolve(right)
        if !predicate.seeking.isEmpty {
            for slot in predicate.seeking {
                if slot.level == 1 { try seek(slot, from: step) } else { slot.level -= 1 }
            }
            Self.pass(from: predicate, to: step)
        }
        if last != nil { step.stages.append(.filter(predicate)) } else { step.predicates.append(predicate) }
        return result
    }

    /// Resolves `left^(terms)`.
    mutating func orderBy(_ left: Draft, _ terms: [Draft.Term], at position: Int) throws(Fault) -> Draft {
        let left = try resolve(left)
        let result: Draft
        var steps: [Draft]
        if case .path(let known) = left.kind {
            result = left
            steps = known
        } else {
            result = Draft(.null, at: left.position, height: left.height)
            steps = [left]
        }
        let sort = Draft(.null, at: position)
        var resolved: [Draft.Term] = []
        for term in terms {
            let expression = try resolve(term.expression)
            Self.pass(from: expression, to: sort)
            resolved.append(.init(isDescending: term.isDescending, expression: expression))
        }
        sort.kind = .sort(resolved)
        steps.append(sort)
        result.kind = .path(steps)
        try resolveAncestry(of: result, steps)
        return result
    }

    /// Resolves `left@$name`.
    private mutating func focus(_ left: Draft, _ right: Draft, _ draft: Draft) throws(Fault) -> Draft {
        let result = try resolve(left)
        let step = result.lastStep ?? result
        guard step.stages.isEmpty, step.predicates.isEmpty else { throw Fault("S0215", at: draft.position) }
        if case .sort = step.kind { throw Fault("S0216", at: draft.position) }
        if draft.keepsArray { step.keepsArray = true }
        if case .variable(let name) = right.kind { step.focus = name }
        step.isTuple = true
        return result
    }

    /// Resolves `left#$name`.
    private mutating func index(_ left: Draft, _ right: Draft, at position: Int) throws(Fault) -> Draft {
        var result = try resolve(left)
        var step = result
        if let last = result.lastStep {
            step = last
        } else {
            result = Draft(.path([step]), at: step.position, height: step.height)
            step.stages = step.predicates.map { .filter($0) }
            step.predicates = []
        }
        guard case .variable(let name) = right.kind else { return result }
        if step.stages.isEmpty { step.index = name } else { step.stages.append(.index(name)) }
        step.isTuple = true
        return result
    }

    // MARK: - Parents

    /// Finds the steps that the parents sought by a path's last step mean; those that lie beyond it are sought further.
    private mutating func resolveAncestry(of path: Draft, _ steps: [Draft]) throws(Fault) {
        guard let last = steps.last else { return }
        var slots = last.seeking
        if case .parent(let slot?) = last.kind { slots.append(slot) }
        for slot in slots {
            var index = steps.count - 2
            while slot.level > 0 {
                if index < 0 {
                    path.seeking.append(slot)
                    break
                }
                var step = steps[index]
                index -= 1
                // Steps that bind their values go on from one input: together they are one level.
                while index >= 0, step.focus != nil, steps[index].focus != nil {
                    step = steps[index]
                    index -= 1
                }
                try seek(slot, from: step)
            }
        }
    }

    /// Looks for a parent's step from a node upwards.
    private mutating func seek(_ slot: ParentSlot, from node: Draft) throws(Fault) {
        switch node.kind {
        case .name, .wildcard:
            slot.level -= 1
            guard slot.level == 0 else { return }
            if let known = node.ancestor { slot.label = known.label }
            node.ancestor = slot
            node.isTuple = true
        case .parent:
            slot.level += 1
        case .block(let expressions):
            guard let last = expressions.last else { return }
            node.isTuple = true
            try seek(slot, from: last)
        case .path(let steps):
            node.isTuple = true
            for step in steps.reversed() {
                try seek(slot, from: step)
                if slot.level <= 0 { break }
            }
        default:
            throw Fault("S0217", at: node.position, token: node.typeName)
        }
    }
}
