import Interpreter
import JSON
import Objects
import ResultWriting
import StatesLanguage
import Store
import Telemetry

/// Writes a run's results as objects: files of records, and the manifest that names them.
///
/// What it writes depends on nothing but the children's results, so a worker that takes the run over writes the same objects
/// again in the place of those that are there. It holds one part of each kind of file. Uploads are noted before they have a
/// part: what a process leaves that dies is given up by who comes next. What it leaves that dies between the beginning of an
/// upload and that note, nobody knows of, for the store makes the upload's id: an upload without parts stays there.
actor ResultExporter {
    private let store: any ObjectStore
    private let destination: ResultDestination
    private let owner: String?
    nonisolated let format: ResultFormat
    private let runARN: String
    private let redrive: Int
    private let earlier: [ResultManifest.Entry]
    private let note: @Sendable ([ObjectUpload]) async throws(MapRun.Leaving) -> Void
    private let logger: Logger
    private var files: [ResultFile: OpenFile] = [:]
    private var entries: [ResultFile: [ResultManifest.Entry]] = [:]

    private struct OpenFile {
        var writer: ResultFileWriter
        var upload: ObjectUpload?
        var parts: [UploadedPart] = []
        var bytes = 0
    }

    /// - Parameters:
    ///   - destination: Where the objects go.
    ///   - owner: The account that must own the bucket; `nil` is any.
    ///   - format: How they are written.
    ///   - runARN: The run.
    ///   - redrive: How often it was redriven: objects of an earlier time stay as they are.
    ///   - earlier: The files of what succeeded in earlier attempts: they are not written again, but stand in the manifest.
    ///   - store: What holds them.
    ///   - logger: Where it says what it cannot give up.
    ///   - note: Notes the uploads that are under way, before anything of the last one is uploaded.
    init(
        to destination: ResultDestination,
        ownedBy owner: String?,
        _ format: ResultFormat,
        of runARN: String,
        redrive: Int,
        behind earlier: [ResultManifest.Entry],
        in store: any ObjectStore,
        logger: Logger,
        noting note: @escaping @Sendable ([ObjectUpload]) async throws(MapRun.Leaving) -> Void
    ) {
        self.store = store
        self.destination = destination
        self.owner = owner
        self.format = format
        self.runARN = runARN
        self.redrive = redrive
        self.earlier = earlier
        self.logger = logger
        self.note = note
    }

    /// Takes results, and uploads the parts that are complete by them, if any are; for one caller at a time.
    func add(_ results: ResultTexts) async throws(MapRun.Leaving) {
        for (kind, texts) in results.bytes {
            // Where it stands: a copy at hand would be one of all that the part holds.
            if files[kind] == nil { files[kind] = OpenFile(writer: ResultFileWriter(format)) }
            let part = files[kind]?.writer.add(texts)
            if let part = part ?? nil { try await write(part, of: kind) }
        }
    }

    /// Takes results, as `add(_:)` does.
    func add(_ results: [ChildResult]) async throws(MapRun.Leaving) {
        var texts = ResultTexts(format)
        for result in results { texts.add(result) }
        try await add(texts)
    }

    /// Gives up what was uploaded of files that are not complete, also in a task that is cancelled.
    func abandon() async {
        let uploads = files.values.compactMap(\.upload)
        files = [:]
        _ = await store.giveUp(uploads, logger: logger)
    }

    /// Ends the files, and writes the manifest.
    ///
    /// - Returns: The state's result, and the files of what succeeded.
    func finish() async throws(MapRun.Leaving) -> (result: JSONText, succeeded: [ResultManifest.Entry]) {
        for kind in ResultFile.allCases {
            guard let part = files[kind]?.writer.finish() ?? nil else { continue }
            try await write(part, of: kind)
        }
        let succeeded = entries[.succeeded] ?? []
        var files = entries
        files[.succeeded] = earlier + succeeded
        let manifest = ResultManifest(destinationBucket: destination.bucket, mapRunARN: runARN, files: files)
        let name = name(of: destination.manifestKey)
        try await tried(name) { () async throws(ObjectStoreError) in
            try await store.put(Array(manifest.text.text.utf8), as: name)
        }
        return (destination.result(mapRunARN: runARN), succeeded)
    }

    private func name(of key: String) -> ObjectName {
        ObjectName(bucket: destination.bucket, key: key, expectedBucketOwner: owner)
    }

    private func write(_ part: ResultFileWriter.Part, of kind: ResultFile) async throws(MapRun.Leaving) {
        guard var file = files[kind] else { return }
        let key = destination.key(of: kind, index: part.file, format: format, redrive: redrive)
        let name = name(of: key)
        file.bytes += part.bytes.count
        if part.isLast, part.number == 1 {
            try await tried(name) { () async throws(ObjectStoreError) in try await store.put(part.bytes, as: name) }
        } else {
            let upload = try await upload(of: name, as: kind)
            let uploaded = try await tried(name) { () async throws(ObjectStoreError) -> UploadedPart in
                try await store.uploadPart(part.bytes, number: part.number, of: upload)
            }
            file.upload = upload
            file.parts.append(uploaded)
            let parts = file.parts
            if part.isLast {
                try await tried(name) { () async throws(ObjectStoreError) in try await store.complete(upload, parts) }
            }
        }
        if part.isLast {
            entries[kind, default: []].append(ResultManifest.Entry(key: key, bytes: file.bytes))
            file.upload = nil
            file.parts = []
            file.bytes = 0
        }
        files[kind] = file
    }

    /// The upload of the file that is being written; one that begins is noted first.
    private func upload(of name: ObjectName, as kind: ResultFile) async throws(MapRun.Leaving) -> ObjectUpload {
        if let begun = files[kind]?.upload { return begun }
        let upload = try await tried(name) { () async throws(ObjectStoreError) in
            try await store.beginUpload(of: name)
        }
        files[kind]?.upload = upload
        try await note(files.values.compactMap(\.upload))
        return upload
    }

    @discardableResult
    private func tried<T>(
        _ name: ObjectName,
        _ body: () async throws(ObjectStoreError) -> sending T
    ) async throws(MapRun.Leaving) -> T {
        do {
            return try await body()
        } catch .cancelled {
            throw .lost
        } catch {
            throw .failed(
                Failure(error: ErrorName.resultWriterFailed, cause: "\(name): \(error.name): \(error)")
            )
        }
    }
}

extension ResultExport {
    /// How the results are written.
    var format: ResultFormat { ResultFormat(transformation: transformation, outputType: outputType) }
}
