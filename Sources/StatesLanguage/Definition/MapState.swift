import JSON

/// A state that runs one graph for each item of an array.
package struct MapState: Sendable {
    /// Where iterations run.
    package enum Mode: Sendable, Hashable {
        /// As branches of the same execution.
        case inline
        /// Each, or a batch of them, as an execution of its own, of this type.
        case distributed(StateMachineType)
    }

    package let mode: Mode
    package let processor: StateGraph
    /// Where the items are in the effective input; `nil` is all of it.
    package let itemsPath: DataPath?
    /// The items of a JSONata state; `nil` is all of its input.
    package let items: QueryTemplate?
    /// What an iteration gets instead of its item (`Parameters` in older definitions).
    package let itemSelector: Template?
    /// How many iterations run at once; 0 or `nil` is as many as can.
    package let maxConcurrency: IntegerField?
    package let toleratedFailureCount: IntegerField?
    package let toleratedFailurePercentage: PercentageField?
    /// Its `parameters` are always `nil`: see ``itemSelector``.
    package let dataFlow: DataFlow
    package let retriers: [Retrier]
    package let catchers: [Catcher]
    package let successor: Successor
    /// What a distributed Map's runs are named after.
    package let label: String?
    /// What a distributed Map's items come from, if not from its input.
    package let itemReader: ItemReader?
    package let itemBatcher: ItemBatching?
    package let resultWriter: ResultExport?

    package init(
        mode: Mode = .inline,
        processor: StateGraph,
        itemsPath: DataPath? = nil,
        items: QueryTemplate? = nil,
        itemSelector: Template? = nil,
        maxConcurrency: IntegerField? = nil,
        toleratedFailureCount: IntegerField? = nil,
        toleratedFailurePercentage: PercentageField? = nil,
        dataFlow: DataFlow,
        retriers: [Retrier] = [],
        catchers: [Catcher] = [],
        successor: Successor,
        label: String? = nil,
        itemReader: ItemReader? = nil,
        itemBatcher: ItemBatching? = nil,
        resultWriter: ResultExport? = nil
    ) {
        self.mode = mode
        self.processor = processor
        self.itemsPath = itemsPath
        self.items = items
        self.itemSelector = itemSelector
        self.maxConcurrency = maxConcurrency
        self.toleratedFailureCount = toleratedFailureCount
        self.toleratedFailurePercentage = toleratedFailurePercentage
        self.dataFlow = dataFlow
        self.retriers = retriers
        self.catchers = catchers
        self.successor = successor
        self.label = label
        self.itemReader = itemReader
        self.itemBatcher = itemBatcher
        self.resultWriter = resultWriter
    }
}
