import Lifecycle
import Postgres
import Store
import Telemetry
import TestSupport
import Testing

@testable import Engine

@Suite("Those who look on")
struct OnlookersTests {
    private let one = ExecutionID(high: 0x0189_0000_0000_7000, low: 0x8000_0000_0000_0001)
    private let two = ExecutionID(high: 0x0189_0000_0000_7000, low: 0x8000_0000_0000_0002)

    @Test("say what they look at in the words of a notification, and all where that has no room for it")
    func words() {
        let some = Sight(executions: [one, two], lists: true)
        #expect(Sight(words: some.text.split(separator: " ")) == some)
        #expect(Sight.lists.text == "lists" && Sight.all.text == "lists *" && Sight().text.isEmpty)
        let many = Sight(executions: Set((0..<500).map { ExecutionID(high: 1, low: $0) }))
        #expect(many.text == "*")
        #expect(Sight(words: "colours * of-a-later-version".split(separator: " ")).executions == nil)
    }

    @Test("are told of what they look at, and of nothing else")
    func told() {
        // It is never asked for anything.
        let pool = Pool(ConnectionSettings("postgresql://nobody@nowhere/nothing"), limit: 1)
        let onlookers = Onlookers(store: Store(pool: pool), logger: Logger(label: "test"))
        onlookers.changed(.all)
        #expect(onlookers.takeChanged().isEmpty)
        onlookers.look(at: Sight(executions: [one]))
        onlookers.changed(Sight(executions: [one, two], lists: true))
        #expect(onlookers.takeChanged() == Sight(executions: [one]))
        #expect(onlookers.takeChanged().isEmpty)
        onlookers.look(at: Sight())
        onlookers.changed(.all)
        #expect(onlookers.takeChanged().isEmpty)
    }

    @Test("hear from another process what it has committed", .database)
    func elsewhere() async throws {
        let settings = TestDatabase.current.connectionSettings
        let store = Store(pool: Pool(settings, limit: 2))
        // One that serves, and does not look by itself since it does not run, and one that commits.
        let looker = Onlookers(store: store, logger: Logger(label: "looker"))
        let other = Onlookers(store: store, logger: Logger(label: "other"))
        let notifications = Notifications(settings, channels: Store.Channel.allCases.map(\.rawValue))
        let group = PartGroup([
            Part("notifications", notifications, ready: { try await notifications.ready() }), Part("other", other),
        ])
        let running = Task { try await group.run() }
        let events = notifications.subscribe()
        try await group.ready()
        looker.look(at: Sight(executions: [one]))
        other.heard(.looks, "looker \(Sight(executions: [one]).text)")
        other.changed(Sight(executions: [one, two], lists: true))
        for await case .notified(let channel, let payload) in events where channel == Store.Channel.changes.rawValue {
            #expect(payload.hasSuffix(" \(one)"))
            looker.heard(.changes, payload)
            break
        }
        #expect(looker.takeChanged() == Sight(executions: [one]))
        group.stop()
        try await running.value
    }
}
