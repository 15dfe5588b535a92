import Synchronization

/// What a process counts and measures, and its Prometheus text.
///
/// Asking for a name and labels again gives the same instrument; instruments are cheap enough for the hot path, asking for
/// one is not: keep it. A name has one kind and one help text, those of the first who asked.
package final class Metrics: Sendable {
    /// Names and values of labels, in the order of the text.
    package typealias Labels = [(String, String)]

    private enum Instrument: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
    }

    private struct Family {
        let kind: String
        let help: String
        var instruments: [(labels: String, instrument: Instrument)] = []
    }

    private struct Registry {
        var order: [String] = []
        var families: [String: Family] = [:]
    }

    private let registry = Mutex(Registry())

    package init() {}

    /// A number that only grows; by convention its name ends in `_total`.
    package func counter(_ name: String, help: String, labels: Labels = []) -> Counter {
        let made = instrument(name, kind: "counter", help: help, labels: labels) { .counter(Counter()) }
        guard case .counter(let counter) = made else { return Counter() }
        return counter
    }

    /// A number that rises and falls.
    package func gauge(_ name: String, help: String, labels: Labels = []) -> Gauge {
        let made = instrument(name, kind: "gauge", help: help, labels: labels) { .gauge(Gauge()) }
        guard case .gauge(let gauge) = made else { return Gauge() }
        return gauge
    }

    /// How often values fell below each of some bounds; durations are observed in seconds.
    package func histogram(
        _ name: String,
        help: String,
        buckets: [Double] = Histogram.secondsBuckets,
        labels: Labels = []
    ) -> Histogram {
        let made = instrument(name, kind: "histogram", help: help, labels: labels) {
            .histogram(Histogram(buckets: buckets))
        }
        guard case .histogram(let histogram) = made else { return Histogram(buckets: buckets) }
        return histogram
    }

    /// The Prometheus text exposition (format 0.0.4), families in the order in which they were first asked for.
    package func render() -> String {
        let families = registry.withLock { registry in
            registry.order.compactMap { name in registry.families[name].map { (name, $0) } }
        }
        var text = ""
        for (name, family) in families {
            text += "# HELP \(name) \(Self.escaped(family.help, quotes: false))\n# TYPE \(name) \(family.kind)\n"
            for (labels, instrument) in family.instruments {
                switch instrument {
                case .counter(let counter): text += "\(name)\(Self.braced(labels)) \(counter.value)\n"
                case .gauge(let gauge): text += "\(name)\(Self.braced(labels)) \(Self.number(gauge.value))\n"
                case .histogram(let histogram): Self.append(histogram, named: name, labels: labels, to: &text)
                }
            }
        }
        return text
    }

    private func instrument(
        _ name: String,
        kind: String,
        help: String,
        labels: Labels,
        make: () -> Instrument
    ) -> Instrument {
        let key = labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }.joined(separator: ",")
        return registry.withLock { registry in
            if registry.families[name] == nil {
                registry.order.append(name)
                registry.families[name] = Family(kind: kind, help: help)
            }
            if let known = registry.families[name]?.instruments.first(where: { $0.labels == key }) {
                return known.instrument
            }
            let made = make()
            if registry.families[name]?.kind == kind { registry.families[name]?.instruments.append((key, made)) }
            return made
        }
    }

    private static func append(_ histogram: Histogram, named name: String, labels: String, to text: inout String) {
        let snapshot = histogram.snapshot
        let prefix = labels.isEmpty ? "" : labels + ","
        var total = 0
        for (bound, count) in zip(histogram.bounds, snapshot.counts) {
            total += count
            text += "\(name)_bucket{\(prefix)le=\"\(number(bound))\"} \(total)\n"
        }
        text += "\(name)_bucket{\(prefix)le=\"+Inf\"} \(snapshot.count)\n"
        text += "\(name)_sum\(braced(labels)) \(number(snapshot.sum))\n"
        text += "\(name)_count\(braced(labels)) \(snapshot.count)\n"
    }

    private static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    private static func number(_ value: Double) -> String {
        if value == .infinity { return "+Inf" }
        if value == -.infinity { return "-Inf" }
        if value.isNaN { return "NaN" }
        return Int(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
