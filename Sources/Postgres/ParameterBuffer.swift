import CPostgres
import Glibc

/// The values of a pipeline's statements in PostgreSQL's binary format, one after the other in one buffer that is used
/// again and again.
///
/// Everything is encoded before anything is sent, so a value that is refused leaves the connection as it was.
struct ParameterBuffer {
    private var bytes: [UInt8] = []
    /// Where each parameter starts; -1 for NULL.
    private var starts: [Int] = []
    private var lengths: [Int32] = []
    private var types: [UInt32] = []
    /// Binary, all of them.
    private var formats: [Int32] = []
    /// The first parameter of each statement, and one past the last.
    private var firsts: [Int] = []
    private static let keptCapacity = 1 << 22
    private static let largestParameter = 0x3FFF_FFFF

    /// Forgets what it holds and encodes the values of these statements.
    mutating func fill(_ statements: [Statement]) throws(PostgresError) {
        let keepsCapacity = bytes.capacity <= Self.keptCapacity
        bytes.removeAll(keepingCapacity: keepsCapacity)
        // An empty value needs a pointer too (libpq takes a null one for NULL), so the buffer is never empty.
        bytes.append(0)
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        types.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        firsts.removeAll(keepingCapacity: true)
        for statement in statements {
            firsts.append(starts.count)
            for value in statement.values {
                types.append(value.type.rawValue)
                formats.append(1)
                if case .null = value {
                    starts.append(-1)
                    lengths.append(0)
                    continue
                }
                let start = bytes.count
                guard append(value) else {
                    throw .nulInText(parameter: starts.count - (firsts.last ?? 0) + 1, statement: statement.sql)
                }
                guard bytes.count - start <= Self.largestParameter else {
                    throw .tooLarge(parameter: starts.count - (firsts.last ?? 0) + 1, statement: statement.sql)
                }
                starts.append(start)
                lengths.append(Int32(bytes.count - start))
            }
        }
        firsts.append(starts.count)
    }

    /// The types of a statement's parameters, as PostgreSQL numbers them.
    func types(of statement: Int) -> ArraySlice<UInt32> { types[firsts[statement]..<firsts[statement + 1]] }

    /// Gives libpq a statement's parameters; the pointers are good until the body returns.
    func withParameters(of statement: Int, _ body: (RawParameters) -> Int32) -> Int32 {
        let range = firsts[statement]..<firsts[statement + 1]
        guard !range.isEmpty else { return unsafe body(RawParameters()) }
        return unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: range.count) { pointers in
            unsafe bytes.withUnsafeBytes { bytes in
                let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                for (place, index) in range.enumerated() {
                    let start = starts[index]
                    let pointer = unsafe start < 0 ? nil : base.map { unsafe $0 + start }
                    unsafe pointers.initializeElement(at: place, to: pointer)
                }
                return unsafe types[range].withUnsafeBufferPointer { types in
                    unsafe lengths[range].withUnsafeBufferPointer { lengths in
                        unsafe formats[range].withUnsafeBufferPointer { formats in
                            unsafe body(
                                RawParameters(
                                    count: Int32(range.count),
                                    types: types.baseAddress,
                                    values: UnsafePointer(pointers.baseAddress),
                                    lengths: lengths.baseAddress,
                                    formats: formats.baseAddress
                                )
                            )
                        }
                    }
                }
            }
        }
    }

    /// Returns `false` when a text holds U+0000.
    private mutating func append(_ value: PostgresValue) -> Bool {
        switch value {
        case .null: break
        case .bool(let truth): bytes.append(truth ? 1 : 0)
        case .int2(let number): append(number)
        case .int4(let number): append(number)
        case .int8(let number): append(number)
        case .float8(let number): append(number.bitPattern)
        case .text(let text): return append(text)
        case .bytea(let value): bytes.append(contentsOf: value)
        case .uuid(let uuid): append(uuid)
        case .timestamp(let microseconds): append(PostgresEpoch.sent(microseconds))
        case .boolArray(let array): appendArray(array, of: .bool, size: 1) { $0.bytes.append($1 ? 1 : 0) }
        case .int2Array(let array): appendArray(array, of: .int2, size: 2) { $0.append($1) }
        case .int4Array(let array): appendArray(array, of: .int4, size: 4) { $0.append($1) }
        case .int8Array(let array): appendArray(array, of: .int8, size: 8) { $0.append($1) }
        case .float8Array(let array): appendArray(array, of: .float8, size: 8) { $0.append($1.bitPattern) }
        case .uuidArray(let array): appendArray(array, of: .uuid, size: 16) { $0.append($1) }
        case .timestampArray(let array):
            appendArray(array, of: .timestamptz, size: 8) { $0.append(PostgresEpoch.sent($1)) }
        case .textArray(let array):
            appendHeader(count: array.count, hasNull: array.contains { $0 == nil }, of: .text)
            for element in array {
                guard let element else {
                    append(Int32(-1))
                    continue
                }
                append(Int32(truncatingIfNeeded: element.utf8.count))
                guard append(element) else { return false }
            }
        case .byteaArray(let array):
            appendHeader(count: array.count, hasNull: array.contains { $0 == nil }, of: .bytea)
            for element in array {
                append(element.map { Int32(truncatingIfNeeded: $0.count) } ?? -1)
                if let element { bytes.append(contentsOf: element) }
            }
        }
        return true
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ uuid: UUIDValue) {
        append(uuid.high)
        append(uuid.low)
    }

    private mutating func append(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { utf8 in
            guard let base = utf8.baseAddress, utf8.count > 0 else { return true }
            guard unsafe memchr(base, 0, utf8.count) == nil else { return false }
            unsafe bytes.append(contentsOf: utf8)
            return true
        }
    }

    /// Writes an array of elements of one size.
    ///
    /// Source: PostgreSQL's `array_send`.
    private mutating func appendArray<T>(
        _ array: [T?],
        of type: PostgresType,
        size: Int32,
        _ write: (inout ParameterBuffer, T) -> Void
    ) {
        bytes.reserveCapacity(bytes.count + 20 + array.count * Int(size + 4))
        appendHeader(count: array.count, hasNull: array.contains { $0 == nil }, of: type)
        for element in array {
            if let element {
                append(size)
                write(&self, element)
            } else {
                append(Int32(-1))
            }
        }
    }

    private mutating func appendHeader(count: Int, hasNull: Bool, of type: PostgresType) {
        append(Int32(count == 0 ? 0 : 1))
        append(Int32(hasNull ? 1 : 0))
        append(type.rawValue)
        guard count > 0 else { return }
        append(Int32(truncatingIfNeeded: count))
        append(Int32(1))
    }
}

/// A statement's parameters in libpq's form.
@unsafe struct RawParameters {
    var count: Int32 = 0
    var types: UnsafePointer<Oid>?
    var values: UnsafePointer<UnsafePointer<CChar>?>?
    var lengths: UnsafePointer<Int32>?
    var formats: UnsafePointer<Int32>?
}
