import CZlib
import Crypto

/// The CRC-32 of some bytes as S3 has it: big-endian in base64.
func checksum(of bytes: [UInt8]) -> String {
    let value = unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe crc32_z(0, buffer.baseAddress, buffer.count)
    }
    // Without bytes zlib answers what a sum begins with, which is 0.
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }.base64
}
