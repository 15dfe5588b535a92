import Glibc

/// A thread for work that blocks: the loop of a C library, the wait for a process's end.
///
/// Dispatch would do for a few, but has no more than 255 threads, and whoever comes after those waits for ever.
package enum SystemThread {
    private final class Work {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs the work on a thread of its own, which ends with it.
    ///
    /// - Returns: Whether the thread was started; the system has a limit of them.
    package static func start(_ work: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        unsafe pthread_attr_setstacksize(&attributes, 1 << 20)
        let held = unsafe Unmanaged.passRetained(Work(work))
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread,
            &attributes,
            { context in
                if let context = unsafe context { unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            held.toOpaque()
        )
        guard status == 0 else {
            unsafe held.release()
            return false
        }
        return true
    }
}
