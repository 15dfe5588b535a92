/// `braid bench function`: a no-op function behind AWS's Runtime API, as cheap as one can be.
enum BenchFunction {
    static func run(_ invocation: Invocation) throws -> ExitStatus {
        let address = invocation.environment["AWS_LAMBDA_RUNTIME_API"] ?? ""
        guard let port = address.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw UsageError("AWS_LAMBDA_RUNTIME_API is not set")
        }
        let connection = try KeptConnection(port: port)
        let root = "/2018-06-01/runtime/invocation"
        while true {
            try connection.send("GET", "\(root)/next", "", [])
            let event = try connection.answer()
            guard event.status == 200, let id = event.field("Lambda-Runtime-Aws-Request-Id") else { return .success }
            let path = "\(root)/\(String(decoding: id, as: UTF8.self))/response"
            try connection.send("POST", path, "Content-Type: application/json\r\n", event.body)
            guard try connection.answer().status == 202 else { return .failure }
        }
    }
}
