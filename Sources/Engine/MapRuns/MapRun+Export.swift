import Interpreter
import JSON
import Objects
import ResultWriting
import StatesLanguage
import Store
import Telemetry

/// A run whose results are written as objects.
extension MapRun {
    /// What writes the results as objects; uploads that are `left` are still to be given up, and noted until then.
    func exporter(of record: MapRunRecord, besides left: [ObjectUpload]) throws(Leaving) -> ResultExporter {
        guard let objects = parts.settings.objects else {
            throw Self.unwritable("This worker has no object store: --objects names one.")
        }
        guard let writer = map.resultWriter, let parameters = work.request.writer,
            let bucket = parameters["Bucket"]?.string, !bucket.isEmpty
        else { throw Self.unwritable("The ResultWriter's 'Bucket' must be a string that is not empty.") }
        for name in ["Prefix", "ExpectedBucketOwner"] where parameters[name].map({ $0.string == nil }) ?? false {
            throw Self.unwritable("The ResultWriter's '\(name)' must be a string.")
        }
        let prefix = parameters["Prefix"]?.string
        let arn = parts.settings.arns.mapRun(
            work.request.id,
            label: work.request.label,
            of: work.execution.machineName
        )
        return ResultExporter(
            to: ResultDestination(bucket: bucket, prefix: prefix, mapRunID: work.request.id),
            ownedBy: parameters["ExpectedBucketOwner"]?.string,
            writer.format,
            of: arn.description,
            redrive: record.redriveCount,
            behind: record.earlierExports.flatMap(\.files),
            in: objects,
            logger: parts.logger
        ) { (uploads) throws(Leaving) in
            try await note(uploads + left)
        }
    }

    private static func unwritable(_ cause: String) -> Leaving {
        .failed(Failure(error: ErrorName.resultWriterFailed, cause: cause))
    }

    /// Has all children begin and end, and writes their results; the state's result says where they are.
    func exportAll(
        of feed: inout ChildFeed,
        as type: StateMachineType,
        to exporter: ResultExporter
    ) async throws(Leaving) -> JSONText {
        do throws(Leaving) {
            try await runAll(of: &feed, as: type, to: exporter)
        } catch {
            guard case .failed(let failure) = error, failure.error == ErrorName.exceedToleratedFailureThreshold
            else { throw error }
            try await stopChildren()
            do throws(Leaving) {
                // What there is is exported all the same; the run has failed by its children, whatever becomes of that.
                _ = try await export(to: exporter, with: &feed)
            } catch .failed(let other) {
                parts.logger.warning(
                    "the results of a map run that failed are not written",
                    [("run", id), ("reason", other.cause ?? "")]
                )
                await exporter.abandon()
            }
            throw .failed(failure)
        }
        return try await export(to: exporter, with: &feed)
    }

    /// Writes the results that there are.
    func exportKept(to exporter: ResultExporter) async throws(Leaving) {
        var children = try await ChildPages(of: record(), work, in: parts)
        while let page = try await children.next() { try await exporter.add(page) }
    }

    /// Writes the results that are not written yet; the state's result says where they are.
    ///
    /// Those of children in memory are, but for those behind the cursor, which no one has come to since their worker died. Items
    /// that no child was begun for are those that the feed has left, as far as they can be read: some are left only where a
    /// run has failed already.
    private func export(to exporter: ResultExporter, with feed: inout ChildFeed) async throws(Leaving) -> JSONText {
        let record = try await self.record()
        if record.type == .standard { try await exportKept(to: exporter) }
        let kept = try await keptBehindCursor(of: record)
        for range in kept {
            var children = ChildPages(of: record, work, in: parts, only: range)
            while let page = try await children.next() { try await exporter.add(page) }
        }
        var next = record.children
        var rest = kept[...]
        while let input = try? await feed.next() {
            if rest.first?.contains(next) != true {
                try await exporter.add([ChildResult(input: input.input, outcome: .pending, execution: nil)])
            }
            next += 1
            if rest.first?.upperBound == next { rest.removeFirst() }
        }
        // It may be that which ended reading.
        if Task.isCancelled { throw .lost }
        let (result, succeeded) = try await exporter.finish()
        let attempt = ExportedAttempt(redrive: record.redriveCount, children: record.children, files: succeeded)
        let exported = (record.earlierExports + [attempt]).text
        try await held("that results are written is not kept") { store throws(StoreError) in
            try await store.note(exported: exported, isWhole: true, by: holder)
        }
        return result
    }

    /// Which children have kept results behind the run's cursor, up to which all have.
    private func keptBehindCursor(of record: MapRunRecord) async throws(Leaving) -> [Range<Int>] {
        guard record.type == .express else { return [] }
        let kept = await parts.logger.trying("the results of a map run are not read") { () throws(StoreError) in
            try await parts.store.keptChildren(of: id, from: record.children)
        }
        guard let kept, !Task.isCancelled else { throw .lost }
        return kept
    }

    /// Notes that not all results of an attempt are exported any more: it goes on, and may come to others.
    ///
    /// So it is where who exported them died before it told how the run had ended.
    func takeBackExport(of record: MapRunRecord) async throws(Leaving) {
        guard record.hasWrittenResults else { return }
        try await held("that results are not written is not kept") { store throws(StoreError) in
            try await store.note(exported: record.earlierExports.text, isWhole: false, by: holder)
        }
    }

    // MARK: Uploads

    /// Notes which uploads there are, before anything is uploaded: who comes next gives up what this process may leave.
    private func note(_ uploads: [ObjectUpload]) async throws(Leaving) {
        try await held("the uploads of a map run are not kept") { store throws(StoreError) in
            try await store.note(uploads: uploads.text, by: holder)
        }
    }

    /// Gives up the uploads of those who saw to the run before.
    ///
    /// - Returns: Those of which it is not known whether they are.
    func giveUpUploads(of record: MapRunRecord) async -> [ObjectUpload] {
        guard let text = record.uploads, let objects = parts.settings.objects else { return [] }
        return await objects.giveUp([ObjectUpload](text), logger: parts.logger)
    }
}
