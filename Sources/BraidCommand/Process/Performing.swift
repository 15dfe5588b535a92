import Engine
import Interpreter
import Lifecycle

/// What performs Tasks in a process: the functions of its file, and the endpoint for the others.
struct Performing: Sendable {
    let driver: TaskDriver
    /// What runs beside it.
    let parts: [Part]

    init(functions: String?, reloads: Bool) throws {
        driver = TaskDriver(lanes: { [] }, serves: { _ in false }) { _ in
            .failed(Failure(error: "States.TaskFailed", cause: nil))
        }
        parts = []
    }
}
