import Interpreter
import JSON
import Objects
import ResultWriting
import StatesLanguage
import Store

/// Writes a run's results as objects: files of records, and the manifest that names them.
///
/// What it writes depends on nothing but the children's results, so a worker that takes the run over writes the same objects
/// again in the place of those that are there. It holds one part of each kind of file.
actor ResultExporter {
    private let store: any ObjectStore
    private let destination: ResultDestination
    nonisolated let format: ResultFormat
    private let runARN: String
    private let redrive: Int
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
    ///   - format: How they are written.
    ///   - runARN: The run.
    ///   - redrive: How often it was redriven: objects of an earlier time stay as they are.
    ///   - store: What holds them.
    init(
        to destination: ResultDestination,
        _ format: ResultFormat,
        of runARN: String,
        redrive: Int,
        in store: any ObjectStore
    ) {
        self.store = store
        self.destination = destination
        self.format = format
        self.runARN = runARN
        self.redrive = redrive
    }

    /// Takes results, and uploads the parts that are complete by them, if any are; for one caller at a time.
    func add(_ results: ResultTexts) async throws(RunFailure) {
        for (kind, texts) in results.bytes {
            // Where it stands: a copy at hand would be one of all that the part holds.
            if files[kind] == nil { files[kind] = OpenFile(writer: ResultFileWriter(format)) }
            let part = files[kind]?.writer.add(texts)
            if let part = part ?? nil { try await write(part, of: kind) }
        }
    }

    /// Takes results, as `add(_:)` does.
    func add(_ results: [ChildResult]) async throws(RunFailure) {
        var texts = ResultTexts(format)
        for result in results { texts.add(result) }
        try await add(texts)
    }

    /// Gives up what was uploaded of files that are not complete.
    func abandon() async {
        for upload in files.values.compactMap(\.upload) { try? await store.abort(upload) }
        files = [:]
    }

    /// Ends the files, and writes the manifest.
    ///
    /// - Returns: The state's result.
    func finish() async throws(RunFailure) -> JSONText {
        for kind in ResultFile.allCases {
            guard let part = files[kind]?.writer.finish() ?? nil else { continue }
            try await write(part, of: kind)
        }
        let manifest = ResultManifest(destinationBucket: destination.bucket, mapRunARN: runARN, files: entries)
        let name = ObjectName(bucket: destination.bucket, key: destination.manifestKey)
        try await tried(name) { () async throws(ObjectStoreError) in
            try await store.put(Array(manifest.text.text.utf8), as: name)
        }
        return destination.result(mapRunARN: runARN)
    }

    private func write(_ part: ResultFileWriter.Part, of kind: ResultFile) async throws(RunFailure) {
        guard var file = files[kind] else { return }
        let key = destination.key(of: kind, index: part.file, format: format, redrive: redrive)
        let name = ObjectName(bucket: destination.bucket, key: key)
        file.bytes += part.bytes.count
        if part.isLast, part.number == 1 {
            try await tried(name) { () async throws(ObjectStoreError) in try await store.put(part.bytes, as: name) }
        } else {
            let begun = file.upload
            let upload = try await tried(name) { () async throws(ObjectStoreError) -> ObjectUpload in
                if let begun { begun } else { try await store.beginUpload(of: name) }
            }
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

    @discardableResult
    private func tried<T>(
        _ name: ObjectName,
        _ body: () async throws(ObjectStoreError) -> sending T
    ) async throws(RunFailure) -> T {
        do {
            return try await body()
        } catch {
            throw RunFailure(Failure(error: ErrorName.resultWriterFailed, cause: "\(name): \(error.name): \(error)"))
        }
    }
}

extension ResultExport {
    /// How the results are written.
    var format: ResultFormat { ResultFormat(transformation: transformation, outputType: outputType) }
}
