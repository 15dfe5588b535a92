/// Definitions that leave a history of every kind.
enum Workflows {
    static func function(_ name: String) -> String { "arn:aws:lambda:us-east-1:123456789012:function:\(name)" }

    /// A Pass, a Choice, a Wait, a Task that is retried, a Map of Tasks of which one is caught, a Parallel.
    static let everything = """
        {"StartAt": "Give", "States": {
            "Give": {"Type": "Pass", "ResultPath": "$.given", "Result": {"n": 1.50}, "Next": "Choose"},
            "Choose": {"Type": "Choice", "Choices": [{"Variable": "$.given.n", "NumericGreaterThan": 1, "Next": "Wait"}]},
            "Wait": {"Type": "Wait", "Seconds": 60, "Next": "Flaky"},
            "Flaky": {"Type": "Task", "Resource": "\(function("flaky"))", "ResultPath": "$.flaky",
                "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 5, "MaxAttempts": 3}], "Next": "Each"},
            "Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "ResultPath": "$.each", "Next": "Both",
                "ItemProcessor": {"StartAt": "One", "States": {
                    "One": {"Type": "Task", "Resource": "\(function("one"))", "End": true,
                        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.caught", "Next": "Caught"}]},
                    "Caught": {"Type": "Pass", "End": true}}}},
            "Both": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "Left", "States": {"Left": {"Type": "Task", "Resource": "\(function("left"))", "End": true}}},
                {"StartAt": "Right", "States": {"Right": {"Type": "Succeed"}}}]}
        }}
        """

    /// A Map whose third item fails.
    static let failingMap = """
        {"StartAt": "Each", "States": {
            "Each": {"Type": "Map", "MaxConcurrency": 2, "End": true,
                "ItemProcessor": {"StartAt": "One", "States": {
                    "One": {"Type": "Task", "Resource": "\(function("one"))", "End": true}}}}}}
        """
}
