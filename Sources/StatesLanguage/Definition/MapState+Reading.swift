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
        for name in ["ItemReader", "ItemBatcher", "ResultWriter"] where fields.has(name) && mode == .inline {
            // Ignoring it would run the state on other items than were meant.
            state.findings.schema("Field '\(name)' is not supported", at: fields.place)
        }
        let isDistributed = mode != .inline
        let itemReader = Self.part("ItemReader", of: state, if: isDistributed).flatMap {
            ItemReader(reading: $0, of: state)
        }
        let itemBatcher = Self.part("ItemBatcher", of: state, if: isDistributed).flatMap {
            ItemBatching(reading: $0, of: state)
        }
        let resultWriter = Self.part("ResultWriter", of: state, if: isDistributed).flatMap {
            ResultExport(reading: $0, of: state)
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
            label: label,
            itemReader: itemReader,
            itemBatcher: itemBatcher,
            resultWriter: resultWriter
        )
    }

    private static func part(_ name: String, of state: StateReader, if isRead: Bool) -> Fields? {
        isRead && state.fields.has(name) ? state.fields.part(name) : nil
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
            var childType: StateMachineType?
            if case .distributed(let type) = mode { childType = type }
            graph = state.definition.graph(processor, depth: state.depth + 1, of: childType)
        }
        return (mode, graph)
    }
}
