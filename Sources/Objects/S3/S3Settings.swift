/// Where an S3 endpoint is, and who asks.
package struct S3Settings: Sendable, Hashable {
    package struct Credentials: Sendable, Hashable, CustomStringConvertible {
        package let accessKeyID: String
        let secretAccessKey: String
        let sessionToken: String?

        package init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
            self.accessKeyID = accessKeyID
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
        }

        /// Never the secret.
        package var description: String { "the access key \(accessKeyID)" }
    }

    /// Such as `https://s3.eu-central-1.amazonaws.com` or `http://127.0.0.1:9000`; buckets are put behind it as paths.
    package var endpoint: String
    package var region: String
    /// `nil` signs nothing, which endpoints let pass for what is public.
    package var credentials: Credentials?
    /// How often a request is tried in all.
    package var attempts = 6
    /// How long the second try waits; each further one twice as long, up to 100 times that.
    package var firstDelay: Duration = .milliseconds(100)
    /// How long one try may take.
    package var timeout: Duration = .seconds(60)

    package init(endpoint: String, region: String, credentials: Credentials?) {
        self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        self.region = region
        self.credentials = credentials
    }

    /// What AWS's environment variables say, those that are empty as those that are absent.
    package init(environment: [String: String]) {
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        let region = value("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1"
        let standard = "https://s3.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
        var credentials: Credentials?
        if let id = value("AWS_ACCESS_KEY_ID"), let secret = value("AWS_SECRET_ACCESS_KEY") {
            credentials = Credentials(
                accessKeyID: id,
                secretAccessKey: secret,
                sessionToken: value("AWS_SESSION_TOKEN")
            )
        }
        self.init(
            endpoint: value("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") ?? standard,
            region: region,
            credentials: credentials
        )
    }
}
