/// How an operator such as `NumericLessThanEquals` compares.
enum ChoiceComparison: String, CaseIterable, Sendable {
    case equals = "Equals"
    case lessThan = "LessThan"
    case greaterThan = "GreaterThan"
    case lessThanEquals = "LessThanEquals"
    case greaterThanEquals = "GreaterThanEquals"

    /// Where one value stands to another.
    enum Order {
        case less, same, greater
    }

    /// Whether a value in that order to the operand passes.
    func holds(_ order: Order) -> Bool {
        switch self {
        case .equals: order == .same
        case .lessThan: order == .less
        case .greaterThan: order == .greater
        case .lessThanEquals: order != .greater
        case .greaterThanEquals: order != .less
        }
    }
}

extension String {
    /// Returns the order of UTF-16 code units, as Java's `compareTo`; no folding, no normalisation.
    func utf16Order(to other: String) -> ChoiceComparison.Order {
        var (left, right) = (utf16.makeIterator(), other.utf16.makeIterator())
        while true {
            switch (left.next(), right.next()) {
            case (nil, nil): return .same
            case (nil, _): return .less
            case (_, nil): return .greater
            case (let left?, let right?) where left != right: return left < right ? .less : .greater
            default: continue
            }
        }
    }
}
