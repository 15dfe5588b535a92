import Interpreter
import StatesLanguage

extension TaskDriver {
    /// A driver that performs what this one serves, and leaves the rest to another.
    package func before(_ other: TaskDriver) -> TaskDriver {
        TaskDriver(
            lanes: { self.lanes() + other.lanes() },
            serves: { self.serves($0) || other.serves($0) },
            places: { self.serves($0) ? self.places($0) : other.places($0) },
            pool: { self.serves($0) ? self.pool($0) : other.pool($0) },
            failsOnWorkerLoss: { request in
                self.serves(request.resource.lane)
                    ? self.failsOnWorkerLoss(request) : other.failsOnWorkerLoss(request)
            },
            perform: { attempt in
                self.serves(attempt.request.resource.lane)
                    ? await self.perform(attempt) : await other.perform(attempt)
            }
        )
    }
}
