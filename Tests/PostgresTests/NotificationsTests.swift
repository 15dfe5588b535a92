import Postgres
import TestSupport
import Testing

@Suite("Notifications", .database(.empty))
struct NotificationsTests {
    let database = TestDatabase.current

    @Test("come in order, and again after the connection was lost")
    func delivered() async throws {
        let settings = database.connectionSettings.with { $0.applicationName = "listener" }
        let notifications = Notifications(settings, channels: ["ready", "Odd \"name\""])
        var events = notifications.subscribe().makeAsyncIterator()
        async let running: Void = notifications.run()
        try await notifications.ready()
        #expect(await events.next() == .reconnected)

        let connection = try await database.connect()
        _ = try await connection.pipeline([
            Statement("SELECT pg_notify('ready', $1)", [.text("1")]),
            Statement("SELECT pg_notify('Odd \"name\"', $1)", [.text("")]),
        ])
        #expect(await events.next() == .notified(channel: "ready", payload: "1"))
        #expect(await events.next() == .notified(channel: "Odd \"name\"", payload: ""))

        _ = try await connection.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listener'"
        )
        #expect(await events.next() == .reconnected)
        _ = try await connection.query("SELECT pg_notify('ready', '2')")
        #expect(await events.next() == .notified(channel: "ready", payload: "2"))

        notifications.stop()
        try await running
        #expect(await events.next() == nil)
    }

    @Test("end at once when stopped before they run")
    func stopped() async throws {
        let notifications = Notifications(ConnectionSettings("host=/nowhere"), channels: ["a"])
        notifications.stop()
        try await notifications.run()
    }
}
