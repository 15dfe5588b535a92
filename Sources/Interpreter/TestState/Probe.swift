import JSON
import StatesLanguage

/// What the walk of a tested state is given in place of an execution, and what it notes.
///
/// A class, because the steps of a walk note while they change the walk; it never leaves the call.
final class Probe {
    /// What `$$` is, but for a Map's item.
    let context: JSONValue
    var inspection: Inspection
    /// What an ItemReader would have read.
    var items: [JSONValue]?
    /// The failure that Retry and Catch were asked about.
    var handled: Failure?
    /// Whether steps of the data flow are noted.
    var isNoting = true
    private let shown: Set<DataFlowStep>

    init(of state: State, context: JSONValue, inspection: Inspection) {
        self.context = context
        self.inspection = inspection
        shown = state.inspectedSteps
    }

    func note(_ step: DataFlowStep, _ text: JSONText) {
        guard isNoting, shown.contains(step) else { return }
        inspection.steps[step] = text
    }

    /// Notes a list, as AWS writes one of texts: a blank after each comma between them.
    ///
    /// Source: recorded test_state_map_context_object, test_state_machine_with_state_error.
    func note(_ step: DataFlowStep, of elements: @autoclosure () -> [JSONText]) {
        guard isNoting, shown.contains(step) else { return }
        inspection.steps[step] = JSONText(trusted: "[\(elements().map(\.text).joined(separator: ", "))]")
    }
}
