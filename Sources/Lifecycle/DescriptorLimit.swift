import Glibc

/// How many files and connections this process may have open.
package enum DescriptorLimit {
    /// Raises it as far as the system lets it.
    ///
    /// Most systems begin with 1,024, which is less than a service has clients that poll.
    ///
    /// - Returns: How many there may be now.
    @discardableResult
    package static func raise() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }
}
