import Testing

@testable import BraidCommand

@Suite("A command line")
struct ArgumentsTests {
    let syntax = CommandSyntax(
        "start",
        "Starts",
        operands: [.init("MACHINE", "which"), .init("FILE", "more", optional: true)],
        options: [
            .init("name", "NAME", "its name"), .init("wait", "waits"), .init("set", "A=B", "pairs", repeated: true),
        ]
    )

    @Test(
        "takes values behind a space or an equals sign, flags, and operands anywhere",
        arguments: [["m", "--name", "x", "--wait"], ["--name=x", "--wait", "m"], ["--wait", "--name=x", "--", "m"]]
    )
    func forms(words: [String]) throws {
        let arguments = try Arguments(words, for: syntax)

        #expect(arguments.operands == ["m"])
        #expect(arguments.value("name") == "x")
        #expect(arguments.has("wait"))
    }

    @Test("gives words behind two hyphens, and a hyphen alone, as operands")
    func operands() throws {
        #expect(try Arguments(["--", "--name"], for: syntax).operands == ["--name"])
        #expect(try Arguments(["-"], for: syntax).operands == ["-"])
        #expect(try Arguments(["m", "--name", "-x"], for: syntax).value("name") == "-x")
    }

    @Test("keeps an equals sign in a value, and an empty value")
    func equalsSigns() throws {
        #expect(try Arguments(["m", "--set=a=b=c", "--set", "d="], for: syntax).all("set") == ["a=b=c", "d="])
        #expect(try Arguments(["m", "--name="], for: syntax).value("name")?.isEmpty == true)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let words: [String]
        let message: String
    }

    static let mistakes = [
        Mistake(testDescription: "a missing operand", words: [], message: "MACHINE is missing"),
        Mistake(testDescription: "a surplus operand", words: ["a", "b", "c"], message: "'c' is one argument too many"),
        Mistake(
            testDescription: "a mistyped option",
            words: ["m", "--wiat"],
            message: "there is no option '--wiat'; did you mean '--wait'?"
        ),
        Mistake(testDescription: "an unlike option", words: ["m", "--xyz"], message: "there is no option '--xyz' ("),
        Mistake(testDescription: "a short option", words: ["m", "-n"], message: "there is no option '-n'"),
        Mistake(testDescription: "a missing value", words: ["m", "--name"], message: "--name needs a value: NAME"),
        Mistake(testDescription: "a value too many", words: ["m", "--wait=1"], message: "--wait takes no value"),
        Mistake(
            testDescription: "an option twice",
            words: ["m", "--name", "a", "--name", "b"],
            message: "--name is given twice"
        ),
    ]

    @Test("is refused with what is wrong", arguments: mistakes)
    func refused(_ mistake: Mistake) throws {
        let error = try #require(throws: UsageError.self) { try Arguments(mistake.words, for: syntax) }

        #expect(error.description.hasPrefix(mistake.message))
        #expect(error.description.hasSuffix("(see 'braid start --help')"))
    }

    @Test("that asks for help need not be right otherwise")
    func help() throws {
        #expect(try Arguments(["--help"], for: syntax).has("help"))
        #expect(try Arguments(["-h"], for: syntax).has("help"))
        #expect(syntax.help().contains("Usage: braid start MACHINE [FILE] [options]"))
    }

    @Test("asks for help that fits the terminal")
    func width() {
        let rows = [("--a VALUE", "one two three four five six seven"), ("--b", "short")]
        #expect(
            CommandSyntax.table(rows, width: 39) == """
                  --a VALUE  one two three four five
                             six seven
                  --b        short

                """
        )
        #expect(CommandSyntax.table(rows).split(separator: "\n").count == 2)
    }
}

@Suite("What holds for an option")
struct InvocationTests {
    let syntax = CommandSyntax(
        "x",
        "X",
        options: [.init("listen", "HOST", "where", fallback: "default", variable: "BRAID_LISTEN")]
    )

    func invocation(_ words: [String], _ environment: [String: String]) throws -> Invocation {
        Invocation(
            syntax: syntax,
            arguments: try Arguments(words, for: syntax),
            environment: environment,
            output: Transcript().output
        )
    }

    @Test("is what was said, else the environment, else the default")
    func order() throws {
        let environment = ["BRAID_LISTEN": "environment"]
        #expect(try invocation(["--listen", "said"], environment).value("listen") == "said")
        #expect(try invocation([], environment).value("listen") == "environment")
        #expect(try invocation([], ["BRAID_LISTEN": ""]).value("listen") == "default")
        #expect(try invocation([], [:]).value("listen") == "default")
    }

    @Test("is refused where a number is wanted and it is none")
    func numbers() throws {
        #expect(try invocation(["--listen", "7"], [:]).number("listen", in: 1...9) == 7)
        #expect(throws: UsageError.self) { try invocation(["--listen", "10"], [:]).number("listen", in: 1...9) }
        #expect(throws: UsageError.self) { try invocation(["--listen", "x"], [:]).number("listen", in: 1...9) }
    }
}

@Suite("A mistyped word")
struct SuggestionTests {
    @Test(
        "is taken for the nearest one",
        arguments: [("valdate", "validate"), ("hsitory", "history"), ("desc", "describe"), ("lst", "list")]
    )
    func near(word: String, meant: String) {
        #expect(Suggestion.closest(to: word, among: ["list", "describe", "history", "validate"]) == meant)
    }

    @Test("is left alone when nothing is near", arguments: ["xyzzy", "", "l"])
    func far(word: String) {
        #expect(Suggestion.closest(to: word, among: ["describe", "history", "validate"]) == nil)
    }
}
