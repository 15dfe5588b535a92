/// What arguments a function takes: `<s-nn?:s>`.
///
/// The reference implementation makes a regular expression of it and matches the arguments' types against that; this
/// does the same by hand.
final class Signature: Sendable {
    struct Parameter: Sendable {
        /// The types that it takes, by the letters of ``Value/typeLetter``.
        var accepted: [UInt8]
        /// The letter, or the choice in brackets, as it was written.
        var type: String
        /// What an array must hold.
        var subtype: String?
        /// Whether the context stands for it where it is missing.
        var takesContext = false
        var isOptional = false
        var isRepeated = false
    }

    let parameters: [Parameter]

    init(parsing text: String, at place: Int = 0) throws(Fault) {
        let bytes = Array(text.utf8)
        var parameters: [Parameter] = []
        var index = 1
        while index < bytes.count, bytes[index] != UInt8(ascii: ":") {
            let letter = bytes[index]
            let type = String(decoding: [letter], as: UTF8.self)
            func add(_ accepted: String) {
                parameters.append(Parameter(accepted: Array(accepted.utf8), type: type))
            }
            switch letter {
            case UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "b"), UInt8(ascii: "l"), UInt8(ascii: "o"):
                add(type + "m")
            case UInt8(ascii: "a"), UInt8(ascii: "x"): add("asnblfom")
            case UInt8(ascii: "f"): add("f")
            case UInt8(ascii: "j"): add("asnblom")
            case UInt8(ascii: "-"):
                if let last = parameters.indices.last {
                    parameters[last].takesContext = true
                    parameters[last].isOptional = true
                }
            case UInt8(ascii: "?"):
                if let last = parameters.indices.last { parameters[last].isOptional = true }
            case UInt8(ascii: "+"):
                if let last = parameters.indices.last { parameters[last].isRepeated = true }
            case UInt8(ascii: "("):
                let end = Self.closing(bytes, from: index, "(", ")")
                let choice = Array(bytes[index + 1..<max(end, index + 1)])
                guard !choice.contains(UInt8(ascii: "<")) else { throw Fault("S0402", at: place + index) }
                let text = String(decoding: choice, as: UTF8.self)
                parameters.append(Parameter(accepted: choice + [UInt8(ascii: "m")], type: "(\(text))"))
                index = end
            case UInt8(ascii: "<"):
                guard let last = parameters.indices.last, ["a", "f"].contains(parameters[last].type) else {
                    throw Fault("S0401", at: place + index)
                }
                let end = Self.closing(bytes, from: index, "<", ">")
                parameters[last].subtype = String(decoding: bytes[index + 1..<max(end, index + 1)], as: UTF8.self)
                index = end
            default: break
            }
            index += 1
        }
        self.parameters = parameters
    }

    private static func closing(
        _ bytes: [UInt8],
        from start: Int,
        _ open: Unicode.Scalar,
        _ close: Unicode.Scalar
    ) -> Int {
        var depth = 1
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: close) {
                depth -= 1
                if depth == 0 { return index }
            } else if bytes[index] == UInt8(ascii: open) {
                depth += 1
            }
            index += 1
        }
        return bytes.count
    }

    /// Returns the arguments as the function is given them: missing ones taken from the context, single values put into
    /// arrays.
    func validated(_ arguments: [Value], context: Value) throws(Fault) -> [Value] {
        let letters = arguments.map(\.typeLetter)
        guard let counts = match(letters[...], parameters[...]) else { throw mismatch(letters, arguments) }
        var result: [Value] = []
        result.reserveCapacity(parameters.count)
        var next = 0
        for (parameter, count) in zip(parameters, counts) {
            guard count > 0 else {
                if parameter.takesContext {
                    guard parameter.accepted.contains(context.typeLetter) else {
                        throw Fault("T0411", .init(value: context.quoted, index: next + 1))
                    }
                    result.append(context)
                } else {
                    result.append(next < arguments.count ? arguments[next] : .undefined)
                    next += 1
                }
                continue
            }
            for _ in 0..<count {
                // As in the reference implementation, an optional parameter that took nothing has moved on all the same.
                let argument = next < arguments.count ? arguments[next] : .undefined
                result.append(parameter.type == "a" ? try array(argument, parameter, count, next) : argument)
                next += 1
            }
        }
        return result
    }

    private func array(_ value: Value, _ parameter: Parameter, _ count: Int, _ index: Int) throws(Fault) -> Value {
        let letter = value.typeLetter
        if letter == UInt8(ascii: "m") { return .undefined }
        if let subtype = parameter.subtype, !Self.holds(value, letter, subtype, count) {
            throw Fault("T0412", .init(value: value.quoted, index: index + 1, type: subtype))
        }
        return letter == UInt8(ascii: "a") ? value : .array(ArrayValue([value]))
    }

    private static func holds(_ value: Value, _ letter: UInt8, _ subtype: String, _ count: Int) -> Bool {
        guard let list = value.list else { return count == 1 && subtype.utf8.elementsEqual([letter]) }
        guard list.count > 0 else { return true }
        let wanted = subtype.utf8.first
        for index in 0..<list.count where list[index].typeLetter != wanted { return false }
        return true
    }

    /// How many arguments each parameter takes, if they fit at all; as many as it can, like a regular expression.
    private func match(_ letters: ArraySlice<UInt8>, _ parameters: ArraySlice<Parameter>) -> [Int]? {
        guard let parameter = parameters.first else { return letters.isEmpty ? [] : nil }
        let most = parameter.isRepeated ? letters.count : 1
        var count = letters.prefix(most).prefix { parameter.accepted.contains($0) }.count
        let least = parameter.isOptional ? 0 : 1
        while count >= least {
            if let rest = match(letters.dropFirst(count), parameters.dropFirst()) { return [count] + rest }
            count -= 1
        }
        return nil
    }

    /// The fault of arguments that do not fit: it names the first that no parameter takes.
    private func mismatch(_ letters: [UInt8], _ arguments: [Value]) -> Fault {
        var good = 0
        for index in parameters.indices {
            guard let matched = longest(letters[...], parameters[...index]) else { break }
            good = matched
        }
        let value = arguments.indices.contains(good) ? arguments[good].quoted : nil
        return Fault("T0410", .init(value: value, index: good + 1))
    }

    /// How many arguments the parameters take from the first on, if each of them is satisfied.
    private func longest(_ letters: ArraySlice<UInt8>, _ parameters: ArraySlice<Parameter>) -> Int? {
        guard let parameter = parameters.first else { return 0 }
        let most = parameter.isRepeated ? letters.count : 1
        var count = letters.prefix(most).prefix { parameter.accepted.contains($0) }.count
        while count >= (parameter.isOptional ? 0 : 1) {
            if let rest = longest(letters.dropFirst(count), parameters.dropFirst()) { return count + rest }
            count -= 1
        }
        return nil
    }
}

extension Value {
    /// The letter by which signatures call the value's type; `m` for what is missing.
    var typeLetter: UInt8 {
        switch self {
        case .undefined: UInt8(ascii: "m")
        case .null: UInt8(ascii: "l")
        case .bool: UInt8(ascii: "b")
        case .number, .spelled: UInt8(ascii: "n")
        case .string: UInt8(ascii: "s")
        case .elements, .array, .sequence, .tuples: UInt8(ascii: "a")
        case .members, .object: UInt8(ascii: "o")
        case .function: UInt8(ascii: "f")
        }
    }
}
