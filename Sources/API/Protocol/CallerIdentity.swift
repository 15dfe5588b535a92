import HTTPServer

/// Answers `GetCallerIdentity` of AWS's Security Token Service, which Terraform's provider asks before all else.
///
/// The query protocol: a form as the request, XML as the answer. Everybody is the account's root, as nobody is checked.
enum CallerIdentity {
    /// The answer; `nil` for a request that is not one of the query protocol.
    static func answer(to request: HTTPRequest, account: String) -> HTTPResponse? {
        let type = request.headers["Content-Type"]?.split(separator: ";").first.map { $0.lowercased() } ?? ""
        guard request.method == "POST", type == "application/x-www-form-urlencoded",
            request.headers["X-Amz-Target"] == nil
        else { return nil }
        let id = RequestID.new()
        let form = String(decoding: request.body, as: UTF8.self).split(separator: "&")
        guard form.contains("Action=GetCallerIdentity") else {
            let error = """
                <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>\
                <Code>InvalidAction</Code><Message>Braid knows no other action of this protocol than GetCallerIdentity.\
                </Message></Error><RequestId>\(id)</RequestId></ErrorResponse>
                """
            return response(400, error, id)
        }
        let answer = """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>\
            <Arn>arn:aws:iam::\(account):root</Arn><UserId>\(account)</UserId><Account>\(account)</Account>\
            </GetCallerIdentityResult><ResponseMetadata><RequestId>\(id)</RequestId></ResponseMetadata>\
            </GetCallerIdentityResponse>
            """
        return response(200, answer, id)
    }

    private static func response(_ status: Int, _ body: String, _ id: String) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: ["Content-Type": "text/xml", "x-amzn-RequestId": id],
            body: Array(body.utf8)
        )
    }
}
