import JSON

extension MapState {
    init?(reading state: StateReader) {
        let fields = state.fields
        let (mode, processor) = Self.processor(of: state)
        let itemsPath = fields.language == .jsonPath ? fields.path("ItemsPath", isReference: true) : nil
        let items = state.items()
        fields.atMostOne(of: "ItemSelector", "Parameters")
        let itemSelector = state.template("ItemSelector") ?? state.template("Parameters")
        let maxConcurrency = state.count("MaxConcurrency")
        let toleratedCount = state.count("ToleratedFailureCount")
        let toleratedPercentage = state.percentage("ToleratedFailurePercentage")
        let label = fields.string("Label")
        if let label {
            state.definition.names.add(label: label, at: fields.place(of: "Label"), into: state.findings)
        }
        for name in ["ItemReader", "ItemBatcher", "ResultWriter"] where fields.has(name) {
            _ = fields.fields(name)
            // Ignoring it would run the state on other items than were meant.
            if mode == .inline { state.findings.schema("Field '\(name)' is not supported", at: fields.place) }
        }
        let dataFlow = state.dataFlow([.resultSelector, .resultPath])
        let retriers = state.retriers()
        let catchers = state.catchers()
        let successor = state.successor()
        guard let processor, let dataFlow, let successor else { return nil }
        self.init(
            mode: mode,
            processor: processor,
            itemsPath: itemsPath,
            items: items,
            itemSelector: itemSelector,
            maxConcurrency: maxConcurrency,
            toleratedFailureCount: toleratedCount,
            toleratedFailurePercentage: toleratedPercentage,
            dataFlow: dataFlow,
            retriers: retriers,
            catchers: catchers,
            successor: successor,
            label: label
        )
    }

    /// Reads `ItemProcessor`, or `Iterator` as older definitions have it; both are read where both stand.
    private static func processor(of state: StateReader) -> (Mode, StateGraph?) {
        let fields = state.fields
        fields.exactlyOne(of: "ItemProcessor", "Iterator")
        var mode = Mode.inline
        var graph: StateGraph?
        for name in ["Iterator", "ItemProcessor"] {
            guard let processor = fields.fields(name) else { continue }
            processor.allow(only: ["StartAt", "States", "Comment", "ProcessorConfig"])
            _ = processor.string("Comment")
            mode = Mode(reading: processor, type: state.definition.type)
            graph = state.definition.graph(processor, depth: state.depth + 1)
        }
        return (mode, graph)
    }
}
