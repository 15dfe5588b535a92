import Interpreter
import JSON
import StatesLanguage

import Testing

@testable import API
@testable import Store

@Suite("A history event on the wire")
struct HistoryEventShapeTests {
    private func event(
        _ type: HistoryEventType,
        _ details: [(name: String, value: HistoryEvent.Field)]
    ) -> RecordedEvent {
        RecordedEvent(id: 3, previousID: 2, type: type, at: Timestamp(microseconds: 1_500_000), details: details)
    }

    private let input = HistoryEvent.Field.payload(JSONText(trusted: "[1, 2]"))

    @Test("says of each input and output that it is whole")
    func whole() {
        let entered = event(.passStateEntered, [("name", .text("A")), ("input", input)])
        #expect(
            JSONValue.object(entered.shape(withData: true)).text
                == #"{"timestamp":1.500,"type":"PassStateEntered","id":3,"previousEventId":2,"#
                + #""stateEnteredEventDetails":{"name":"A","input":"[1, 2]","inputDetails":{"truncated":false}}}"#
        )
    }

    @Test("without data shows neither, but a task's parameters")
    func withoutData() {
        let scheduled = event(
            .taskScheduled,
            [("resource", .text("invoke")), ("parameters", input), ("timeoutInSeconds", .number(5))]
        )
        let details: JSONValue = ["resource": "invoke", "parameters": "[1, 2]", "timeoutInSeconds": 5]
        #expect(scheduled.shape(withData: false)["taskScheduledEventDetails"] == details)
        let entered = event(.passStateEntered, [("name", .text("A")), ("input", input)])
        #expect(entered.shape(withData: false)["stateEnteredEventDetails"] == ["name": "A"])
    }

    @Test("has no details where its type has none, and empty ones where a failure says nothing")
    func none() {
        #expect(event(.parallelStateStarted, []).shape(withData: true).count == 4)
        #expect(event(.executionFailed, []).shape(withData: true)["executionFailedEventDetails"] == [:])
    }
}
