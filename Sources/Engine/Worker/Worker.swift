package import Interpreter
import Lifecycle
import Postgres
import StatesLanguage
package import Store
import Synchronization
import Telemetry

/// Leases ready branches, runs them and commits their transitions.
///
/// ``stop()`` drains: nothing more is leased, what has begun is brought to a durable point, and ``run()`` returns with no
/// lease left. To bound the drain, cancel the task: what is still held is handed back. A worker that is declared dead, or
/// that could not say in time that it lives, drops all its work and begins anew under another id (DESIGN §5).
package final class Worker: Runnable {
    private struct State {
        var incarnation: Incarnation?
        var isStopping = false
        /// Lanes that somebody told of since the last look.
        var heard: Set<String> = []
    }

    private let parts: WorkerParts
    private let state = Mutex(State())
    private let alarm = Alarm()
    private let registered = Gate()

    package init(parts: WorkerParts) { self.parts = parts }

    /// Returns once it is registered and leases.
    package func ready() async throws { try await registered.wait() }

    /// Looks for work now, also in lanes that it may not know yet.
    package func wake(_ lanes: Set<String> = []) {
        let incarnation = state.withLock { state in
            // So many are soon found by a look at everything.
            if state.heard.count <= 1_000 { state.heard.formUnion(lanes) }
            return state.incarnation
        }
        incarnation?.alarm.ring()
    }

    /// Leases that others took away.
    package func revoked(_ leases: [(key: BranchKey, lease: Lease)]) {
        state.withLock { $0.incarnation }?.yield(.revoked(leases))
    }

    /// Its present incarnation; `nil` while it is not working.
    package var id: WorkerID? { state.withLock { $0.isStopping ? nil : $0.incarnation?.id } }

    /// How many branches it holds now.
    package var heldCount: Int {
        get async { await state.withLock { $0.incarnation }?.heldCount ?? 0 }
    }

    /// Starts an execution here; `nil` while it is not working.
    package func start(_ new: NewExecution, _ interpreter: Interpreter) async -> SubmissionResult? {
        guard let incarnation = state.withLock({ $0.isStopping ? nil : $0.incarnation }) else { return nil }
        return await incarnation.start(new, interpreter)
    }

    package func run() async throws {
        let sweep = Task { await parts.mapRuns.giveUpLeftUploads() }
        await withDiscardingTaskGroup { group in
            while !state.withLock({ $0.isStopping }), !Task.isCancelled {
                do {
                    // What does not heed its cancellation goes on beside the next incarnation.
                    if let dead = try await runIncarnation() { group.addTask { await dead.settleDown() } }
                } catch {
                    parts.logger.warning("the worker could not register", [("reason", "\(error)")])
                    await alarm.sleep(atMost: .seconds(1))
                }
            }
        }
        sweep.cancel()
        await sweep.value
    }

    package func stop() async {
        let incarnation = state.withLock { state in
            state.isStopping = true
            return state.incarnation
        }
        incarnation?.alarm.ring()
        alarm.ring()
    }

    /// Registers, works until stopped or declared dead, and hands back what is left.
    ///
    /// - Returns: The incarnation if it is dead: what it performed may not have ended yet.
    private func runIncarnation() async throws -> Incarnation? {
        let settings = parts.settings
        let id = try await parts.store.registerWorker(
            host: HostName.current,
            pid: HostName.processID,
            lanes: parts.driver.lanes(),
            capacity: settings.capacity
        )
        let incarnation = Incarnation(id: id, parts: parts)
        let heartbeat = Heartbeat(worker: id, parts: parts, incarnation: incarnation)
        guard await heartbeat.beat() else { return nil }
        state.withLock { $0.incarnation = incarnation }
        parts.logger.info("the worker is registered", [("worker", id), ("lanes", parts.driver.lanes().count)])
        registered.open()
        let isDead = await withTaskGroup(of: Void.self) { group in
            group.addTask { await incarnation.run() }
            group.addTask { await self.lease(for: incarnation, id, while: heartbeat) }
            group.addTask { await heartbeat.run() }
            group.addTask {
                await heartbeat.untilOver()
                // At once, also while it drains: others may take its leases now.
                if !heartbeat.isAlive { await incarnation.abandon() }
                self.alarm.ring()
            }
            await self.untilOver(heartbeat)
            state.withLock { $0.incarnation = nil }
            await drain(incarnation)
            // As of now: without a heartbeat it would soon seem dead, and hand nothing back.
            let isDead = !heartbeat.isAlive
            await heartbeat.stop()
            incarnation.finish()
            // A dead one waits for no answer that does not come.
            if isDead { group.cancelAll() }
            await group.waitForAll()
            return isDead
        }
        // Who goes on leaves it to others, who count the death; who stops has no need to let them wait for that.
        guard !isDead || state.withLock({ $0.isStopping }) else { return incarnation }
        if !isDead { await incarnation.settleDown() }
        // In a task of its own: a drain that was cut short must hand back all the same.
        await Task { await self.handBack(id) }.value
        return isDead ? incarnation : nil
    }

    /// Waits until it is to stop, is cancelled, or has died.
    private func untilOver(_ heartbeat: Heartbeat) async {
        while heartbeat.isAlive, !state.withLock({ $0.isStopping }), !Task.isCancelled {
            await alarm.sleep(atMost: .seconds(1))
        }
    }

    /// Lets what is held come to a durable point; a cancelled task cuts that short.
    private func drain(_ incarnation: Incarnation) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await incarnation.drain() }
            group.addTask {
                while !Task.isCancelled, (try? await Task.sleep(for: .milliseconds(100))) != nil {}
            }
            await group.next()
            if Task.isCancelled { await incarnation.abandon() }
            group.cancelAll()
        }
    }

    /// Gives up what it holds, by the fence: what others have taken by now stays theirs.
    private func handBack(_ id: WorkerID) async {
        var tries = 0
        while true {
            do {
                let released = try await parts.store.releaseLeases(of: id)
                if !released.lanes.isEmpty { parts.notifier.wake(released.lanes) }
                guard !released.more else { continue }
                return try await parts.store.endWorker(id)
            } catch {
                tries += 1
                guard tries < Self.handBackTries else {
                    parts.logger.warning("leases were left to lapse", [("worker", id), ("reason", "\(error)")])
                    return
                }
                await alarm.sleep(atMost: .milliseconds(200))
            }
        }
    }

    private static let handBackTries = 5

    // MARK: Leasing

    private func lease(for incarnation: Incarnation, _ id: WorkerID, while heartbeat: Heartbeat) async {
        let link = Link(parts.connection, logger: parts.logger)
        // An answer that is lost may have given leases: then, and now and then, the database is asked what is held.
        var isSure = true
        var asked = ContinuousClock.now
        var lookout = Lookout()
        while heartbeat.isAlive, !state.withLock({ $0.isStopping }), !Task.isCancelled {
            do {
                if await incarnation.takeDoubt() { isSure = false }
                if !isSure || ContinuousClock.now - asked >= parts.settings.holdingInterval {
                    incarnation.yield(.holding(try await parts.store.leases(of: id)))
                    isSure = true
                    asked = .now
                }
                let idle = try await leaseOnce(for: incarnation, id, over: link, &lookout)
                if let idle { await incarnation.alarm.sleep(atMost: idle) }
            } catch {
                isSure = false
                if case .unavailable(let reason) = error { await link.lost(reason) }
                parts.logger.debug("nothing was leased", [("reason", "\(error)")])
                await incarnation.alarm.sleep(atMost: .milliseconds(250))
            }
        }
        await link.close()
    }

    /// Leases what is ready and fits; returns how long to sleep if there is nothing more to take now.
    private func leaseOnce(
        for incarnation: Incarnation,
        _ id: WorkerID,
        over link: Link,
        _ lookout: inout Lookout
    ) async throws(StoreError) -> Duration? {
        let heard = state.withLock { state in
            defer { state.heard = [] }
            return state.heard
        }
        lookout.hear(of: heard)
        let floors = lookout.floors(at: .now)
        let survey = try await parts.store.surveyLanes(unservedAfter: parts.settings.unservedGrace, from: floors)
        lookout.note(survey, isWhole: floors == nil, at: .now)
        let ready = survey.lanes.filter { $0.nextWake <= survey.now }
        let unserved = ready.filter { !$0.isServed }.map(\.lane)
        var places = await incarnation.places(in: ready.map(\.lane), unserved: Set(unserved))
        if !places.isEmpty {
            let oldest = Dictionary(ready.map { ($0.lane, $0.nextWake) }) { first, _ in first }
            for index in places.indices { places[index].oldest = oldest[places[index].lane] }
            let room = places.reduce(0) { $0 + $1.places }
            let first = await incarnation.reserveLeases(room)
            let leased = try await parts.store.leaseReady(
                from: places,
                to: id,
                first: first,
                outputLimit: parts.settings.limits.maxPayloadBytes,
                on: try await link.connection()
            )
            await incarnation.take(leased, wasFull: leased.count >= room)
            if !leased.isEmpty { return nil }
        }
        let next = survey.lanes.compactMap { $0.nextWake > survey.now ? $0.nextWake - survey.now : nil }.min()
        return [parts.settings.pollInterval, next, lookout.rest(at: .now)].compactMap(\.self).min()
    }
}
