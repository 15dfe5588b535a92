import JSON

/// Arrays: partition, contain, range, get item, length, unique.
extension IntrinsicEvaluator {
    /// The most items that States.ArrayRange makes.
    private static var maximumRange: Int { 1000 }

    func arrayPartition(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        let elements = try values.array(0)
        let size = try values.integer(1)
        guard size > 0 else { throw values.invalid() }
        // A size beyond the array's is the array's: the stride cannot overflow.
        let step = min(size, max(elements.count, 1))
        return .array(
            stride(from: 0, to: elements.count, by: step).map { start in
                .array(Array(elements[start..<min(start + step, elements.count)]))
            }
        )
    }

    func arrayContains(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        .bool(try values.array(0).contains(values[1]))
    }

    /// From the first number to the second, inclusive where a step hits it; empty if the step leads away from it.
    func arrayRange(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        let (start, end, step) = (try values.integer(0), try values.integer(1), try values.integer(2))
        guard step != 0 else { throw values.invalid() }
        guard start == end || (start < end) == (step > 0) else { return .array([]) }
        let (distance, overflowed) = end.subtractingReportingOverflow(start)
        guard !overflowed, distance.magnitude / step.magnitude < UInt(Self.maximumRange) else {
            throw values.invalid("a range has at most \(Self.maximumRange) items")
        }
        return .array(stride(from: start, through: end, by: step).map { .number(JSONNumber($0)) })
    }

    func arrayGetItem(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        let elements = try values.array(0)
        guard let index = values[1].int, elements.indices.contains(index) else { throw values.invalid() }
        return elements[index]
    }

    func arrayLength(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        .number(JSONNumber(try values.array(0).count))
    }

    /// The first of each kind of equal elements, in order.
    func arrayUnique(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        var seen: Set<JSONValue> = []
        return .array(try values.array(0).filter { seen.insert($0).inserted })
    }
}
