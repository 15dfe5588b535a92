import CZlib

/// gzip, over zlib.
@safe final class GzipCodec: Codec {
    private let stream: UnsafeMutablePointer<z_stream>
    private var isBetweenMembers = true

    init() throws(CompressionError) {
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe braid_inflate_begin(stream) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        _ = unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    func step(
        _ input: ArraySlice<UInt8>,
        limit: Int,
        fault: CompressionError
    ) throws(CompressionError) -> CodecStep {
        // What pads the end, as tapes and some writers do, is no further member.
        if isBetweenMembers, let first = input.first, first == 0 {
            return CodecStep(used: input.prefix { $0 == 0 }.count, output: [], isEnded: true)
        }
        guard !input.isEmpty || !isBetweenMembers else { return CodecStep(used: 0, output: [], isEnded: true) }
        var status = Z_OK
        var used = 0
        let output = unsafe [UInt8](unsafeUninitializedCapacity: limit) { output, count in
            unsafe input.withUnsafeBufferPointer { input in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(clamping: input.count)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(limit)
                status = unsafe inflate(stream, Z_NO_FLUSH)
                used = unsafe Int(UInt32(clamping: input.count) - stream.pointee.avail_in)
                count = unsafe limit - Int(stream.pointee.avail_out)
            }
        }
        switch status {
        case Z_OK, Z_BUF_ERROR:
            isBetweenMembers = false
        case Z_STREAM_END:
            isBetweenMembers = true
            _ = unsafe inflateReset(stream)
        case Z_MEM_ERROR: throw .outOfMemory
        default: throw fault
        }
        return CodecStep(used: used, output: output, isEnded: isBetweenMembers)
    }
}
