import JSON

/// One action of the protocol: the shape of its request, and what it does.
///
/// Made from a request's members, it is valid in itself; only what it finds when it acts can still refuse it.
protocol Operation: Sendable {
    init(_ members: inout RequestMembers) throws(ServiceError)

    /// Acts.
    ///
    /// - Returns: The members of the answer.
    func answer(from service: Service) async throws(ServiceError) -> JSONObject
}
