// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is compiled with: the language's strictest settings, and no warning let through.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A module of Braid; what it may import is the table in `Sources/README.md`, which `ArchitectureTests` holds it to.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one module, or of the whole.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "braid",
    products: [
        .executable(name: "braid", targets: ["BraidCommand"]),
        .library(name: "Braid", targets: ["Braid"]),
    ],
    targets: [
        // C libraries of the system, and files embedded into the binary.
        .systemLibrary(name: "CSystem"),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "CEmbedded", exclude: ["bootstraps", "console"], cSettings: [.unsafeFlags(["-std=gnu2x"])]),

        // Pure: no I/O, no clock, no randomness of their own.
        module("JSON"),
        module("JSONPath", ["JSON"]),
        module("JSONata", ["JSON"]),
        module("StatesLanguage", ["JSON", "JSONPath", "JSONata", "Crypto"]),
        module("Interpreter", ["StatesLanguage", "JSON"]),
        module("ItemReading", ["JSON"]),
        module("ResultWriting", ["StatesLanguage", "JSON"]),

        // What a process is made of.
        module("Telemetry"),
        module("Crypto", ["CCrypto"]),
        module("YAML", ["JSON", "CYAML"]),
        module("Drawing", ["JSON", "CSystem"]),
        module("Lifecycle", ["Telemetry"]),
        module("Postgres", ["CPostgres", "Lifecycle", "Telemetry"]),
        module("Cluster", ["CSystem", "Postgres", "Crypto", "Lifecycle", "Telemetry"]),
        module("HTTPServer", ["CMicroHTTPD", "Lifecycle", "Telemetry"]),
        module("HTTPClient", ["CCurl", "Lifecycle", "Telemetry"]),
        module("Tracing", ["HTTPClient", "JSON", "Lifecycle", "Telemetry"]),
        module("Compression", ["CZlib", "CZstd"]),
        module("Objects", ["HTTPClient", "Crypto", "CSystem", "CZlib"]),

        // The engine and what stands on it.
        module("Store", ["Postgres", "CEmbedded", "Interpreter", "StatesLanguage", "JSON", "Crypto"]),
        module(
            "Engine",
            [
                "Store", "Interpreter", "StatesLanguage", "ItemReading", "ResultWriting", "Objects", "Compression",
                "JSON",
                "Lifecycle", "Telemetry", "Tracing",
            ]
        ),
        module(
            "Tasks",
            [
                "Engine", "Interpreter", "StatesLanguage", "Objects", "HTTPServer", "HTTPClient", "CEmbedded",
                "CSystem",
                "Crypto", "JSON", "Lifecycle", "Telemetry", "Tracing",
            ]
        ),
        module(
            "API",
            [
                "Engine", "Store", "Interpreter", "StatesLanguage", "JSON", "HTTPServer", "Crypto", "Lifecycle",
                "Telemetry", "Tracing",
            ]
        ),
        module(
            "Console",
            [
                "Engine", "Store", "Postgres", "Interpreter", "StatesLanguage", "Drawing", "JSON", "HTTPServer",
                "CEmbedded",
                "Lifecycle", "Telemetry",
            ]
        ),
        module(
            "Braid",
            [
                "API", "Engine", "Tasks", "Store", "Postgres", "Interpreter", "StatesLanguage", "JSON", "Lifecycle",
                "Telemetry",
            ]
        ),
        .executableTarget(
            name: "BraidCommand",
            dependencies: [
                "API", "Console", "Drawing", "Tasks", "Engine", "Store", "Cluster", "Postgres", "Interpreter",
                "StatesLanguage",
                "JSONata",
                "YAML", "JSON", "Objects", "HTTPServer", "HTTPClient", "Crypto", "Lifecycle", "Telemetry",
                "Tracing", "CEmbedded", "CSystem",
            ],
            swiftSettings: settings
        ),

        // Tests: unit tests need nothing; those with TestSupport start a PostgreSQL of their own.
        .target(
            name: "TestSupport",
            dependencies: ["Cluster", "Postgres", "Store", "Interpreter", "JSON", "Lifecycle", "Telemetry"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        tests("JSONTests", ["JSON"]),
        tests("JSONPathTests", ["JSONPath", "JSON"]),
        tests("JSONataTests", ["JSONata", "JSON"]),
        tests("CryptoTests", ["Crypto"]),
        tests("YAMLTests", ["YAML", "JSON"]),
        tests("DrawingTests", ["Drawing", "JSON"]),
        tests("StatesLanguageTests", ["StatesLanguage", "JSONPath", "JSON"]),
        tests("InterpreterTests", ["Interpreter", "StatesLanguage", "JSON"]),
        tests("ItemReadingTests", ["ItemReading", "JSON"]),
        tests("ResultWritingTests", ["ResultWriting", "StatesLanguage", "JSON"]),
        tests("CompressionTests", ["Compression"]),
        tests("ObjectsTests", ["Objects", "HTTPServer", "HTTPClient", "Crypto", "Lifecycle", "Telemetry"]),
        tests("TelemetryTests", ["Telemetry"]),
        tests("TracingTests", ["Tracing", "HTTPServer", "JSON", "Lifecycle", "Telemetry"]),
        tests("LifecycleTests", ["Lifecycle", "Telemetry"]),
        tests("PostgresTests", ["Postgres", "TestSupport", "Lifecycle", "Telemetry"]),
        tests("ClusterTests", ["Cluster", "Postgres", "TestSupport", "Lifecycle", "Telemetry"]),
        tests("HTTPTests", ["HTTPServer", "HTTPClient", "Lifecycle", "Telemetry"]),
        tests("StoreTests", ["Store", "Cluster", "Postgres", "TestSupport", "Interpreter", "StatesLanguage", "JSON"]),
        tests(
            "EngineTests",
            [
                "Engine", "Store", "Postgres", "TestSupport", "Interpreter", "StatesLanguage", "JSON", "Lifecycle",
                "Telemetry", "Tracing", "Objects",
            ]
        ),
        tests(
            "TasksTests",
            [
                "Tasks", "Engine", "Interpreter", "StatesLanguage", "Objects", "HTTPServer", "HTTPClient", "JSON",
                "Lifecycle", "Telemetry", "Tracing",
            ]
        ),
        tests(
            "BraidTests",
            ["Braid", "Engine", "Store", "Postgres", "TestSupport", "StatesLanguage", "JSON", "Lifecycle", "Telemetry"]
        ),
        tests(
            "APITests",
            [
                "API", "Engine", "Store", "Postgres", "TestSupport", "Interpreter", "StatesLanguage", "JSON",
                "HTTPServer",
                "Telemetry",
            ]
        ),
        tests("ConsoleTests", ["Console", "Store", "Postgres", "TestSupport", "StatesLanguage", "HTTPServer", "JSON"]),
        tests("CommandTests", ["BraidCommand", "Store", "StatesLanguage", "JSON"]),
        .target(
            name: "Simulation",
            dependencies: ["Engine", "Store", "Interpreter", "StatesLanguage", "JSON"],
            path: "Tests/Simulation",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "simulate",
            dependencies: ["Simulation"],
            path: "Tests/Simulate",
            swiftSettings: settings
        ),
        tests("SimulationTests", ["Simulation"]),
        .executableTarget(
            name: "jsonata-bench",
            dependencies: ["JSONata", "JSON"],
            path: "Tests/JSONataBench",
            exclude: ["cases.json", "reference.js"],
            swiftSettings: settings
        ),
        tests("ArchitectureTests", []),
    ]
)
