/// A node of the tree while it is being built; ``Syntax`` is what it becomes.
final class Draft {
    enum Kind {
        case end
        case name(String)
        case variable(String)
        case string(String)
        case number(Double)
        case null
        case bool(Bool)
        case regex(pattern: String, flags: String)
        case `operator`(String)
        case wildcard
        case descendant
        /// `%`; the slot is there once the tree has been resolved.
        case parent(ParentSlot?)
        case binary(String, Draft, Draft)
        /// `^`, before the tree is resolved.
        case orderBy(Draft, [Term])
        /// `{` behind something, before the tree is resolved.
        case grouping(Draft, [Pair])
        case negation(Draft)
        case array([Draft])
        case object([Pair])
        case block([Draft])
        case condition(Draft, Draft, Draft?)
        /// `?:`
        case alternative(Draft, Draft)
        /// `??`
        case coalescing(Draft, Draft)
        case call(Draft, [Draft])
        case partial(Draft, [Draft?])
        case lambda([String], Signature?, Draft)
        /// A call in tail position.
        case tailCall(Draft)
        case transform(Draft, Draft, Draft?)
        case path([Draft])
        case bind(String, Draft)
        case apply(Draft, Draft)
        case sort([Term])
    }

    struct Term {
        var isDescending: Bool
        var expression: Draft
    }

    struct Pair {
        var key: Draft
        var value: Draft
    }

    enum Stage {
        case filter(Draft)
        case index(String)
    }

    var kind: Kind
    let position: Int
    /// How deep the tree below is.
    let height: Int
    /// `[]` stands behind it.
    var keepsArray = false
    /// On a path: a step has `[]` behind it.
    var keepsSingletonArray = false
    /// An array constructor whose array a path keeps whole.
    var isConstructor = false
    var predicates: [Draft] = []
    var stages: [Stage] = []
    var group: (pairs: [Pair], position: Int)?
    var focus: String?
    var index: String?
    var ancestor: ParentSlot?
    var isTuple = false
    /// The parents that are sought further up.
    var seeking: [ParentSlot] = []

    init(_ kind: Kind, at position: Int, height: Int = 1) {
        self.kind = kind
        self.position = position
        self.height = height
    }

    /// What an error calls it.
    var token: String {
        switch kind {
        case .end: "(end)"
        case .name(let text), .variable(let text), .string(let text), .operator(let text): text
        case .number(let value): value.javaScriptText
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .regex(let pattern, _): pattern
        case .wildcard: "*"
        case .descendant: "**"
        case .parent: "%"
        case .binary(let sign, _, _): sign
        case .orderBy, .sort: "^"
        case .grouping, .object: "{"
        case .negation: "-"
        case .array: "["
        case .block, .call, .partial, .lambda, .tailCall: "("
        case .condition, .alternative, .coalescing: "?"
        case .transform: "|"
        case .path: "path"
        case .bind: ":="
        case .apply: "~>"
        }
    }

    /// What the reference implementation calls a node of this kind.
    var typeName: String {
        switch kind {
        case .end: "(end)"
        case .name: "name"
        case .variable: "variable"
        case .string: "string"
        case .number: "number"
        case .null, .bool: "value"
        case .regex: "regex"
        case .operator: "operator"
        case .wildcard: "wildcard"
        case .descendant: "descendant"
        case .parent: "parent"
        case .binary, .orderBy, .grouping: "binary"
        case .negation, .array, .object: "unary"
        case .block: "block"
        case .condition, .alternative, .coalescing: "condition"
        case .call: "function"
        case .partial: "partial"
        case .lambda, .tailCall: "lambda"
        case .transform: "transform"
        case .path: "path"
        case .bind: "bind"
        case .apply: "apply"
        case .sort: "sort"
        }
    }
}

/// A parent that an expression asks for: which step binds it, and under what name.
final class ParentSlot {
    var label: String
    /// How many steps up it still is.
    var level = 1
    let number: Int

    init(number: Int) {
        self.number = number
        label = "!\(number)"
    }
}
