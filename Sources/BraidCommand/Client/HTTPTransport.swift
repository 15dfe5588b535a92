struct HTTPTransport {
    init(endpoint: String) throws(CommandFailure) {}
    func send(_ action: String, _ body: String) async throws -> (status: Int, body: [UInt8]) {
        throw CommandFailure(.unavailable, "x")
    }
}
