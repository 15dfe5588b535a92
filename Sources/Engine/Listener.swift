import Lifecycle
import Postgres
import Store

/// Brings the worker, those who poll for activities and those who look on what others notify.
final class Listener: Runnable {
    private let worker: Worker?
    private let express: ExpressRuns?
    private let polls: ActivityPolls
    private let mapRuns: MapRuns
    private let onlookers: Onlookers
    private let events: AsyncStream<Notifications.Event>
    private let over = Gate()

    init(
        worker: Worker?,
        express: ExpressRuns?,
        polls: ActivityPolls,
        mapRuns: MapRuns,
        onlookers: Onlookers,
        notifications: Notifications
    ) {
        self.onlookers = onlookers
        self.worker = worker
        self.express = express
        self.polls = polls
        self.mapRuns = mapRuns
        events = notifications.subscribe()
    }

    func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.listen() }
            group.addTask {
                // A notification may be missed: so polls look for themselves now and then.
                while (try? await Task.sleep(for: .seconds(1))) != nil { self.polls.wake(nil) }
            }
            try? await over.wait()
            group.cancelAll()
        }
    }

    func stop() async { over.open() }

    private func listen() async {
        for await event in events {
            switch event {
            case .reconnected:
                worker?.wake()
                express?.wake()
                onlookers.reconnected()
            case .notified(let channel, let payload):
                if let channel = Store.Channel(rawValue: channel) { take(channel, payload) }
            }
        }
    }

    private func take(_ channel: Store.Channel, _ payload: String) {
        switch channel {
        case .ready:
            if let run = MapRuns.run(told: payload) { return mapRuns.step(run, tellingOthers: false) }
            worker?.wake([payload])
            polls.wake(payload.isEmpty ? nil : [payload])
        case .express: express?.wake()
        case .revoked: if let revoked = Store.revocation(payload) { worker?.revoked([revoked]) }
        case .looks, .changes: onlookers.heard(channel, payload)
        }
    }
}
