/// `| pattern | update, delete |`: a function that changes the places of a value that a pattern finds.
final class Transform: Sendable {
    let pattern: Syntax
    let update: Syntax
    let removal: Syntax?
    let position: Int

    /// `<(oa):o>`; a constant that is known to be right.
    static let signature: Signature? = try? Signature(parsing: "<(oa):o>")

    init(pattern: Syntax, update: Syntax, removal: Syntax?, position: Int) {
        self.pattern = pattern
        self.update = update
        self.removal = removal
        self.position = position
    }
}

extension Evaluator {
    /// Changes a copy of the value, all of whose objects can be told apart: what the pattern finds is what is changed.
    func apply(_ transform: Transform, to value: Value, _ frame: Frame) throws(Fault) -> Value {
        if value.isUndefined { return .undefined }
        if let bound = frame.lookup("clone"), bound.function == nil { throw Fault("T2013", at: transform.position) }
        let copy = try copied(value)
        let matches = try evaluate(transform.pattern, copy, frame)
        if matches.isUndefined { return copy }
        let list = matches.asList
        for index in 0..<list.count {
            let match = list[index]
            try update(match, transform, frame)
            if let removal = transform.removal { try remove(from: match, removal, frame) }
        }
        return copy
    }

    private func update(_ match: Value, _ transform: Transform, _ frame: Frame) throws(Fault) {
        let update = try evaluate(transform.update, match, frame)
        if update.isUndefined { return }
        guard let members = Members(update) else {
            throw Fault("T2011", at: transform.update.position, value: update)
        }
        // What the update holds is copied: it may hold the very object that is changed.
        guard case .object(let object) = match else { return }
        var values: [(String, Value)] = []
        try members.forEach { name, value throws(Fault) in values.append((name, try copied(value))) }
        for (name, value) in values { object.set(name, value) }
        try checkNesting(object.depth)
    }

    private func remove(from match: Value, _ removal: Syntax, _ frame: Frame) throws(Fault) {
        let removed = try evaluate(removal, match, frame)
        if removed.isUndefined { return }
        let list = removed.asList
        var names: [String] = []
        for index in 0..<list.count {
            guard let name = list[index].string else { throw Fault("T2012", at: removal.position, value: removed) }
            names.append(name)
        }
        guard case .object(let object) = match else { return }
        for name in names { object.remove(name) }
    }

    /// A copy whose objects are its own.
    private func copied(_ value: Value) throws(Fault) -> Value {
        if let list = value.list {
            var items: [Value] = []
            items.reserveCapacity(list.count)
            for index in 0..<list.count { items.append(try copied(list[index])) }
            return try makeArray(items)
        }
        guard let members = Members(value) else { return value }
        try allocate(members.count + 2)
        let object = ObjectValue()
        try members.forEach { name, value throws(Fault) in object.set(name, try copied(value)) }
        try checkNesting(object.depth)
        return .object(object)
    }
}
