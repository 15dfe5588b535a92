@testable import Engine
import StatesLanguage
import Store
import Testing

@Suite("What a worker remembers of its looks for work")
struct LookoutTests {
    private let start = ContinuousClock.now
    private let now = Timestamp(microseconds: 1_767_225_600_000_000)

    private func survey(_ time: Duration, _ lanes: [String: Duration] = [:], after later: Duration = .zero) -> Survey {
        var survey = Survey()
        survey.now = now + later
        survey.time = time
        survey.lanes = lanes.map { LaneSurvey(lane: $0.key, nextWake: now + $0.value, isServed: true) }
        return survey
    }

    @Test("has it look at everything each time, where that is quick")
    func quick() {
        var lookout = Lookout()
        #expect(lookout.floors(at: start) == nil)
        lookout.note(survey(.milliseconds(3), ["f": .zero]), isWhole: true, at: start)
        #expect(lookout.floors(at: start) == nil && lookout.rest(at: start) == nil)
    }

    @Test("has it pass over what was ready before, for a while after a look that took long")
    func slow() {
        var lookout = Lookout()
        let lanes = ["late": .seconds(-60), "new": Duration.zero, "sleeping": .seconds(60)]
        lookout.note(survey(.milliseconds(50), lanes), isWhole: true, at: start)
        let lately = now - .seconds(2)
        #expect(lookout.floors(at: start) == ["late": now - .seconds(60), "new": lately, "sleeping": lately])
        #expect(lookout.rest(at: start) == .seconds(1))
        #expect(lookout.floors(at: start + .seconds(1)) == nil && lookout.rest(at: start + .seconds(2)) == .zero)
    }

    @Test("has it look at a lane that it does not know, too, when somebody has told of it")
    func told() {
        var lookout = Lookout()
        lookout.hear(of: ["new"])
        #expect(lookout.floors(at: start) == nil)
        lookout.note(survey(.seconds(10), ["f": .seconds(-60)]), isWhole: true, at: start)
        lookout.hear(of: ["f", "new"])
        #expect(lookout.floors(at: start) == ["f": now - .seconds(60), "new": now - .seconds(2)])
    }

    @Test("moves on with each look, and forgets no lane that is empty")
    func movesOn() {
        var lookout = Lookout()
        lookout.note(survey(.seconds(10), ["f": .seconds(-60), "g": .zero]), isWhole: true, at: start)
        let later = start + .milliseconds(500)
        lookout.note(survey(.zero, ["g": .milliseconds(400)], after: .milliseconds(500)), isWhole: false, at: later)
        let lately = now - .milliseconds(1_500)
        #expect(lookout.floors(at: later) == ["f": lately, "g": lately])
        #expect(lookout.rest(at: later) == .milliseconds(1_500))
    }
}
