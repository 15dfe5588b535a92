import CCrypto

/// A hash function, named as `States.Hash` names it.
package enum HashAlgorithm: String, Sendable, CaseIterable {
    case md5 = "MD5"
    case sha1 = "SHA-1"
    case sha256 = "SHA-256"
    case sha384 = "SHA-384"
    case sha512 = "SHA-512"

    fileprivate var implementation: OpaquePointer? {
        switch self {
        case .md5: unsafe EVP_md5()
        case .sha1: unsafe EVP_sha1()
        case .sha256: unsafe EVP_sha256()
        case .sha384: unsafe EVP_sha384()
        case .sha512: unsafe EVP_sha512()
        }
    }
}

/// Returns the hash of some bytes.
///
/// It is empty where the system forbids the algorithm: one that is set up for FIPS has no MD5.
package func hash(_ bytes: some Collection<UInt8>, with algorithm: HashAlgorithm) -> [UInt8] {
    let input = Array(bytes)
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { output, count in
        var size: UInt32 = 0
        let succeeded = unsafe input.withUnsafeBytes { input in
            unsafe EVP_Digest(
                input.baseAddress,
                input.count,
                output.baseAddress,
                &size,
                algorithm.implementation,
                nil
            )
        }
        count = succeeded == 1 ? Int(size) : 0
    }
}

/// Returns the HMAC of a message with SHA-256, 32 bytes.
package func hmacSHA256(key: some Collection<UInt8>, message: some Collection<UInt8>) -> [UInt8] {
    let key = Array(key)
    let message = Array(message)
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { output, count in
        var size: UInt32 = 0
        let result = unsafe key.withUnsafeBytes { key in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe HMAC(
                    EVP_sha256(),
                    key.baseAddress ?? UnsafeRawPointer(output.baseAddress),
                    Int32(clamping: key.count),
                    message.baseAddress,
                    message.count,
                    output.baseAddress,
                    &size
                )
            }
        }
        // An empty tag would equal any other empty one; every system has SHA-256, so only exhausted memory leads here.
        guard unsafe result != nil, size == 32 else { preconditionFailure("libcrypto cannot compute HMAC-SHA-256") }
        count = Int(size)
    }
}

/// Returns bytes that nobody can guess: for tokens and names, never for what must be repeatable.
package func randomBytes(count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
        // A process without randomness must not hand out tokens that can be guessed.
        guard unsafe RAND_bytes(output.baseAddress, Int32(count)) == 1 else {
            preconditionFailure("libcrypto has no randomness")
        }
        initialized = count
    }
}
