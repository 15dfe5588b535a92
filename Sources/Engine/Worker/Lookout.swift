import StatesLanguage
import Store

/// What a worker remembers of its looks for work, so that they stay quick.
///
/// While somebody holds an old snapshot (a long query, a backup) PostgreSQL keeps what led to every branch that was ready since,
/// and whoever looks for the one that is longest ready passes all of that. So when a look at everything took long, those of
/// the next moment are at the lanes that are known, from about the time of the last look on, and at those that somebody
/// has told of. What they cannot find (a new lane that nobody told of, a branch that became ready in a transaction of seconds) the
/// next look at everything finds.
struct Lookout {
    private var floors: [String: Timestamp] = [:]
    private var lately: Timestamp?
    private var nextWhole: ContinuousClock.Instant?

    /// The lanes to look at and from when on; `nil` if it is time to look at everything.
    func floors(at time: ContinuousClock.Instant) -> [String: Timestamp]? {
        guard let nextWhole, time < nextWhole else { return nil }
        return floors
    }

    /// How long until everything is to be looked at; `nil` if each look is at everything.
    func rest(at time: ContinuousClock.Instant) -> Duration? {
        nextWhole.map { time < $0 ? time.duration(to: $0) : .zero }
    }

    /// Takes down what a look found: the lanes, and what in them is not worth reading again.
    mutating func note(_ survey: Survey, isWhole: Bool, at time: ContinuousClock.Instant) {
        let lately = survey.now - Self.longestCommit
        self.lately = lately
        if floors.count > Self.limit { floors = [:] }
        for lane in floors.keys { floors[lane] = lately }
        for lane in survey.lanes { floors[lane.lane] = min(lane.nextWake, lately) }
        guard isWhole else { return }
        let isSlow = survey.time > Self.quick
        nextWhole = isSlow ? time + min(Self.longestRest, survey.time * 20) : nil
    }

    /// Takes down lanes that are said to have something ready.
    mutating func hear(of lanes: Set<String>) {
        guard let lately, floors.count <= Self.limit else { return }
        for lane in lanes where floors[lane] == nil { floors[lane] = lately }
    }

    /// How long a branch that is ready may take to be seen by others.
    private static let longestCommit = Duration.seconds(2)
    private static let quick = Duration.milliseconds(10)
    private static let longestRest = Duration.seconds(2)
    private static let limit = 1_000
}
