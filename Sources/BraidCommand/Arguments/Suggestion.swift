/// Finds what someone who mistyped a word probably meant.
enum Suggestion {
    /// Returns the candidate that is fewest edits away, if it is near enough to be a typing mistake.
    static func closest(to word: String, among candidates: [String]) -> String? {
        let allowed = max(1, word.count / 3)
        return
            candidates
            .map { (candidate: $0, distance: distance(word, $0)) }
            .filter { $0.distance <= allowed || (word.count >= 3 && $0.candidate.hasPrefix(word)) }
            .min { $0.distance < $1.distance }?
            .candidate
    }

    /// Returns how many characters must be inserted, left out, exchanged or swapped with their neighbour (Damerau's
    /// distance, restricted).
    static func distance(_ one: String, _ other: String) -> Int {
        let (left, right) = (Array(one), Array(other))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var present = [row + 1]
            for (column, match) in right.enumerated() {
                var cost = min(last[column + 1], present[column]) + 1
                cost = min(cost, last[column] + (character == match ? 0 : 1))
                if row > 0, column > 0, character == right[column - 1], left[row - 1] == match {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                present.append(cost)
            }
            (beforeLast, last) = (last, present)
        }
        return last[right.count]
    }
}
