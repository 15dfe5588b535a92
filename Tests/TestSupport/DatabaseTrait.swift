package import Testing

/// Gives each test, and each of its cases, a database of its own, copied from a template and removed afterwards.
package struct DatabaseTrait: TestTrait, SuiteTrait, TestScoping {
    let template: DatabaseTemplate
    private static let places = Places(16)

    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        await Self.places.take()
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await performInDatabase(function)) } catch { outcome = .failure(error) }
        await Self.places.give()
        try outcome.get()
    }

    private func performInDatabase(_ function: @Sendable @concurrent () async throws -> Void) async throws {
        let settings = try await TestServer.shared.makeDatabase(from: template)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(
                try await TestDatabase.$scoped.withValue(TestDatabase(settings)) { try await function() }
            )
        } catch {
            outcome = .failure(error)
        }
        try await TestServer.shared.removeDatabase(settings)
        try outcome.get()
    }
}

extension Trait where Self == DatabaseTrait {
    /// A database with Braid's schema.
    package static var database: Self { DatabaseTrait(template: .migrated) }

    /// A database copied from the given template.
    package static func database(_ template: DatabaseTemplate) -> Self { DatabaseTrait(template: template) }
}
