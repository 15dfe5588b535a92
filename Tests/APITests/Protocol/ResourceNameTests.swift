import Testing

@testable import API

@Suite("A resource's name")
struct ResourceNameTests {
    @Test(
        "may hold letters of any script, digits, dots, dashes and other signs",
        arguments: ["a", "ACTIVITY_NAME_ABC", "activityName.with.dots", "name-1", "größe", "日本語", "a=b+c@d!e(f)'g'"]
    )
    func valid(_ name: String) { #expect(throws: Never.self) { try ResourceName.check(name) } }

    @Test(
        "holds none of what AWS refuses",
        arguments: [
            "", "activity name", "activity\tname", "activity\nname", "activity<name", "activity>name", "activity{name",
            "activity}name", "activity[name", "activity]name", "activity?name", "activity*name", "activity\"name",
            "activity#name", "activity%name", "activity\\name", "activity^name", "activity|name", "activity~name",
            "activity`name", "activity$name", "activity&name", "activity,name", "activity;name", "activity:name",
            "activity/name", "\0activity", "activity\u{1F}", "activity\u{7F}", "activity\u{9F}", "activity\u{2003}name",
            "activity\u{FFFE}", "activity\u{10FFFF}",
        ]
    )
    func invalid(_ name: String) {
        #expect(throws: ServiceError.invalidName(name)) { try ResourceName.check(name) }
        #expect(ServiceError.invalidName(name).message == "Invalid Name: '\(name)'")
    }
}
