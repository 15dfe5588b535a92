import JSON
import JSONata

/// A case of the official test suite.
struct OfficialCase {
    enum Expectation {
        case result(JSONValue)
        case undefined
        case error(code: String, token: String?, message: String?)
    }

    let name: String
    let expression: String
    let input: JSONValue?
    let bindings: [String: Binding]
    let depth: Int?
    let expectation: Expectation

    /// All cases, in order.
    static func all() throws -> [OfficialCase] {
        var datasets: [String: JSONValue] = [:]
        for file in try SharedFolder.files(in: "jsonata/datasets", ending: ".json") {
            datasets[String(file.dropLast(5))] = try JSONValue(
                parsing: SharedFolder.text(of: "jsonata/datasets/\(file)")
            )
        }
        var cases: [OfficialCase] = []
        for file in try SharedFolder.files(in: "jsonata/groups", ending: ".json") {
            let group = try JSONValue(parsing: SharedFolder.text(of: "jsonata/groups/\(file)"))
            for (index, value) in (group.array ?? []).enumerated() {
                cases.append(OfficialCase(value, "\(file.dropLast(5))/\(index)", datasets))
            }
        }
        return cases
    }

    private init(_ value: JSONValue, _ place: String, _ datasets: [String: JSONValue]) {
        name = value["id"]?.string ?? place
        expression = value["expr"]?.string ?? ""
        input = value["dataset"].map { datasets[$0.string ?? ""] } ?? value["data"]
        bindings = Dictionary(
            uniqueKeysWithValues: (value["bindings"]?.object ?? [:]).map { ($0.key, Binding.value($0.value)) }
        )
        depth = value["depth"]?.int
        if let code = value["code"]?.string ?? value["error"]?["code"]?.string {
            let token = value["token"] ?? value["error"]?["token"]
            expectation = .error(code: code, token: token?.string, message: value["error"]?["message"]?.string)
        } else if let result = value["result"] {
            expectation = .result(result)
        } else {
            expectation = .undefined
        }
    }

    /// What came out instead of what must; `nil` if it is that.
    func difference() -> String? {
        var environment = Environment(now: 1_700_000_000_000, generator: SystemRandomNumberGenerator())
        if let depth { environment.limits.depth = depth }
        let outcome: JSONValue?
        do {
            let parsed = try Expression(parsing: expression)
            outcome = try parsed.evaluate(on: input, bindings: bindings, environment: &environment)
        } catch {
            guard case .error(let code, let token, let message) = expectation else {
                return "\(error.code) \(error.message)"
            }
            if error.code != code { return "\(error.code) \(error.message)" }
            if let token, token != error.token { return "\(error.code) with token \(error.token ?? "none")" }
            if let message, message != error.message { return "\(error.code) with message \(error.message)" }
            return nil
        }
        switch expectation {
        case .error: return outcome?.text ?? "undefined"
        case .undefined: return outcome?.text
        case .result(let wanted):
            guard let outcome else { return "undefined" }
            return outcome.isNumerically(wanted) ? nil : outcome.text
        }
    }

    /// What must come out, in words.
    var wanted: String {
        switch expectation {
        case .result(let value): value.text
        case .undefined: "undefined"
        case .error(let code, let token, _): "\(code) \(token ?? "")"
        }
    }
}

extension JSONValue {
    /// Whether both are the same to JavaScript: numbers by their nearest binary64.
    func isNumerically(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number(let lhs), .number(let rhs)): return lhs.double == rhs.double
        case (.array(let lhs), .array(let rhs)):
            return lhs.count == rhs.count && zip(lhs, rhs).allSatisfy { $0.isNumerically($1) }
        case (.object(let lhs), .object(let rhs)):
            return lhs.count == rhs.count
                && lhs.allSatisfy { member in rhs[member.key].map { member.value.isNumerically($0) } ?? false }
        default: return self == other
        }
    }
}
