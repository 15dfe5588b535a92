import JSON

extension StateReader {
    /// Reads `Retry`; what is wrong with a retrier keeps it out.
    func retriers() -> [Retrier] {
        elements("Retry").compactMap { fields, isLast in
            fields.allow(only: [
                "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy",
                "Comment",
            ])
            fields.require("ErrorEquals")
            let standard = Retrier()
            let errorEquals = fields.errorEquals(isLast: isLast)
            // AWS accepts 0, whatever its documents say: measured.
            let interval = fields.integer("IntervalSeconds", in: 0...99_999_999)
            let maxAttempts = fields.integer("MaxAttempts", in: 0...99_999_999)
            let backoffRate = fields.number("BackoffRate", in: 1...Double.greatestFiniteMagnitude)
            let maxDelay = fields.integer("MaxDelaySeconds", in: 1...31_622_400)
            let jitter = fields.choice("JitterStrategy", of: Retrier.Jitter.self)
            let comment = fields.string("Comment")
            guard let errorEquals else { return nil }
            return Retrier(
                errorEquals: errorEquals,
                intervalSeconds: interval ?? standard.intervalSeconds,
                maxAttempts: maxAttempts ?? standard.maxAttempts,
                backoffRate: backoffRate ?? standard.backoffRate,
                maxDelaySeconds: maxDelay,
                jitter: jitter ?? standard.jitter,
                comment: comment
            )
        }
    }

    /// Reads `Catch`; what is wrong with a catcher keeps it out.
    func catchers() -> [Catcher] {
        elements("Catch").compactMap { fields, isLast in
            fields.allow(only: ["ErrorEquals", "Next", "ResultPath", "Output", "Assign", "Comment"])
            fields.refuse(["ResultPath"], onlyFor: .jsonPath)
            fields.refuse(["Output"], onlyFor: .jsonata)
            fields.require("ErrorEquals", "Next")
            let errorEquals = fields.errorEquals(isLast: isLast)
            let next = fields.string("Next")
            let resultPath = fields.language == .jsonPath ? fields.resultPathField() : .whole
            let caught: Set<String> = ["errorOutput"]
            let output = fields.language == .jsonata ? query("Output", of: fields, with: caught) : nil
            let assign = assignment(in: fields, with: caught)
            let comment = fields.string("Comment")
            guard let errorEquals, let next, let resultPath else { return nil }
            return Catcher(
                errorEquals: errorEquals,
                next: next,
                resultPath: resultPath,
                output: output,
                assign: assign,
                comment: comment
            )
        }
    }

    private func elements(_ name: String) -> [(Fields, isLast: Bool)] {
        let elements = fields.array(name) ?? []
        return elements.enumerated().compactMap { index, element in
            fields.fields(element, at: fields.place(of: name).appending(index)).map {
                ($0, index == elements.count - 1)
            }
        }
    }
}
