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

    private static let mostParameters = 64

    init(parsing text: String, at place: Int = 0) throws(Fault) {
        let bytes = Array(text.utf8)
        var parameters: [Parameter] = []
        var index = 1
        while index < bytes.count, bytes[index] != UInt8(ascii: ":") {
            guard parameters.count <= Self.mostParameters else { throw Fault("S0218", at: place + index) }
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
        guard let counts = match(letters) else { throw mismatch(letters, arguments) }
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
            throw Fault("T0412", .init(value: value.quoted, index: index + 1, type: Self.plural(of: subtype)))
        }
        return letter == UInt8(ascii: "a") ? value : .array(ArrayValue([value]))
    }

    /// What messages call an array's values.
    private static func plural(of subtype: String) -> String? {
        switch subtype {
        case "a": "arrays"
        case "b": "booleans"
        case "f": "functions"
        case "n": "numbers"
        case "o": "objects"
        case "s": "strings"
        default: nil
        }
    }

    private static func holds(_ value: Value, _ letter: UInt8, _ subtype: String, _ count: Int) -> Bool {
        guard let list = value.list else { return count == 1 && subtype.utf8.elementsEqual([letter]) }
        guard list.count > 0 else { return true }
        let wanted = subtype.utf8.first
        for index in 0..<list.count where list[index].typeLetter != wanted { return false }
        return true
    }

    /// How many arguments each parameter takes, if they fit at all; as many as it can, like a regular expression.
    private func match(_ letters: [UInt8]) -> [Int]? {
        if letters.count == parameters.count, zip(letters, parameters).allSatisfy({ $1.accepted.contains($0) }) {
            return Array(repeating: 1, count: letters.count)
        }
        var search = Search(letters: letters, parameters: parameters)
        return search.counts(from: 0, 0)?.reversed()
    }

    /// Tries how many arguments each parameter can take; what has failed once is not tried again.
    private struct Search {
        let letters: [UInt8]
        let parameters: [Parameter]
        private var failed: Set<Int> = []

        init(letters: [UInt8], parameters: [Parameter]) {
            self.letters = letters
            self.parameters = parameters
        }

        /// The counts of the parameters from one on for the arguments from one on, the last first.
        mutating func counts(from index: Int, _ start: Int) -> [Int]? {
            guard index < parameters.count else { return start == letters.count ? [] : nil }
            let place = start * (parameters.count + 1) + index
            guard !failed.contains(place) else { return nil }
            let parameter = parameters[index]
            let most = parameter.isRepeated ? letters.count - start : 1
            var count = letters[start...].prefix(most).prefix { parameter.accepted.contains($0) }.count
            while count >= (parameter.isOptional ? 0 : 1) {
                if var rest = counts(from: index + 1, start + count) {
                    rest.append(count)
                    return rest
                }
                count -= 1
            }
            failed.insert(place)
            return nil
        }
    }

    /// The fault of arguments that do not fit: it names the first that no parameter takes.
    private func mismatch(_ letters: [UInt8], _ arguments: [Value]) -> Fault {
        // The places up to which the parameters so far can have taken the arguments.
        var good = 0
        var places: Set<Int> = [0]
        for parameter in parameters {
            var next: Set<Int> = []
            for place in places {
                if parameter.isOptional { next.insert(place) }
                var end = place
                while end < letters.count, parameter.accepted.contains(letters[end]) {
                    end += 1
                    next.insert(end)
                    if !parameter.isRepeated { break }
                }
            }
            guard let furthest = next.max() else { break }
            places = next
            good = furthest
        }
        let value = arguments.indices.contains(good) ? arguments[good].quoted : nil
        return Fault("T0410", .init(value: value, index: good + 1))
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
