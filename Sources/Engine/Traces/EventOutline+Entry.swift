import Interpreter
import Store

extension EventOutline {
    /// An event of an execution in memory, as the history would give it.
    init(_ entry: LocalExecution.Entry) {
        func text(_ name: String) -> String? {
            guard case .text(let text)? = entry.event.details.first(where: { $0.name == name })?.value else {
                return nil
            }
            return text
        }
        func number(_ name: String) -> Int? {
            guard case .number(let number)? = entry.event.details.first(where: { $0.name == name })?.value else {
                return nil
            }
            return number
        }
        let resource = text("resource").map { resource in
            text("resourceType").map { "arn:aws:states:::\($0):\(resource)" } ?? resource
        }
        self.init(
            id: entry.id,
            previousID: entry.previousEventID,
            type: entry.event.type,
            at: entry.time,
            state: text("name") ?? text("state"),
            index: number("index"),
            error: text("error"),
            cause: text("cause").map { String($0.prefix(2_000)) },
            resource: resource,
            branch: entry.branch,
            parent: entry.parent
        )
    }
}
