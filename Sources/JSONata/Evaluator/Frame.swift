/// The variables of a block or of a function's call, and where to look further.
final class Frame {
    private(set) var parent: Frame?
    private var bindings: [(name: String, value: Value)] = []
    /// Whether ``FrameHold`` holds it, because a function sees it.
    var isHeld = false

    init(parent: Frame?) { self.parent = parent }

    init(parent: Frame?, tuple: Tuple) {
        self.parent = parent
        bindings = tuple.bindings
    }

    func bind(_ name: String, _ value: Value) {
        for index in bindings.indices where bindings[index].name == name {
            bindings[index].value = value
            return
        }
        bindings.append((name, value))
    }

    /// What is bound to a name here or further out; `nil` if nothing is, not even undefined.
    func lookup(_ name: String) -> Value? {
        var frame: Frame? = self
        while let current = frame {
            for binding in current.bindings where binding.name == name { return binding.value }
            frame = current.parent
        }
        return nil
    }

    /// Lets go of everything.
    func clear() {
        bindings = []
        parent = nil
    }
}

/// Holds the frames that functions see, and lets go of them one by one.
///
/// A function that is bound to a variable of the frame that it sees forms a circle; functions that see one another
/// through frames form chains of any length, which must not be released at a stroke: that would go as deep as they are
/// long. So every such frame is held here until nothing else holds it, at the latest until the evaluation ends.
struct FrameHold {
    private var frames: [Frame] = []
    private var limit = 4_096

    /// How many are held.
    var count: Int { frames.count }

    mutating func hold(_ frame: Frame) {
        guard !frame.isHeld else { return }
        frame.isHeld = true
        frames.append(frame)
        if frames.count > limit { sweep() }
    }

    private mutating func sweep() {
        var kept: [Frame] = []
        for index in frames.indices {
            if isKnownUniquelyReferenced(&frames[index]) { frames[index].clear() } else { kept.append(frames[index]) }
        }
        frames = kept
        limit = max(4_096, 2 * kept.count)
    }

    mutating func releaseAll() {
        for frame in frames { frame.clear() }
        frames = []
    }
}
