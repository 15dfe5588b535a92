/// What stands next in a text, as libyaml reports it.
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case alias(String)
        /// `isPlain` if it stands without quotes and is no block.
        case scalar(String, isPlain: Bool, YAMLProperties)
        case sequenceStart(YAMLProperties)
        case sequenceEnd
        case mappingStart(YAMLProperties)
        case mappingEnd
    }

    let kind: Kind
    let place: YAMLPlace
}

/// What may stand before a node.
struct YAMLProperties {
    var anchor: String?
    var tag: String?
}
