import Glibc

/// A socket that listens, from its making on: connections wait in the system's queue until someone accepts.
struct ListeningSocket: ~Copyable {
    let descriptor: Int32
    let port: Int

    /// Listens on the first address that the host stands for.
    init(host: String, port: Int) throws(HTTPServerError) {
        guard let service = UInt16(exactly: port) else {
            throw .cannotListen(host: host, port: port, reason: "a port is a number from 0 to 65535")
        }
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, String(service), &hints, &found)
        guard status == 0, let address = unsafe found?.pointee else {
            throw .unknownHost(host, reason: unsafe String(cString: gai_strerror(status)))
        }
        defer { unsafe freeaddrinfo(found) }

        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = unsafe socket(address.ai_family, type, 0)
        guard descriptor >= 0 else { throw .cannotListen(host: host, port: port, reason: Self.reason(errno)) }
        var on: Int32 = 1
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard
            unsafe bind(descriptor, address.ai_addr, address.ai_addrlen) == 0,
            listen(descriptor, 4096) == 0
        else {
            let code = errno
            close(descriptor)
            if code == EADDRINUSE { throw .addressInUse(host: host, port: port) }
            throw .cannotListen(host: host, port: port, reason: Self.reason(code))
        }
        self.descriptor = descriptor
        self.port = Self.boundPort(of: descriptor)
    }

    deinit { close(descriptor) }

    private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

    private static func boundPort(of descriptor: Int32) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            guard
                let address = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                unsafe getsockname(descriptor, address, &length) == 0
            else { return 0 }
            // `sin_port` and `sin6_port` lie at the same place: after the family, in network order.
            return unsafe Int(bytes[2]) << 8 | Int(bytes[3])
        }
    }
}
