import JSON

/// The members with which a request asks for a page of a list.
struct PageRequest: Sendable {
    /// How many the page holds at most.
    let limit: Int
    let token: String?

    /// Reads `maxResults`, of which 0 is the default, and `nextToken`, which may be that long.
    init(_ members: inout RequestMembers, tokenLength: Int = 1024) throws(ServiceError) {
        let asked = try members.integer("maxResults", in: 0...1000) ?? 0
        limit = asked == 0 ? 100 : asked
        token = try members.optionalString("nextToken", length: 1...tokenLength)
    }

    /// The place that the page begins at; `nil` begins the list.
    func place(in list: PagedList) throws(ServiceError) -> String? {
        guard let token else { return nil }
        return try list.place(of: token)
    }

    /// Cuts what was found down to a page, for which one more than ``limit`` was asked.
    ///
    /// - Returns: The page, and the token of the next where there is more; `place` tells the place of the last element.
    func page<Element>(
        of found: [Element],
        in list: PagedList,
        place: (Element) -> String
    ) -> (elements: ArraySlice<Element>, next: String?) {
        let elements = found.prefix(limit)
        guard found.count > limit, let last = elements.last else { return (elements, nil) }
        return (elements, list.token(at: place(last)))
    }
}
