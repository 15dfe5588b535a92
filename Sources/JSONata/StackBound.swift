import Glibc

/// How much of the thread's stack may still be used.
///
/// Reading and evaluating go as deep as expressions and data make them. Rather than trust that a counted depth fits
/// whatever thread it runs on, both look at where on the stack they are.
struct StackBound: Sendable {
    /// The lowest address that may be reached.
    private let floor: UInt

    /// What is left to the functions that are called at the bound, and to everything that is not counted.
    private static let reserve: UInt = 96 * 1024

    /// What a thread that was started without a wish has, in this process.
    private static let threadSize: UInt = {
        var attributes = pthread_attr_t()
        guard unsafe pthread_attr_init(&attributes) == 0 else { return 512 * 1024 }
        defer { unsafe _ = pthread_attr_destroy(&attributes) }
        var size = 0
        guard unsafe pthread_attr_getstacksize(&attributes, &size) == 0, size > 0 else { return 512 * 1024 }
        return UInt(size)
    }()

    /// Bounds what follows to half of a thread's stack, counted from here.
    init() {
        let here = Self.here
        let budget = max(Self.threadSize / 2, 2 * Self.reserve) - Self.reserve
        floor = here > budget ? here - budget : 0
    }

    /// Whether the bound is reached.
    @inline(__always)
    var isUsedUp: Bool { Self.here < floor }

    @inline(__always)
    private static var here: UInt {
        var mark: UInt8 = 0
        return unsafe withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) }
    }
}
