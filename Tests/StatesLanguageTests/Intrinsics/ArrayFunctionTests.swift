import JSON
import StatesLanguage
import Testing

@Suite("Intrinsic functions on arrays")
struct ArrayFunctionTests {
    static let rows = [
        IntrinsicRow("make none", "States.Array()", gives: "[]"),
        IntrinsicRow(
            "make one of anything",
            "States.Array('a', 1.0, null, $, States.Array())",
            gives: #"["a",1.0,null,{},[]]"#
        ),
        IntrinsicRow("partition", "States.ArrayPartition($, 4)", on: [1, 2, 3, 4, 5], gives: "[[1,2,3,4],[5]]"),
        IntrinsicRow("partition none", "States.ArrayPartition($, 2)", on: [], gives: "[]"),
        IntrinsicRow(
            "partition by a rounded size",
            "States.ArrayPartition($, 1.5)",
            on: [1, 2, 3],
            gives: "[[1,2],[3]]"
        ),
        IntrinsicRow(
            "partition by a huge size",
            "States.ArrayPartition($, 9223372036854775807)",
            on: [1],
            gives: "[[1]]"
        ),
        IntrinsicRow(
            "do not partition by 0",
            "States.ArrayPartition($, 0.49)",
            on: [1],
            failsWith: "Invalid arguments in States.ArrayPartition"
        ),
        IntrinsicRow(
            "partition only arrays",
            "States.ArrayPartition('a', 1)",
            failsWith: "Invalid arguments in States.ArrayPartition"
        ),
        IntrinsicRow("find an equal value", "States.ArrayContains($, 1.0)", on: [["a": 1], 1], gives: "true"),
        IntrinsicRow("do not find another type", "States.ArrayContains($, '1')", on: [1], gives: "false"),
        IntrinsicRow("range", "States.ArrayRange(1, 9, 2)", gives: "[1,3,5,7,9]"),
        IntrinsicRow("range down", "States.ArrayRange(5, 1, -2)", gives: "[5,3,1]"),
        IntrinsicRow("range over one", "States.ArrayRange(3, 3, -1)", gives: "[3]"),
        IntrinsicRow("range away", "States.ArrayRange(5, 1, 1)", gives: "[]"),
        IntrinsicRow("range between rounded numbers", "States.ArrayRange(1.4, 5.6, 2.2)", gives: "[1,3,5]"),
        IntrinsicRow(
            "do not range by 0",
            "States.ArrayRange(1, 2, 0.49)",
            failsWith: "Invalid arguments in States.ArrayRange"
        ),
        IntrinsicRow("do not range over 1,001 items", "States.ArrayRange(1, 1001, 1)", failsWith: "at most 1000 items"),
        IntrinsicRow(
            "do not range over all integers",
            "States.ArrayRange(-9223372036854775808, 9223372036854775807, 1)",
            failsWith: "at most 1000 items"
        ),
        IntrinsicRow(
            "range by the longest step",
            "States.ArrayRange(0, -5, -9223372036854775808)",
            gives: "[0]"
        ),
        IntrinsicRow("do not range beyond integers", "States.ArrayRange(0, 1e300, 1)", failsWith: "Invalid arguments"),
        IntrinsicRow("get an item", "States.ArrayGetItem($, 1.0)", on: ["a", "b"], gives: "\"b\""),
        IntrinsicRow(
            "do not get one beyond",
            "States.ArrayGetItem($, 2)",
            on: ["a", "b"],
            failsWith: "Invalid arguments in States.ArrayGetItem"
        ),
        IntrinsicRow("do not get one before", "States.ArrayGetItem($, -1)", on: ["a"], failsWith: "Invalid arguments"),
        IntrinsicRow("have a length", "States.ArrayLength($)", on: [1, [2, 3]], gives: "2"),
        IntrinsicRow("have a length of matches", "States.ArrayLength($.items[*].no)", on: ["items": [1]], gives: "0"),
        IntrinsicRow(
            "keep first occurrences",
            "States.ArrayUnique($)",
            on: [2, 1, 2.0, "1", [1], [1], nil, nil],
            gives: #"[2,1,"1",[1],null]"#
        ),
    ]

    @Test(arguments: rows)
    func call(_ row: IntrinsicRow) { row.check() }

    @Test("range over 1,000 items and no more")
    func longestRange() throws {
        var generator = CountingGenerator()
        let call = try IntrinsicCall(parsing: "States.ArrayRange(1000, 1, -1)")
        let range = try call.evaluate(in: Scope(input: nil, context: .recorded()), using: &generator)
        #expect(range.array?.count == 1000)
    }
}
