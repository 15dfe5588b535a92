import Interpreter
import StatesLanguage
import Store

extension MapRun {
    /// Runs all children in memory that have not run, and keeps what comes of them; results go to the exporter, if there is
    /// one, as they come.
    func runAll(of feed: inout ChildFeed, to exporter: ResultExporter?) async throws(Leaving) {
        let record = try await self.record()
        let kept = await parts.logger.trying("the results of a map run are not read") { () throws(StoreError) in
            try await parts.store.keptChildren(of: id, from: record.children)
        }
        guard let kept, !Task.isCancelled else { throw .lost }
        var run = ExpressRun(self, record, behind: kept, exporter: exporter)
        let result: Result<Void, Leaving> = await withTaskGroup(of: ExpressRun.Event.self) { group in
            do throws(Leaving) {
                defer { group.cancelAll() }
                try await run.run(&feed, in: &group)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Exports kept results.
    func export(
        _ one: ExpressWindow.Export,
        of record: MapRunRecord,
        to exporter: ResultExporter
    ) async throws(Leaving) {
        switch one {
        case .texts(let texts):
            try await exporter.add(texts)
        case .kept(let range):
            var children = ChildPages(of: record, work, in: parts, only: range)
            while let page = try await children.next() { try await exporter.add(page) }
        }
    }
}
