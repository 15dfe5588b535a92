import Glibc

/// Writes whole lines to a file descriptor.
enum LineOutput {
    /// Writes a line with one system call where the system allows it, so that lines of several processes do not mix.
    ///
    /// What cannot be written is lost: a log that nobody can read is no reason to stop working.
    static func write(_ line: String, to descriptor: Int32) {
        var text = line
        text += "\n"
        text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                let rest = unsafe UnsafeBufferPointer(rebasing: bytes[offset...])
                let written = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return }
                offset += written
            }
        }
    }
}
