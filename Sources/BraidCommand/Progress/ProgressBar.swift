/// How far long work is.
struct ProgressBar: Sendable, Equatable {
    /// What is done, such as `deploying`, or whose it is.
    let label: String
    let done: Int
    let total: Int
    /// What there is to say beside the numbers.
    var note = ""

    init(_ label: String, _ done: Int, of total: Int, note: String = "") {
        self.label = label
        self.done = done
        self.total = total
        self.note = note
    }

    /// `deploying  [##########··········]  50 of 100  order`, cut where the terminal ends.
    func text(width: Int) -> String {
        let cells = 20
        let filled = total > 0 ? min(max(0, done), total) * cells / total : 0
        let bar = String(repeating: "#", count: filled) + String(repeating: "·", count: cells - filled)
        let parts = [label, "[\(bar)]", "\(done.grouped) of \(total.grouped)", note]
        // One character is left free: a full line would make some terminals go on to the next.
        return String(parts.filter { !$0.isEmpty }.joined(separator: "  ").prefix(max(0, width - 1)))
    }
}

extension Int {
    /// The number with its thousands set apart: `12,345`.
    var grouped: String {
        let digits = String(magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return self < 0 ? "-\(text)" : text
    }
}
