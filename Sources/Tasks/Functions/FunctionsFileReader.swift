import FoundationEssentials
import Glibc
import JSON

/// Reads the document of a functions file and gathers all that is wrong with it.
struct FunctionsFileReader {
    private static let keys = [
        "runtime", "handler", "directory", "command", "url", "concurrency", "timeoutSeconds", "environment",
        "onWorkerLoss",
    ]

    /// What relative paths are relative to.
    let folder: String
    /// What is wrong, in the document's order.
    private(set) var problems: [FunctionsFileError.Problem] = []

    init(folder: String) { self.folder = folder }

    mutating func read(_ document: JSONValue) -> [FunctionDefinition] {
        guard let root = object(document, JSONPointer(), ["functions"]) else { return [] }
        let place = JSONPointer().appending("functions")
        guard let functions = root["functions"] else {
            report(JSONPointer(), "the key 'functions' is missing")
            return []
        }
        guard case .object(let members) = functions else {
            report(place, "must be an object of functions by name")
            return []
        }
        return members.compactMap { function($0.key, $0.value, place.appending($0.key)) }
    }

    private mutating func function(_ key: String, _ value: JSONValue, _ place: JSONPointer) -> FunctionDefinition? {
        let before = problems.count
        let reference = FunctionReference(key)
        let isName =
            (1...140).contains(reference.name.utf8.count)
            && reference.name.utf8.allSatisfy {
                isalnum(Int32($0)) != 0 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
        if !isName { report(place, "'\(key)' is neither a function's name nor its ARN") }
        guard let members = object(value, place, Self.keys) else { return nil }
        let directory = directory(members["directory"], place.appending("directory"))
        let implementation = implementation(members, directory, place)
        let concurrency = members["concurrency"].flatMap { value in
            number(value, place.appending("concurrency"), 1...10_000).flatMap { limit -> Int? in
                if Int(exactly: limit) == nil { report(place.appending("concurrency"), "must be a whole number") }
                return Int(exactly: limit)
            }
        }
        let timeout = members["timeoutSeconds"].flatMap {
            number($0, place.appending("timeoutSeconds"), 0.001...86_400)
        }
        let environment = environment(members["environment"], place.appending("environment"))
        let onWorkerLoss = onWorkerLoss(members["onWorkerLoss"], place.appending("onWorkerLoss"))
        guard problems.count == before, let implementation else { return nil }
        return FunctionDefinition(
            reference: reference,
            implementation: implementation,
            directory: directory,
            concurrency: concurrency,
            timeoutSeconds: timeout ?? 900,
            environment: environment,
            onWorkerLoss: onWorkerLoss
        )
    }

    private mutating func implementation(
        _ members: JSONObject,
        _ directory: String,
        _ place: JSONPointer
    ) -> FunctionDefinition.Implementation? {
        let command = members["command"].flatMap { strings($0, place.appending("command")) }
        let handler = members["handler"].flatMap { string($0, place.appending("handler")) }
        if let value = members["url"] {
            for key in ["runtime", "command", "handler", "directory", "environment"] where members[key] != nil {
                report(place.appending(key), "a function has either 'url' or '\(key)'")
            }
            guard let url = string(value, place.appending("url")) else { return nil }
            guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
                report(place.appending("url"), "must begin with http:// or https://")
                return nil
            }
            return .url(url)
        }
        guard let value = members["runtime"] else {
            report(place, "either 'runtime' or 'url' is needed")
            return nil
        }
        guard let runtime = string(value, place.appending("runtime")) else { return nil }
        if runtime == "python" || runtime == "node" {
            guard members["handler"] != nil else {
                report(place, "'handler' is needed, such as \"app.handler\"")
                return nil
            }
            guard let handler else { return nil }
            guard handler.contains(".") else {
                report(place.appending("handler"), "must be of the form file.function, such as \"app.handler\"")
                return nil
            }
            if runtime == "python" { return .python(handler: handler, interpreter: command ?? ["python3"]) }
            return .node(handler: handler, interpreter: command ?? ["node"])
        }
        guard runtime == "command" else {
            report(place.appending("runtime"), "'\(runtime)' is not one of python, node, command")
            return nil
        }
        guard members["command"] != nil else {
            report(place, "'command' is needed, such as [\"./bin/function\"]")
            return nil
        }
        return command.map { .command($0, handler: handler ?? "") }
    }

    private mutating func directory(_ value: JSONValue?, _ place: JSONPointer) -> String {
        let path = value.flatMap { string($0, place) }.map(absolute) ?? absolute(".")
        var status = stat()
        let isFolder = unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        if value != nil && !isFolder { report(place, "there is no folder \(path)") }
        return path
    }

    private mutating func environment(_ value: JSONValue?, _ place: JSONPointer) -> [String: String] {
        guard let value else { return [:] }
        guard case .object(let members) = value else {
            report(place, "must be an object of strings by name")
            return [:]
        }
        var result: [String: String] = [:]
        for (key, value) in members {
            if key.isEmpty || key.contains("=") || key.utf8.contains(0) {
                report(place.appending(key), "'\(key)' cannot name a variable")
            }
            result[key] = string(value, place.appending(key))
        }
        return result
    }

    private mutating func onWorkerLoss(_ value: JSONValue?, _ place: JSONPointer) -> FunctionDefinition.OnWorkerLoss {
        guard let value, let word = string(value, place) else { return .retry }
        if let result = FunctionDefinition.OnWorkerLoss(rawValue: word) { return result }
        report(place, "'\(word)' is not one of retry, fail")
        return .retry
    }

    private mutating func object(_ value: JSONValue, _ place: JSONPointer, _ keys: [String]) -> JSONObject? {
        guard case .object(let members) = value else {
            report(place, "must be an object")
            return nil
        }
        for key in members.keys where !keys.contains(key) {
            report(place.appending(key), "'\(key)' is not one of \(keys.joined(separator: ", "))")
        }
        return members
    }

    private mutating func string(_ value: JSONValue, _ place: JSONPointer) -> String? {
        guard let text = value.string, !text.utf8.contains(0) else {
            report(place, "must be a string")
            return nil
        }
        return text
    }

    private mutating func strings(_ value: JSONValue, _ place: JSONPointer) -> [String]? {
        let before = problems.count
        let words = (value.array ?? []).enumerated().compactMap { string($1, place.appending($0)) }
        if words.isEmpty && problems.count == before { report(place, "must be an array of at least one string") }
        guard problems.count == before, let program = words.first else { return nil }
        // As a shell does it: a name without a slash is looked up in PATH.
        return [program.contains("/") ? absolute(program) : program] + words.dropFirst()
    }

    private mutating func number(_ value: JSONValue, _ place: JSONPointer, _ range: ClosedRange<Double>) -> Double? {
        guard let number = value.double, range.contains(number) else {
            report(place, "must be a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))")
            return nil
        }
        return number
    }

    private static func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }

    private func absolute(_ path: String) -> String {
        let url = path.hasPrefix("/") ? URL(filePath: path) : URL(filePath: folder).appending(path: path)
        let text = url.standardizedFileURL.path(percentEncoded: false)
        return text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private mutating func report(_ place: JSONPointer, _ message: String) {
        problems.append(FunctionsFileError.Problem(place: place, message: message))
    }
}
