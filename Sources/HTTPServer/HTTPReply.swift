/// Where the answer to one request goes.
package struct HTTPReply: Sendable {
    let exchange: Exchange

    /// Answers, once, with a body that is whole; nothing comes of it if the client has gone away.
    package func send(_ response: HTTPResponse) { exchange.reply(response) }

    /// Has the body called once, on no particular thread, when nobody waits for the answer any more: the client has gone
    /// away, or the server ends.
    package func onCancel(_ body: @escaping @Sendable () -> Void) { exchange.onCancel(body) }
}
