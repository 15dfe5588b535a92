import JSON
import Testing

@testable import API

@Suite("A state machine's configuration")
struct ConfigurationTests {
    private func logging(_ members: JSONObject) throws -> LoggingConfiguration {
        var reader = RequestMembers(members)
        return try LoggingConfiguration(&reader)
    }

    @Test("of logging is nothing to keep where it says what is so anyway")
    func defaults() throws {
        #expect(try logging([:]).stored == nil)
        #expect(try logging(["level": "OFF", "includeExecutionData": false, "destinations": []]).stored == nil)
    }

    @Test("of logging is kept with its destination (recorded)")
    func kept() throws {
        let group: JSONValue = ["cloudWatchLogsLogGroup": ["logGroupArn": "arn:aws:logs:r:1:log-group:g:*"]]
        let members: JSONObject = ["level": "ALL", "includeExecutionData": true, "destinations": [group]]
        #expect(JSONValue.object(try logging(members).json) == .object(members))
        let two: JSONObject = ["level": "FATAL", "destinations": [group, group]]
        #expect(throws: ServiceError.self) { try logging(two).check() }
        for nowhere: JSONValue in [[:], ["cloudWatchLogsLogGroup": [:]]] {
            let members: JSONObject = ["level": "ERROR", "destinations": [nowhere]]
            #expect(throws: ServiceError.self) { try logging(members).check() }
        }
    }
}
