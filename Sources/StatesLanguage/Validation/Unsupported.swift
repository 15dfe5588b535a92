import JSON

/// What AWS runs and Braid does not run yet.
///
/// This is the only place that refuses it: a feature that comes drops its line.
enum Unsupported {
    /// Refuses what a state uses: Maps whose items are executions of their own.
    static func check(state fields: Fields) {
        for name in ["ItemProcessor", "Iterator"] {
            guard let processor = fields.object[name], let config = processor["ProcessorConfig"],
                config["Mode"]?.string == ProcessorMode.distributed.rawValue
            else { continue }
            let place = fields.place(of: name).appending("ProcessorConfig").appending("Mode")
            refuse("Map states in DISTRIBUTED mode", at: place, into: fields.findings)
        }
    }

    private static func refuse(_ feature: String, at place: JSONPointer, into findings: Findings) {
        findings.add(.unsupported, "Braid does not run \(feature) yet", at: place)
    }
}
