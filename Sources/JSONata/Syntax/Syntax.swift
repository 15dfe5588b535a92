/// A node of an expression's tree, ready to be evaluated any number of times.
final class Syntax: Sendable {
    let kind: SyntaxKind
    /// The UTF-16 code units before the end of the node's token.
    let position: Int
    /// `[]` stands behind it: a sequence of one value stays a sequence.
    let keepsArray: Bool
    /// What filters its result, unless it is a step: then ``stages`` does.
    let predicates: [Syntax]
    let stages: [Stage]
    let group: Group?
    /// The variable that `@` binds to each value of the step.
    let focus: String?
    /// The variable that `#` binds to each value's place.
    let index: String?
    /// The name under which the step's input is bound, for `%` further down.
    let ancestor: String?
    /// Whether it gives, or as a step makes, a stream of tuples.
    let isTuple: Bool
    /// Whether a path keeps whole the array that it makes.
    let isConstructor: Bool
    /// Whether it is a name and nothing else, the most frequent step by far.
    let plainName: String?

    init(
        _ kind: SyntaxKind,
        _ draft: Draft,
        predicates: [Syntax] = [],
        stages: [Stage] = [],
        group: Group? = nil
    ) {
        self.kind = kind
        position = draft.position
        keepsArray = draft.keepsArray
        self.predicates = predicates
        self.stages = stages
        self.group = group
        focus = draft.focus
        index = draft.index
        ancestor = draft.ancestor?.label
        isTuple = draft.isTuple
        isConstructor = draft.isConstructor
        let isPlain = predicates.isEmpty && stages.isEmpty && group == nil && !draft.keepsArray
        if isPlain, case .name(let name) = kind { plainName = name } else { plainName = nil }
    }
}

enum Stage: Sendable {
    case filter(Syntax)
    case index(String)
}

struct Pair: Sendable {
    let key: Syntax
    let value: Syntax
}

struct Group: Sendable {
    let pairs: [Pair]
    let position: Int
}

struct SortTerm: Sendable {
    let isDescending: Bool
    let expression: Syntax
}

/// What a node is.
enum SyntaxKind: Sendable {
    case string(String)
    case number(Double)
    case null
    case bool(Bool)
    case regex(Regex, source: String)
    case name(String)
    case wildcard
    case descendant
    /// `%`: what a step has bound under that name.
    case parent(String)
    /// `$`
    case context
    /// `$name`; the built-in function of that name stands for it where nothing is bound.
    case variable(String, Builtin?)
    case path([Syntax], keepsSingleton: Bool)
    case arithmetic(Arithmetic, Syntax, Syntax)
    case comparison(Comparison, Syntax, Syntax)
    case equality(isNegated: Bool, Syntax, Syntax)
    case concatenation(Syntax, Syntax)
    case and(Syntax, Syntax)
    case or(Syntax, Syntax)
    case range(Syntax, Syntax)
    case membership(Syntax, Syntax)
    case negation(Syntax)
    case array([Syntax])
    case object(Group)
    case block([Syntax])
    case condition(Syntax, Syntax, Syntax?)
    case alternative(Syntax, Syntax)
    case coalescing(Syntax, Syntax)
    case bind(String, Syntax)
    case call(Call)
    case partial(Syntax, [Syntax?])
    case lambda(Lambda)
    case tailCall(Call)
    case apply(Syntax, Syntax)
    case sort([SortTerm])
    case transform(Syntax, Syntax, Syntax?)
}

enum Arithmetic: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
}

enum Comparison: String, Sendable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

/// A call of a function.
final class Call: Sendable {
    let procedure: Syntax
    let arguments: [Syntax]
    let position: Int
    /// What errors call the function.
    let name: String?
    /// The name that may lack its `$`, where the function is a path.
    let pathName: String?

    init(procedure: Syntax, arguments: [Syntax], position: Int) {
        self.procedure = procedure
        self.arguments = arguments
        self.position = position
        (name, pathName) = procedure.calledName
    }
}

/// A function's definition.
final class Lambda: Sendable {
    let parameters: [String]
    let signature: Signature?
    let body: Syntax

    init(parameters: [String], signature: Signature?, body: Syntax) {
        self.parameters = parameters
        self.signature = signature
        self.body = body
    }
}

extension Syntax {
    /// What errors call a function that this gives, and the name of a path's first step.
    var calledName: (String?, path: String?) {
        switch kind {
        case .variable(let name, _): (name, nil)
        case .context: ("", nil)
        case .path(let steps, _):
            if case .name(let name)? = steps.first?.kind { (name, name) } else { (nil, nil) }
        default: (nil, nil)
        }
    }
}
