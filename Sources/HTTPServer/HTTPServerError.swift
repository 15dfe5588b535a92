/// Why a server cannot serve.
package enum HTTPServerError: Error, Equatable, CustomStringConvertible {
    /// Another process listens there.
    case addressInUse(host: String, port: Int)
    /// The host's name stands for no address of this machine.
    case unknownHost(String, reason: String)
    /// The system refused to listen there.
    case cannotListen(host: String, port: Int, reason: String)
    /// The HTTP library could not start, as when file descriptors have run out.
    case cannotStart(reason: String)
    /// The server has been run before.
    case alreadyRun

    package var description: String {
        switch self {
        case .addressInUse(let host, let port):
            "port \(port) on \(host) is in use by another process; stop that one or choose another port"
        case .unknownHost(let host, let reason): "cannot listen on '\(host)': \(reason)"
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host), port \(port): \(reason)"
        case .cannotStart(let reason): "cannot start the HTTP server: \(reason)"
        case .alreadyRun: "an HTTP server can be run once only"
        }
    }
}
