extension Evaluator {
    /// Applies a predicate: a number chooses by place, anything else by whether it is true of the value.
    ///
    /// A sequence of one value may come as that value.
    func filter(_ input: Value, by predicate: Syntax, _ frame: Frame) throws(Fault) -> Value {
        if case .tuples(let stream) = input { return .tuples(try filter(stream, by: predicate, frame)) }
        let list = input.asList
        if case .number(let number) = predicate.kind, predicate.predicates.isEmpty {
            guard let index = place(number, of: list.count) else { return .undefined }
            return list[index]
        }
        var results: [Value] = []
        for index in 0..<list.count {
            let item = list[index]
            let verdict = try evaluate(predicate, item, frame)
            let times = try timesChosen(verdict, index, list.count)
            for _ in 0..<times { results.append(item) }
        }
        return try makeSequence(results)
    }

    func filter(_ stream: TupleStream, by predicate: Syntax, _ frame: Frame) throws(Fault) -> TupleStream {
        let tuples = stream.tuples
        if case .number(let number) = predicate.kind, predicate.predicates.isEmpty {
            guard let index = place(number, of: tuples.count) else { return TupleStream([]) }
            return TupleStream([tuples[index]])
        }
        var results: [Tuple] = []
        for (index, tuple) in tuples.enumerated() {
            let inner = Frame(parent: frame, tuple: tuple)
            let verdict = try evaluate(predicate, tuple.value, inner)
            for _ in 0..<(try timesChosen(verdict, index, tuples.count)) { results.append(tuple) }
        }
        try allocate(results.count)
        return TupleStream(results)
    }

    /// The place that a number means, counted from the end if it is negative.
    private func place(_ number: Double, of count: Int) -> Int? {
        let floor = number.rounded(.down)
        guard floor.magnitude < 0x1p52 else { return nil }
        let index = floor < 0 ? count + Int(floor) : Int(floor)
        return (0..<count).contains(index) ? index : nil
    }

    /// How often a predicate's result chooses the value at an index: numbers may name it several times.
    private func timesChosen(_ verdict: Value, _ index: Int, _ count: Int) throws(Fault) -> Int {
        if let number = try number(verdict) { return place(number, of: count) == index ? 1 : 0 }
        if let list = verdict.list, list.count > 0 {
            try spend(list.count)
            var times = 0
            for position in 0..<list.count {
                guard let number = try number(list[position]) else { return try isTrue(verdict) ? 1 : 0 }
                if place(number, of: count) == index { times += 1 }
            }
            return times
        }
        return try isTrue(verdict) ? 1 : 0
    }
}
