/// Sends the chunks of a streamed body; used by one task at a time.
package struct HTTPBodyWriter: Sendable {
    let exchange: Exchange

    /// Sends bytes, and waits while too many are unsent.
    ///
    /// - Throws: ``HTTPClientGone`` when nobody reads any more.
    package func write(_ bytes: [UInt8]) async throws(HTTPClientGone) {
        guard !bytes.isEmpty else { return }
        try await exchange.write(bytes)
    }

    /// Sends text, as ``write(_:)-([UInt8])`` does.
    package func write(_ text: String) async throws(HTTPClientGone) { try await write(Array(text.utf8)) }
}

/// The client closed its connection, or the server cut it because it stops.
package struct HTTPClientGone: Error, CustomStringConvertible {
    package var description: String { "the client has closed the connection" }
}
