import JSON

/// A SAM or CloudFormation template, as far as its state machines need it.
struct Template {
    let document: JSONValue
    let path: String
    let file: DefinitionFile

    private static let types: Set<String> = ["AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"]

    /// Whether a document is a template rather than a definition.
    static func isTemplate(_ document: JSONValue) -> Bool {
        guard let object = document.object, object["StartAt"] == nil else { return false }
        return object["Resources"]?.object != nil
    }

    /// The template's state machines, in order.
    func definitions() throws(CommandFailure) -> [NamedDefinition] {
        var found: [NamedDefinition] = []
        for (id, resource) in resources {
            guard let type = resource["Type"]?.string, Self.types.contains(type) else { continue }
            found.append(try definition(of: id, resource["Properties"] ?? .object([:])))
        }
        guard !found.isEmpty else {
            throw CommandFailure(.usage, "\(path) is a template without a state machine")
        }
        return found
    }

    private var resources: JSONObject { document["Resources"]?.object ?? [:] }

    private func definition(of id: String, _ properties: JSONValue) throws(CommandFailure) -> NamedDefinition {
        var values: [String: String] = [:]
        var unresolved: [String] = []
        for (name, value) in properties["DefinitionSubstitutions"]?.object ?? [:] {
            if let text = try resolve(value) { values[name] = text } else { unresolved.append(name) }
        }
        values.merge(file.substitutions) { $1 }
        let (text, unknown) = Placeholders.replace(in: try text(of: id, properties)) { values[$0] }
        let role = properties["Role"] ?? properties["RoleArn"]
        return NamedDefinition(
            name: try name(of: id, properties),
            text: try Self.definitionText(text, "\(path), \(id)"),
            type: (properties["Type"] ?? properties["StateMachineType"])?.string ?? "STANDARD",
            roleARN: try role.flatMap { value throws(CommandFailure) in try resolve(value) },
            source: "\(path), \(id)",
            unknown: unknown
        )
    }

    /// The definition as JSON: a file beside the template may be YAML.
    private static func definitionText(_ text: String, _ source: String) throws(CommandFailure) -> String {
        if text.drop(while: { $0.isWhitespace }).hasPrefix("{") { return text }
        return try DefinitionFile.document(text, "\(source).yaml").text(pretty: true)
    }

    private func text(of id: String, _ properties: JSONValue) throws(CommandFailure) -> String {
        if let inline = properties["Definition"], inline.object != nil { return inline.text(pretty: true) }
        if let value = properties["DefinitionString"] {
            guard let text = try resolve(value, keepingUnknown: true) else {
                throw CommandFailure(
                    .usage,
                    "\(path), \(id): the DefinitionString is not a text that can be put together here"
                )
            }
            return text
        }
        if let uri = properties["DefinitionUri"]?.string, !uri.hasPrefix("s3://") {
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            return try DefinitionFile.text(of: folder.isEmpty || uri.hasPrefix("/") ? uri : "\(folder)/\(uri)")
        }
        let names = "Definition, DefinitionString or a DefinitionUri of a file"
        throw CommandFailure(.usage, "\(path), \(id) has no definition that can be read here: it needs \(names)")
    }

    private func name(of id: String, _ properties: JSONValue) throws(CommandFailure) -> String {
        guard let name = properties["Name"] ?? properties["StateMachineName"] else { return id }
        return try resolve(name, within: [id]) ?? id
    }
}

// MARK: - CloudFormation's functions

extension Template {
    /// The text that a value stands for, if that can be known without deploying the template.
    ///
    /// With `keepingUnknown`, what a text refers to may stay in it as `${NAME}`. The names are those of the parameters and
    /// resources that it stands in, the outermost first: it throws if one of them refers to itself.
    private func resolve(
        _ value: JSONValue,
        keepingUnknown: Bool = false,
        within names: [String] = []
    ) throws(CommandFailure) -> String? {
        switch value {
        case .string(let text): return text
        case .number(let number): return number.spelling
        case .bool(let truth): return truth ? "true" : "false"
        case .null, .array: return nil
        case .object(let object):
            guard object.count == 1, let (function, argument) = object.first(where: { _ in true }) else { return nil }
            switch function {
            case "Ref":
                guard let name = argument.string else { return nil }
                return try reference(name, names)
            case "Fn::GetAtt": return try attribute(argument, names)
            case "Fn::Sub": return try substitute(argument, keepingUnknown, names)
            case "Fn::Join": return try join(argument, keepingUnknown, names)
            default: return nil
            }
        }
    }

    private func reference(_ name: String, _ names: [String]) throws(CommandFailure) -> String? {
        switch name {
        case "AWS::Region": return file.region
        case "AWS::AccountId": return file.account
        case "AWS::Partition": return "aws"
        case "AWS::StackName": return DefinitionFile.machineName(of: path)
        case "AWS::URLSuffix": return "amazonaws.com"
        default: break
        }
        if let given = file.substitutions[name] { return given }
        if let parameter = document["Parameters"]?[name] {
            guard let value = parameter["Default"] else { return nil }
            return try resolve(value, within: try enter(name, names))
        }
        guard let resource = resources[name] else { return nil }
        let isMachine = Self.types.contains(resource["Type"]?.string ?? "")
        return isMachine ? try arn(of: name, names) : try physicalName(of: name, resource, names)
    }

    /// The names that a value stands in, with one more.
    private func enter(_ name: String, _ names: [String]) throws(CommandFailure) -> [String] {
        guard let first = names.firstIndex(of: name) else { return names + [name] }
        let section = document["Parameters"]?[name] == nil ? "Resources" : "Parameters"
        let others = names[(first + 1)...].map { " by \($0)" }.joined()
        throw CommandFailure(.usage, "\(path), \(section).\(name) refers to itself\(others)")
    }

    private func attribute(_ argument: JSONValue, _ names: [String]) throws(CommandFailure) -> String? {
        let parts =
            argument.array?.compactMap(\.string) ?? argument.string?.split(separator: ".").map(String.init) ?? []
        guard parts.count == 2, let resource = resources[parts[0]] else { return nil }
        switch parts[1] {
        case "Arn": return try arn(of: parts[0], names)
        case "Name": return try physicalName(of: parts[0], resource, names)
        default: return nil
        }
    }

    private func physicalName(
        of id: String,
        _ resource: JSONValue,
        _ names: [String]
    ) throws(CommandFailure) -> String? {
        let names = try enter(id, names)
        let properties = resource["Properties"]
        for property in [
            "FunctionName", "StateMachineName", "TableName", "QueueName", "TopicName", "BucketName", "Name",
        ] {
            if let value = properties?[property], let name = try resolve(value, within: names) { return name }
        }
        return id
    }

    private func arn(of id: String, _ names: [String]) throws(CommandFailure) -> String? {
        guard let resource = resources[id], let name = try physicalName(of: id, resource, names) else { return nil }
        let place = "\(file.region):\(file.account)"
        switch resource["Type"]?.string {
        case "AWS::Serverless::Function", "AWS::Lambda::Function": return "arn:aws:lambda:\(place):function:\(name)"
        case .some(let type) where Self.types.contains(type): return "arn:aws:states:\(place):stateMachine:\(name)"
        case "AWS::StepFunctions::Activity": return "arn:aws:states:\(place):activity:\(name)"
        case "AWS::SQS::Queue": return "arn:aws:sqs:\(place):\(name)"
        case "AWS::SNS::Topic": return "arn:aws:sns:\(place):\(name)"
        case "AWS::DynamoDB::Table", "AWS::Serverless::SimpleTable": return "arn:aws:dynamodb:\(place):table/\(name)"
        case "AWS::IAM::Role": return "arn:aws:iam::\(file.account):role/\(name)"
        default: return nil
        }
    }

    private func substitute(
        _ argument: JSONValue,
        _ keepingUnknown: Bool,
        _ names: [String]
    ) throws(CommandFailure) -> String? {
        guard let text = argument.string ?? argument.array?.first?.string else { return nil }
        let own = argument.array?.dropFirst().first?.object ?? [:]
        let (result, unknown) = try Placeholders.replace(in: text) { name throws(CommandFailure) in
            if let value = own[name] { return try resolve(value, within: names) }
            let parts = name.split(separator: ".", maxSplits: 1).map { JSONValue.string(String($0)) }
            return parts.count == 2 ? try attribute(.array(parts), names) : try reference(name, names)
        }
        return unknown.isEmpty || keepingUnknown ? result : nil
    }

    private func join(
        _ argument: JSONValue,
        _ keepingUnknown: Bool,
        _ names: [String]
    ) throws(CommandFailure) -> String? {
        guard let parts = argument.array, parts.count == 2, let separator = parts[0].string, let items = parts[1].array
        else { return nil }
        var texts: [String] = []
        for item in items {
            guard let text = try resolve(item, keepingUnknown: keepingUnknown, within: names) else { return nil }
            texts.append(text)
        }
        return texts.joined(separator: separator)
    }
}
