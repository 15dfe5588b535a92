/// What takes a branch from one durable point to the next: history, the branch as it then stands, and what comes next.
package struct Transition: Sendable {
    /// In the order in which they are written.
    package var events: [HistoryEvent]
    /// The branch after it.
    ///
    /// Its `enteredEventID` and `previousEventID` are those from before: the commit gives ids, and sets them from
    /// ``entered`` and ``chainEnd``.
    package var branch: Branch
    package var directive: Directive
    /// The index in ``events`` of the last event of the branch's chain; `nil` if it is still the one from before.
    ///
    /// Not always the last event: MapIterationSucceeded does not advance the chain (recorded-behaviour.md).
    package var chainEnd: Int?
    /// The index in ``events`` of the Entered event of the state that the branch now stands in; `nil` if it is still the
    /// one from before.
    package var entered: Int?
    /// Whether the branch's own variables are others than before.
    package var assigns: Bool

    package init(
        events: [HistoryEvent] = [],
        branch: Branch,
        directive: Directive,
        chainEnd: Int? = nil,
        entered: Int? = nil,
        assigns: Bool = false
    ) {
        self.events = events
        self.branch = branch
        self.directive = directive
        self.chainEnd = chainEnd
        self.entered = entered
        self.assigns = assigns
    }
}
