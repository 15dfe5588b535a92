import Interpreter
import StatesLanguage
import Store

extension MapRun {
    /// Runs all children in memory that have not run, and keeps what comes of them; results go to the exporter, if there is
    /// one, as they come.
    func runAll(of feed: inout ChildFeed, to exporter: ResultExporter?) async throws(Leaving) {
        var run = try await ExpressRun(self, record(), exporter: exporter)
        let result: Result<Void, Leaving> = await withTaskGroup(of: ExpressRun.Event.self) { group in
            do throws(Leaving) {
                try await run.run(&feed, in: &group)
                return .success(())
            } catch {
                group.cancelAll()
                return .failure(error)
            }
        }
        try result.get()
    }
}
