import JSON

/// A number of seconds that bounds a Task's attempt, from 1.
package enum TimeField: Sendable, Hashable {
    case seconds(Int)
    /// A path that must give a positive integer when the attempt is scheduled.
    case path(DataPath)
    /// An expression that must give one.
    case expression(QueryExpression)
}

/// A count, from 0.
package enum IntegerField: Sendable, Hashable {
    case literal(Int)
    /// A path that must give an integer when the state is entered.
    case path(DataPath)
    case expression(QueryExpression)
}

/// A percentage, from 0 to 100.
package enum PercentageField: Sendable, Hashable {
    case literal(Double)
    /// A path that must give a number when the state is entered.
    case path(DataPath)
    case expression(QueryExpression)
}
