import CZstd

/// Zstandard, over libzstd.
@safe final class ZstdCodec: Codec {
    /// The largest window that is taken, as a power of two: 128 MB, what the command line tool takes by default.
    private static let largestWindow: Int32 = 27
    private let context: OpaquePointer

    init() throws(CompressionError) {
        guard let context = unsafe ZSTD_createDStream() else { throw .outOfMemory }
        unsafe self.context = context
        _ = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.largestWindow)
    }

    deinit { _ = unsafe ZSTD_freeDStream(context) }

    func step(
        _ input: ArraySlice<UInt8>,
        limit: Int,
        fault: CompressionError
    ) throws(CompressionError) -> CodecStep {
        var status = 0
        var used = 0
        let output = unsafe [UInt8](unsafeUninitializedCapacity: limit) { output, count in
            unsafe input.withUnsafeBufferPointer { input in
                var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: limit, pos: 0)
                status = unsafe ZSTD_decompressStream(context, &target, &source)
                used = unsafe source.pos
                count = unsafe target.pos
            }
        }
        guard ZSTD_isError(status) == 0 else { throw fault }
        return CodecStep(used: used, output: output, isEnded: status == 0)
    }
}
