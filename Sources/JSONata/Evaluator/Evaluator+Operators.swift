import Glibc
import JSON

extension Evaluator {
    /// The number, if the value is one; an infinite number is a fault.
    func number(_ value: Value) throws(Fault) -> Double? {
        guard let number = value.double, !number.isNaN else { return nil }
        guard number.isFinite else { throw Fault("D1001", value: value) }
        return number
    }

    func arithmetic(_ sign: Arithmetic, _ left: Value, _ right: Value, _ position: Int) throws(Fault) -> Value {
        do throws(Fault) {
            let leftNumber = try number(left)
            if leftNumber == nil, !left.isUndefined { throw Fault("T2001", value: left) }
            let rightNumber = try number(right)
            if rightNumber == nil, !right.isUndefined { throw Fault("T2002", value: right) }
            guard let leftNumber, let rightNumber else { return .undefined }
            switch sign {
            case .add: return .number(leftNumber + rightNumber)
            case .subtract: return .number(leftNumber - rightNumber)
            case .multiply: return .number(leftNumber * rightNumber)
            case .divide: return .number(leftNumber / rightNumber)
            case .remainder: return .number(fmod(leftNumber, rightNumber))
            }
        } catch {
            throw error.located(at: position, token: sign.rawValue)
        }
    }

    func compare(_ sign: Comparison, _ left: Value, _ right: Value, _ position: Int) throws(Fault) -> Value {
        func isComparable(_ value: Value) -> Bool {
            value.isUndefined || value.string != nil || value.double != nil
        }
        guard isComparable(left), isComparable(right) else {
            let culprit = left.string != nil || left.double != nil ? right : left
            throw Fault("T2010", at: position, token: sign.rawValue, value: culprit)
        }
        if left.isUndefined || right.isUndefined { return .undefined }
        if let left = left.double, let right = right.double {
            switch sign {
            case .less: return .bool(left < right)
            case .lessOrEqual: return .bool(left <= right)
            case .greater: return .bool(left > right)
            case .greaterOrEqual: return .bool(left >= right)
            }
        }
        guard let leftText = left.string, let rightText = right.string else {
            let details = Fault.Details(value: left.quoted, value2: right.quoted)
            throw Fault("T2009", at: position, token: sign.rawValue, details)
        }
        let order = leftText.utf16Order(to: rightText)
        switch sign {
        case .less: return .bool(order < 0)
        case .lessOrEqual: return .bool(order <= 0)
        case .greater: return .bool(order > 0)
        case .greaterOrEqual: return .bool(order >= 0)
        }
    }

    func negate(_ value: Value, _ position: Int) throws(Fault) -> Value {
        if value.isUndefined { return .undefined }
        guard let number = try number(value) else { throw Fault("D1002", at: position, token: "-", value: value) }
        return .number(-number)
    }

    func concatenate(_ left: Value, _ right: Value, _ position: Int) throws(Fault) -> Value {
        do {
            let left = try text(of: left) ?? ""
            return try allocate(left + (try text(of: right) ?? ""))
        } catch {
            throw error.located(at: position, token: "&")
        }
    }

    func range(_ left: Value, _ right: Value, _ position: Int) throws(Fault) -> Value {
        func integer(_ value: Value, _ code: String) throws(Fault) -> Double? {
            if value.isUndefined { return nil }
            guard let number = value.double, number.isFinite, number == number.rounded() else {
                throw Fault(code, at: position, token: "..", value: value)
            }
            return number
        }
        let first = try integer(left, "T2003")
        let last = try integer(right, "T2004")
        guard let first, let last, first <= last else { return .undefined }
        let count = last - first + 1
        guard count <= 10_000_000 else {
            throw Fault("D2014", at: position, token: "..", .init(value: count.javaScriptText))
        }
        try allocate(Int(count))
        var items: [Value] = []
        items.reserveCapacity(Int(count))
        for offset in 0..<Int(count) { items.append(.number(first + Double(offset))) }
        return .sequence(Sequence(items))
    }

    func isMember(_ value: Value, of container: Value) throws(Fault) -> Bool {
        if value.isUndefined || container.isUndefined { return false }
        let list = container.asList
        try spend(list.count)
        for index in 0..<list.count {
            switch (value, list[index]) {
            case (.null, .null): return true
            case (.bool(let lhs), .bool(let rhs)) where lhs == rhs: return true
            case (.string(let lhs), .string(let rhs)) where lhs.isSameText(as: rhs): return true
            case (_, let item):
                // Arrays and objects are members only of what they are in, and values have no identity.
                if let lhs = value.double, let rhs = item.double, lhs == rhs { return true }
            }
        }
        return false
    }

    /// Evaluates `and` and `or`; what fails on the right is told as the operator's.
    func both(
        _ left: Syntax,
        _ right: Syntax,
        isOr: Bool,
        _ position: Int,
        _ input: Value,
        _ frame: Frame
    ) throws(Fault) -> Value {
        let value = try evaluate(left, input, frame)
        do throws(Fault) {
            if try isTrue(value) == isOr { return .bool(isOr) }
            return .bool(try isTrue(try evaluate(right, input, frame)))
        } catch {
            throw Fault(error.code, at: position, token: isOr ? "or" : "and", error.details)
        }
    }

    /// Whether both are the same, all the way down.
    func isEqual(_ left: Value, _ right: Value) throws(Fault) -> Bool {
        try spend()
        switch (left, right) {
        case (.undefined, .undefined), (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.string(let left), .string(let right)): return left.isSameText(as: right)
        case (.spelled(let left), .spelled(let right)) where left.spelling == right.spelling: return true
        case (.number, .number), (.number, .spelled), (.spelled, .number), (.spelled, .spelled):
            return left.double == right.double
        case (.function(let left), .function(let right)): return left === right
        default: break
        }
        if let left = left.list, let right = right.list {
            guard left.count == right.count else { return false }
            for index in 0..<left.count where !(try isEqual(left[index], right[index])) { return false }
            return true
        }
        guard let left = Members(left), let right = Members(right), left.count == right.count else { return false }
        var areEqual = true
        try left.forEach { name, value throws(Fault) in
            guard areEqual else { return }
            guard let other = right[name] else {
                areEqual = false
                return
            }
            areEqual = try isEqual(value, other)
        }
        return areEqual
    }

    /// What a condition takes a value for: undefined is false.
    func isTrue(_ value: Value) throws(Fault) -> Bool {
        switch value {
        case .undefined, .null, .function: return false
        case .bool(let value): return value
        case .string(let text): return !text.isEmpty
        case .number, .spelled: return try number(value).map { $0 != 0 } ?? false
        case .members(let object): return !object.isEmpty
        case .object(let object): return !object.keys.isEmpty
        case .elements, .array, .sequence, .tuples:
            guard let list = value.list else { return false }
            for index in 0..<list.count {
                try spend()
                if try isTrue(list[index]) { return true }
            }
            return false
        }
    }

    /// The value as `$string` gives it; `nil` if it is undefined.
    func text(of value: Value, isPretty: Bool = false) throws(Fault) -> String? {
        switch value {
        case .undefined: return nil
        case .string(let text): return text
        case .function: return ""
        default:
            var writer = TextWriter(isPretty: isPretty)
            try writer.write(value, for: self)
            return writer.text
        }
    }
}

extension String {
    /// Compares as JavaScript does, by UTF-16 code units: negative if this comes first.
    func utf16Order(to other: String) -> Int {
        let span = utf8.span
        let otherSpan = other.utf8.span
        let common = min(span.count, otherSpan.count)
        var place = 0
        while place < common, span[place] == otherSpan[place] { place += 1 }
        if place == common { return span.count - otherSpan.count }
        // UTF-8 orders as UTF-16 does, but for what UTF-16 writes as two code units.
        if span[place] < 0xEE, otherSpan[place] < 0xEE { return Int(span[place]) - Int(otherSpan[place]) }
        var left = utf16.makeIterator()
        var right = other.utf16.makeIterator()
        while true {
            switch (left.next(), right.next()) {
            case (nil, nil): return 0
            case (nil, _): return -1
            case (_, nil): return 1
            case (let lhs?, let rhs?): if lhs != rhs { return lhs < rhs ? -1 : 1 }
            }
        }
    }
}
