import JSON
import YAML

/// A state machine's definition as a file gave it: ready to be validated, run or deployed.
struct NamedDefinition: Sendable, Equatable {
    /// What the state machine is called unless someone says otherwise.
    var name: String
    /// The definition in JSON, with every `${NAME}` that is known replaced.
    var text: String
    /// `STANDARD` or `EXPRESS`.
    var type: String
    var roleARN: String?
    /// Where it was read, for messages: the file, and in a template the resource.
    var source: String
    /// The text of the file, where the whole of it is the definition: what places are told in.
    var fileText: String?
    /// The names whose `${NAME}` nothing stands for; they are left as they are.
    var unknown: [String]

    init(name: String, text: String, type: String, roleARN: String? = nil, source: String, unknown: [String]) {
        self.name = name
        self.text = text
        self.type = type
        self.roleARN = roleARN
        self.source = source
        self.unknown = unknown
    }

    /// Where a place of the definition stands in its file.
    func position(of place: JSONPointer?) -> YAMLLocation? {
        guard let place, let fileText else { return nil }
        return yamlLocation(of: place.steps, in: fileText)
    }
}
