import JSON

/// How a distributed Map's items are put together for its children: `ItemBatcher`.
///
/// Source: reference §14.
package struct ItemBatching: Sendable {
    /// From 1; `nil` is as many as fit.
    package let maxItems: IntegerField?
    /// From 1; `nil` is as much as an input may be.
    package let maxBytes: IntegerField?
    /// What every batch gets beside its items.
    package let batchInput: Template?
}

extension ItemBatching {
    init?(reading fields: Fields, of state: StateReader) {
        let limits = ["MaxItemsPerBatch", "MaxInputBytesPerBatch"]
        fields.allow(only: Set(limits + limits.map { $0 + "Path" } + ["BatchInput"]))
        fields.refuse(limits.map { $0 + "Path" }, onlyFor: .jsonPath)
        if !limits.contains(where: { fields.has($0) || fields.has($0 + "Path") }) {
            let names = limits.joined(separator: ", ")
            fields.findings.schema(
                "This object should have at least one of the following fields: [\(names)]",
                at: fields.place
            )
        }
        maxItems = state.count("MaxItemsPerBatch", in: 1...Int.max, of: fields)
        maxBytes = state.count("MaxInputBytesPerBatch", in: 1...262_144, of: fields)
        batchInput = state.template("BatchInput", of: fields)
    }
}
