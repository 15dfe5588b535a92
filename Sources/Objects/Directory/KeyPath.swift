import Crypto

/// How keys are told as paths below a bucket's folder, and back.
///
/// A key's segments are folders and a file of the same names, so that people can put files there. What no file system can
/// hold as a name, or means something else by (`.`, `..`, nothing, U+0000), and what begins like these marks, is escaped
/// under a mark of its own: every key has one path, every path at most one key, and none leads out of the bucket.
enum KeyPath {
    /// Where unfinished files are, in the bucket's folder.
    static let staging = ".braid-unfinished"
    static let longestKey = 1024
    private static let reserved = ".braid"
    private static let mark = ".braid%"
    private static let longestName = 255

    /// Returns the path of a key, relative to the bucket's folder.
    static func path(of key: String) throws(ObjectStoreError) -> String {
        guard !key.isEmpty else { throw .refused("InvalidArgument", 400, "The key is empty") }
        guard key.utf8.count <= longestKey else { throw tooLong }
        var names: [String] = []
        for segment in key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            let name = name(of: String(Substring(segment)))
            guard name.utf8.count <= longestName else { throw tooLong }
            names.append(name)
        }
        return names.joined(separator: "/")
    }

    private static var tooLong: ObjectStoreError { .refused("KeyTooLongError", 400, "Your key is too long") }

    /// Returns the folder of a bucket, below the root.
    static func folder(of bucket: String) throws(ObjectStoreError) -> String {
        let isName = bucket.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard isName, !bucket.isEmpty, !bucket.hasPrefix("."), bucket.utf8.count <= longestName else {
            throw .refused("InvalidBucketName", 400, "The specified bucket is not valid.")
        }
        return bucket
    }

    /// Returns the name of a segment's file or folder.
    static func name(of segment: String) -> String {
        guard
            segment.isEmpty || segment == "." || segment == ".." || segment.hasPrefix(reserved)
                || segment.utf8.contains(0)
        else { return segment }
        var name = Array(mark.utf8)
        for byte in segment.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                name.append(byte)
            default:
                name.append(UInt8(ascii: "%"))
                name.append(contentsOf: [byte].hexadecimal.utf8)
            }
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// Returns the segment that a name stands for; `nil` for what is no segment's.
    static func segment(of name: String) -> String? {
        guard name.hasPrefix(reserved) else { return name }
        var segment: [UInt8] = []
        var rest = name.utf8.dropFirst(mark.utf8.count)
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                segment.append(byte)
                continue
            }
            guard let decoded = [UInt8](hexadecimal: String(Substring(rest.prefix(2))))?.first else { return nil }
            segment.append(decoded)
            rest = rest.dropFirst(2)
        }
        let text = String(decoding: segment, as: UTF8.self)
        // Only the one spelling counts, or two names could stand for one key.
        return self.name(of: text) == name ? text : nil
    }
}
