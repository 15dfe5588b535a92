extension Parser {
    /// `(a; b)`, its bracket read.
    mutating func block(at position: Int) throws(Fault) -> Draft {
        var expressions: [Draft] = []
        while !isAt(")") {
            expressions.append(try expression(0))
            guard isAt(";") else { break }
            try advance()
        }
        try skip(")", isInfix: true)
        return Draft(.block(expressions), at: position, height: expressions.height + 1)
    }

    /// `[a, b..c]`, its bracket read.
    mutating func array(at position: Int) throws(Fault) -> Draft {
        var items: [Draft] = []
        if !isAt("]") {
            while true {
                var item = try expression(0)
                if isAt("..") {
                    let place = token.position
                    try advance()
                    item = binary("..", item, try expression(0), at: place)
                }
                items.append(item)
                guard isAt(",") else { break }
                try advance()
            }
        }
        try skip("]", isInfix: true)
        return Draft(.array(items), at: position, height: items.height + 1)
    }

    /// `key: value, …}`, its opening bracket read.
    mutating func pairs() throws(Fault) -> [Draft.Pair] {
        var pairs: [Draft.Pair] = []
        if !isAt("}") {
            while true {
                let key = try expression(0)
                try skip(":")
                pairs.append(Draft.Pair(key: key, value: try expression(0)))
                guard isAt(",") else { break }
                try advance()
            }
        }
        try skip("}", isInfix: true)
        return pairs
    }

    /// `| pattern | update, delete |`, its first bar read.
    mutating func transform(at position: Int) throws(Fault) -> Draft {
        let pattern = try expression(0)
        try skip("|")
        let update = try expression(0)
        var removal: Draft?
        if isAt(",") {
            try advance()
            removal = try expression(0)
        }
        // A transform is an operand: what follows it is an operator.
        try skip("|")
        let height = max(pattern.height, update.height, removal?.height ?? 0) + 1
        return Draft(.transform(pattern, update, removal), at: position, height: height)
    }

    /// `left[predicate]`, or `left[]`.
    mutating func filter(_ left: Draft, at position: Int) throws(Fault) -> Draft {
        if isAt("]") {
            // Nothing between the brackets: one value stays an array.
            var step = left
            while case .binary("[", let inner, _) = step.kind { step = inner }
            step.keepsArray = true
            try advance(isInfix: true)
            return left
        }
        let predicate = try expression(0)
        try skip("]", isInfix: true)
        return binary("[", left, predicate, at: position)
    }

    /// `left^(<a, >b)`, its sign read.
    mutating func orderBy(_ left: Draft, at position: Int) throws(Fault) -> Draft {
        try skip("(")
        var terms: [Draft.Term] = []
        while true {
            let isDescending = isAt(">")
            if isDescending || isAt("<") { try advance() }
            terms.append(Draft.Term(isDescending: isDescending, expression: try expression(0)))
            guard isAt(",") else { break }
            try advance()
        }
        try skip(")", isInfix: true)
        let height = max(left.height, terms.map(\.expression.height).max() ?? 0) + 1
        return Draft(.orderBy(left, terms), at: position, height: height)
    }

    /// `left(a, ?)`, its bracket read; with `function` or `λ` to the left, a definition.
    mutating func call(_ left: Draft, at position: Int) throws(Fault) -> Draft {
        var arguments: [Draft?] = []
        var places: [Int] = []
        if !isAt(")") {
            while true {
                places.append(token.position)
                if isAt("?") {
                    arguments.append(nil)
                    try advance(isInfix: true)
                } else {
                    arguments.append(try expression(0))
                }
                guard isAt(",") else { break }
                try advance()
            }
        }
        try skip(")", isInfix: true)
        let height = max(left.height, arguments.map { $0?.height ?? 0 }.max() ?? 0) + 1
        if case .name(let name) = left.kind, name == "function" || name == "λ" {
            return try lambda(arguments, places, at: position, height: height)
        }
        let given = arguments.compactMap(\.self)
        if given.count == arguments.count { return Draft(.call(left, given), at: position, height: height) }
        return Draft(.partial(left, arguments), at: position, height: height)
    }

    private mutating func lambda(
        _ arguments: [Draft?],
        _ places: [Int],
        at position: Int,
        height: Int
    ) throws(Fault) -> Draft {
        var parameters: [String] = []
        for (index, argument) in arguments.enumerated() {
            guard case .variable(let name)? = argument?.kind else {
                throw Fault(
                    "S0208",
                    at: argument?.position ?? places[index],
                    token: argument?.token ?? "?",
                    .init(value: String(index + 1))
                )
            }
            parameters.append(name)
        }
        let signature = isAt("<") ? try signature() : nil
        try skip("{")
        let body = try expression(0)
        try skip("}", isInfix: true)
        return Draft(.lambda(parameters, signature, body), at: position, height: max(height, body.height + 1))
    }

    private mutating func signature() throws(Fault) -> Signature {
        let place = token.position
        var depth = 1
        var text = "<"
        while depth > 0, !isAt("{"), token.kind != .end {
            try advance()
            if isAt(">") { depth -= 1 }
            if isAt("<") { depth += 1 }
            text += token.text
        }
        try skip(">")
        return try Signature(parsing: text, at: place)
    }
}
