import Lifecycle
import Postgres
import Store

/// Brings the worker, and those who poll for activities, what others notify.
final class Listener: Runnable {
    private let worker: Worker?
    private let polls: ActivityPolls
    private let mapRuns: MapRuns
    private let events: AsyncStream<Notifications.Event>
    private let over = Gate()

    init(worker: Worker?, polls: ActivityPolls, mapRuns: MapRuns, notifications: Notifications) {
        self.worker = worker
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
            case .reconnected: worker?.wake()
            case .notified(let channel, let payload):
                if channel == Store.channels[0], let run = MapRuns.run(told: payload) {
                    mapRuns.step(run, tellingOthers: false)
                } else if channel == Store.channels[0] {
                    worker?.wake()
                    polls.wake(payload.isEmpty ? nil : [payload])
                } else if let revoked = Store.revocation(payload) {
                    worker?.revoked([revoked])
                }
            }
        }
    }
}
