import JSON
import ResultWriting
import StatesLanguage
import Store

/// An attempt of a run, its first or that of a redrive, whose results were exported, all of them.
///
/// What succeeded by then is in its files, or in those of an attempt before, and is not written again. An attempt that was
/// stopped, or failed by something else than its children, is none of these.
struct ExportedAttempt: Sendable, Equatable {
    /// How often the run had been redriven.
    var redrive: Int
    /// How many children had begun, all of which had ended.
    var children: Int
    /// The files of what succeeded and was in none before.
    var files: [ResultManifest.Entry]
}

extension MapRunRecord {
    /// Those before the present attempt, in order.
    var earlierExports: [ExportedAttempt] {
        exported.map { [ExportedAttempt]($0).filter { $0.redrive < redriveCount } } ?? []
    }
}

extension [ExportedAttempt] {
    /// As a run's row has them; `nil` for none.
    var text: String? {
        guard !isEmpty else { return nil }
        let attempts: [JSONValue] = map { attempt in
            let files: [JSONValue] = attempt.files.map {
                ["Key": .string($0.key), "Size": .number(JSONNumber($0.bytes))]
            }
            return [
                "Redrive": .number(JSONNumber(attempt.redrive)), "Children": .number(JSONNumber(attempt.children)),
                "Files": .array(files),
            ]
        }
        return JSONText(.array(attempts)).text
    }

    init(_ text: String) {
        self = (JSONText(trusted: text).value.array ?? []).compactMap { attempt in
            guard let redrive = attempt["Redrive"]?.int, let children = attempt["Children"]?.int else { return nil }
            let files = (attempt["Files"]?.array ?? []).compactMap { file -> ResultManifest.Entry? in
                guard let key = file["Key"]?.string, let bytes = file["Size"]?.int else { return nil }
                return ResultManifest.Entry(key: key, bytes: bytes)
            }
            return ExportedAttempt(redrive: redrive, children: children, files: files)
        }
    }
}
