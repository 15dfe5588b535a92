extension Builtin {
    /// Functions on texts.
    static let strings: [Builtin] = [
        Builtin("string", "<x-b?:s>", arity: 1) { call throws(Fault) in
            let value = call[0].unwrapped
            var isPretty = false
            if case .bool(true) = call[1] { isPretty = true }
            return try call.evaluator.text(of: value, isPretty: isPretty).map { .string($0) } ?? .undefined
        },
        Builtin("length", "<s-:n>", arity: 1) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            return .number(Double(text.unicodeScalars.count))
        },
        Builtin("substring", "<s-nn?:s>", arity: 3) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            if call[1].isUndefined, !call[2].isUndefined { return .string("") }
            return try call.text(substring(text, call.number(1) ?? 0, call.number(2)))
        },
        Builtin("substringBefore", "<s-s:s>", arity: 2) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            guard let found = text.range(of: call.string(1) ?? "undefined", from: text.startIndex) else {
                return call[0]
            }
            return try call.text(String(text[..<found.lowerBound]))
        },
        Builtin("substringAfter", "<s-s:s>", arity: 2) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            guard let found = text.range(of: call.string(1) ?? "undefined", from: text.startIndex) else {
                return call[0]
            }
            return try call.text(String(text[found.upperBound...]))
        },
        Builtin("lowercase", "<s-:s>", arity: 1) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            return try call.text(text.lowercased())
        },
        Builtin("uppercase", "<s-:s>", arity: 1) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            return try call.text(text.uppercased())
        },
        Builtin("trim", "<s-:s>", arity: 1) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            let words = text.unicodeScalars.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
            return try call.text(words.map { String($0) }.joined(separator: " "))
        },
        Builtin("pad", "<s-ns?:s>", arity: 3) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            return try pad(text, call)
        },
        Builtin("join", "<a<s>s?:s>", arity: 2) { call throws(Fault) in
            if call[0].isUndefined { return .undefined }
            let texts = call[0].asList.array.compactMap(\.string)
            return try call.text(texts.joined(separator: call.string(1) ?? ""))
        },
    ]

    /// `$substring`, counted in code points: a negative start counts from the end.
    private static func substring(_ text: String, _ start: Double, _ length: Double?) -> String {
        let scalars = Array(text.unicodeScalars)
        let count = Double(scalars.count)
        let first = count + start < 0 ? 0 : start
        func place(_ index: Double) -> Int {
            let whole = index.isNaN ? 0 : index.rounded(.towardZero)
            return Int(min(max(whole < 0 ? count + whole : whole, 0), count))
        }
        guard let length else { return Self.text(scalars[place(first)...]) }
        guard length > 0 else { return "" }
        let end = first >= 0 ? first + length : count + first + length
        let from = place(first)
        let to = place(end)
        return from < to ? Self.text(scalars[from..<to]) : ""
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    /// `$pad`: to the right of the text, or to its left where the width is negative.
    private static func pad(_ text: String, _ call: Invocation) throws(Fault) -> Value {
        let width = call.number(1) ?? 0
        let filling = call.string(2).flatMap { $0.isEmpty ? nil : $0 } ?? " "
        let missing = width.magnitude - Double(text.unicodeScalars.count)
        guard missing >= 1 else { return call[0] }
        guard missing < 1e9 else { throw Evaluator.tooLarge }
        try call.evaluator.allocate(Int(missing) / 24 + 1)
        let units = Array(filling.unicodeScalars)
        var padding = String.UnicodeScalarView()
        for index in 0..<Int(missing) { padding.append(units[index % units.count]) }
        return try call.text(width < 0 ? String(padding) + text : text + String(padding))
    }
}
