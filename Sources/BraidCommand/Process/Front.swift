import API
import Console
import HTTPServer
import Synchronization

/// What answers at a service's port: the AWS protocol, and pages for people.
///
/// The port is taken first, so that one in use is told before anything else is begun; what answers there comes later.
final class Front: Sendable {
    private struct Routers: Sendable {
        let api: API.Router
        let console: Console.Router
    }

    private let routers = Mutex<Routers?>(nil)

    /// Says who answers from now on.
    func open(api: API.Router, console: Console.Router) {
        routers.withLock { $0 = Routers(api: api, console: console) }
    }

    /// Answers a request: what is read is a page, and so is what the console's pages ask below `/console`; what AWS's clients
    /// send is POST, and they are told of what they send wrongly.
    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let routers = routers.withLock({ $0 }) else { return HTTPResponse(status: 503, text: "starting\n") }
        if ["GET", "HEAD"].contains(request.method) || request.pathSegments.first == "console" {
            return await routers.console.respond(to: request)
        }
        return await routers.api.respond(to: request)
    }

    /// Answers a request for whose body there is no room now.
    func respondFull(to request: HTTPRequest) async -> HTTPResponse {
        guard let routers = routers.withLock({ $0 }) else { return HTTPResponse(status: 503, text: "starting\n") }
        return await routers.api.respondFull(to: request)
    }

    /// Answers a request whose body is too large.
    func respondTooLarge(to request: HTTPRequest) async -> HTTPResponse {
        guard let routers = routers.withLock({ $0 }) else { return HTTPResponse(status: 503, text: "starting\n") }
        return await routers.api.respondTooLarge(to: request)
    }
}
