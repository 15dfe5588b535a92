import FoundationEssentials
import Glibc

extension FunctionDefinition {
    /// What a function lacks before it can be invoked: in a sentence, with the path.
    package enum MissingCode: Sendable, Equatable, CustomStringConvertible {
        /// The handler's file is not there.
        case handler(String, path: String)
        /// The handler's module is not there; it may still be one that is installed.
        case module(String, path: String)
        /// The program is not there, or cannot be run.
        case program(String)

        package var description: String {
            switch self {
            case .handler(let handler, let path): "the handler '\(handler)' needs a file \(path), which is not there"
            case .module(let handler, let path):
                "the handler '\(handler)' needs a file \(path), which is not there, or a module that is installed"
            case .program(let program): "there is no program \(program) that can be run"
            }
        }

        /// Whether it is certain that an invocation would fail.
        package var isCertain: Bool {
            if case .module = self { false } else { true }
        }
    }

    /// What an invocation would fail for now, as far as files tell.
    package var missingCode: MissingCode? {
        switch implementation {
        case .url: nil
        case .python(let handler, let interpreter):
            Self.missingProgram(interpreter, environment) ?? missingModule(handler)
        case .node(let handler, let interpreter):
            Self.missingProgram(interpreter, environment) ?? missingFile(handler)
        case .command(let command, _): Self.missingProgram(command, environment)
        }
    }

    private func missingModule(_ handler: String) -> MissingCode? {
        let module = handler.split(separator: ".").dropLast().joined(separator: "/")
        let path = "\(directory)/\(module)"
        guard !["\(path).py", "\(path)/__init__.py", "\(path).so"].contains(where: Self.exists) else { return nil }
        return .module(handler, path: "\(path).py")
    }

    private func missingFile(_ handler: String) -> MissingCode? {
        // `dir/file.function`, as Lambda has it: the function begins behind the first dot of the last part.
        let folder = handler.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        let file = handler.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? handler
        let path = "\(directory)/\(folder)\(file)"
        guard !["js", "mjs", "cjs"].contains(where: { Self.exists("\(path).\($0)") }) else {
            return nil
        }
        return .handler(handler, path: "\(path).js")
    }

    private static func missingProgram(_ command: [String], _ environment: [String: String]) -> MissingCode? {
        guard let program = command.first else { return nil }
        if program.contains("/") { return canRun(program) ? nil : .program(program) }
        let path = environment["PATH"] ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
        let isThere = path.split(separator: ":").contains { canRun("\($0)/\(program)") }
        return isThere ? nil : .program(program)
    }

    private static func canRun(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }

    private static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}
