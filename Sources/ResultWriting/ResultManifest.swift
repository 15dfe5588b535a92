package import JSON
import StatesLanguage

/// Where a map run's results are exported to.
package struct ResultDestination: Sendable, Hashable {
    package let bucket: String
    /// `Prefix`, `nil` or empty for none.
    package let prefix: String?
    /// The last part of the map run's ARN.
    package let mapRunID: String

    package init(bucket: String, prefix: String?, mapRunID: String) {
        self.bucket = bucket
        self.prefix = prefix
        self.mapRunID = mapRunID
    }

    /// The key of the manifest, which stays the same through all redrives.
    package var manifestKey: String { folder + "manifest.json" }

    /// Returns the key of a file.
    ///
    /// - Parameters:
    ///   - file: Its kind.
    ///   - index: The file among those of its kind, counted from 0.
    ///   - format: How it is written.
    ///   - redrive: How often the run had been redriven when it was begun; new files never take the place of old ones.
    /// - Returns: The key.
    package func key(of file: ResultFile, index: Int, format: ResultFormat, redrive: Int = 0) -> String {
        let name = "\(file.rawValue)_\(index).\(format.outputType == .json ? "json" : "jsonl")"
        return folder + (redrive > 0 ? "Redrive-\(redrive)/" : "") + name
    }

    /// The state's result.
    package func result(mapRunARN: String) -> JSONText {
        JSONText([
            "MapRunArn": .string(mapRunARN),
            "ResultWriterDetails": ["Bucket": .string(bucket), "Key": .string(manifestKey)],
        ])
    }

    private var folder: String {
        guard let prefix, !prefix.isEmpty else { return "\(mapRunID)/" }
        return prefix + (prefix.hasSuffix("/") ? "" : "/") + "\(mapRunID)/"
    }
}

/// What a map run's `manifest.json` says.
///
/// After redrives it lists what succeeded in any attempt, and what failed or never began in the last. Source: reference §14.
package struct ResultManifest: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package let key: String
        package let bytes: Int

        package init(key: String, bytes: Int) {
            self.key = key
            self.bytes = bytes
        }
    }

    package let destinationBucket: String
    package let mapRunARN: String
    package let files: [ResultFile: [Entry]]

    package init(destinationBucket: String, mapRunARN: String, files: [ResultFile: [Entry]]) {
        self.destinationBucket = destinationBucket
        self.mapRunARN = mapRunARN
        self.files = files
    }

    package var text: JSONText {
        var lists = JSONObject()
        for file in ResultFile.allCases {
            lists[file.rawValue] = .array(
                (files[file] ?? []).map { ["Key": .string($0.key), "Size": .number(JSONNumber($0.bytes))] }
            )
        }
        return JSONText([
            "DestinationBucket": .string(destinationBucket), "MapRunArn": .string(mapRunARN),
            "ResultFiles": .object(lists),
        ])
    }
}

/// Gathers the result of a state whose results are not exported, as long as it is small enough.
package struct InlineResult: Sendable {
    private let transformation: ResultFormat.Transformation
    private let limit: Int
    private var texts: [JSONText] = []
    private var bytes = 2

    package init(_ format: ResultFormat = .standard(isExported: false), limit: Int = 262_144) {
        transformation = format.transformation
        self.limit = limit
    }

    /// Takes the next result, in the order of the items; returns whether all of them are still within the limit.
    ///
    /// Once they are not, nothing more is kept: the state fails with `States.DataLimitExceeded`.
    package mutating func add(_ result: ChildResult) -> Bool {
        guard bytes <= limit else { return false }
        for text in result.texts(as: transformation) {
            bytes += text.byteCount + (texts.isEmpty ? 0 : 1)
            texts.append(text)
        }
        if bytes > limit { texts = [] }
        return bytes <= limit
    }

    /// The state's result.
    package var text: JSONText { JSONText.array(of: texts) }
}
