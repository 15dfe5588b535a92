/// Lets so many in at once, in the order in which they come.
///
/// Swift Testing begins all tests together: with a database and a worker each, they would only wait for one another, and for
/// more connections than a server has.
actor Places {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func take() async {
        guard free == 0 else { return free -= 1 }
        await withCheckedContinuation { waiting.append($0) }
    }

    func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
