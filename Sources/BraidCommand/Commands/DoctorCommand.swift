import Glibc
import HTTPClient
import JSON
import Postgres
import Store
import Tasks

/// `braid doctor`: looks over what Braid needs, and says what to do about what is wrong.
enum DoctorCommand {
    static let syntax = CommandSyntax(
        "doctor",
        "Looks over database, functions, service and programs, and says what to do",
        options: [.database, .dataDirectory, .functions, .endpoint, .json],
        notes: """
            Each line tells one thing: ok, a warning, or a problem with what to do about it. Exit status 1 if there is any
            problem. Nothing is changed.
            """
    )

    /// One thing that was looked at.
    struct Finding: Sendable, Equatable {
        enum Verdict: String, Sendable {
            case good = "ok"
            case warning
            case problem
        }

        let verdict: Verdict
        let subject: String
        let message: String
        var advice: String?
    }

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        var findings = programs(environment: invocation.environment)
        findings += await database(invocation)
        findings += functions(invocation)
        findings.append(await service(invocation))
        if invocation.wantsJSON {
            invocation.answer(.array(findings.map(json)))
        } else {
            for finding in findings { invocation.output.line(line(finding, invocation.output)) }
        }
        return findings.contains { $0.verdict == .problem } ? .failure : .success
    }

    // MARK: What is looked at

    static func programs(environment: [String: String]) -> [Finding] {
        let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        func find(_ program: String, for purpose: String, package: String) -> Finding {
            let isThere = path.contains { unsafe access($0 + "/" + program, X_OK) == 0 }
            if isThere { return Finding(verdict: .good, subject: program, message: "is there, for \(purpose)") }
            return Finding(
                verdict: .warning,
                subject: program,
                message: "is not in PATH: no \(purpose)",
                advice: "apt-get install \(package)"
            )
        }
        return [
            find("dot", for: "graphs", package: "graphviz"),
            find("python3", for: "handlers in Python", package: "python3"),
            find("node", for: "handlers in JavaScript", package: "nodejs"),
        ]
    }

    private static func database(_ invocation: Invocation) async -> [Finding] {
        let settings: ConnectionSettings
        do { settings = try Database.running(invocation) } catch {
            let failure = error as? CommandFailure
            return [
                Finding(
                    verdict: .problem,
                    subject: "database",
                    message: failure?.message ?? "\(error)",
                    advice: failure?.hint
                )
            ]
        }
        let connection: Connection
        do { connection = try await Connection.connect(to: settings.with { $0.connectTimeout = .seconds(5) }) } catch {
            return [
                Finding(
                    verdict: .problem,
                    subject: "database",
                    message: "\(settings) cannot be reached: \(error)",
                    advice: "Look at its address, its password and pg_hba.conf."
                )
            ]
        }
        var findings = [Finding(verdict: .good, subject: "database", message: "\(settings) answers")]
        do {
            try await Migrator().check(connection)
            findings.append(Finding(verdict: .good, subject: "schema", message: "is up to date"))
            let pool = Pool(settings, limit: 1)
            let examination = try await Store(pool: pool).examineDatabase(on: connection)
            await pool.stop()
            findings += judge(examination)
        } catch let error as MigrationError {
            findings.append(Finding(verdict: .problem, subject: "schema", message: "\(error)", advice: "braid migrate"))
        } catch {
            findings.append(Finding(verdict: .problem, subject: "database", message: "\(error)"))
        }
        await connection.close()
        return findings
    }

    /// What a database's settings mean.
    static func judge(_ database: DatabaseExamination) -> [Finding] {
        var findings: [Finding] = []
        func note(_ isGood: Bool, _ verdict: Finding.Verdict, _ subject: String, _ message: String, _ advice: String) {
            findings.append(
                Finding(
                    verdict: isGood ? .good : verdict,
                    subject: subject,
                    message: message,
                    advice: isGood ? nil : advice
                )
            )
        }
        note(
            database.version >= 150_000,
            .problem,
            "PostgreSQL",
            "is version \(database.version / 10_000)",
            "Braid needs 15 or later."
        )
        note(
            !database.isStandby,
            .problem,
            "primary",
            database.isStandby ? "this is a standby" : "takes writes",
            "Add target_session_attrs=read-write and all hosts to the URL."
        )
        note(
            database.keepsSession,
            .problem,
            "sessions",
            database.keepsSession ? "stay sessions" : "are lent out by the transaction, by a pooler in between",
            "Set the pooler's pool_mode to session, or go around it."
        )
        note(
            database.fsync == "on" && database.synchronousCommit != "off",
            .problem,
            "durability",
            "fsync is \(database.fsync), synchronous_commit is \(database.synchronousCommit)",
            "Set both to on: what has been answered may be lost otherwise."
        )
        note(
            database.compression == "lz4",
            .warning,
            "compression",
            "default_toast_compression is \(database.compression)",
            "ALTER SYSTEM SET default_toast_compression = 'lz4'; large payloads go 2.5 times as fast."
        )
        note(
            database.maxConnections >= 50,
            .warning,
            "connections",
            "max_connections is \(database.maxConnections)",
            "A process of Braid takes up to 20; set 100 or more."
        )
        note(
            database.liveWorkers > 0,
            .warning,
            "workers",
            "\(database.liveWorkers) alive",
            "Executions wait until one starts: 'braid worker', or 'braid dev'."
        )
        for lane in database.unservedLanes {
            note(
                false,
                .problem,
                "function",
                "states wait for \(lane), which no live worker serves",
                "Start a worker whose functions file has it."
            )
        }
        return findings
    }

    static func functions(_ invocation: Invocation) -> [Finding] {
        guard let path = invocation.value("functions") else { return [] }
        do {
            let file = try FunctionsFile(path: path)
            let missing = file.functions.compactMap { function in
                function.missingCode.map {
                    Finding(
                        verdict: $0.isCertain ? .problem : .warning,
                        subject: "function",
                        message: "'\(function.reference.text)': \($0)"
                    )
                }
            }
            let count = file.functions.count == 1 ? "1 function" : "\(file.functions.count) functions"
            return [Finding(verdict: .good, subject: "functions", message: "\(path) is valid, with \(count)")] + missing
        } catch {
            return [Finding(verdict: .problem, subject: "functions", message: "\(error)")]
        }
    }

    private static func service(_ invocation: Invocation) async -> Finding {
        let endpoint = invocation.value("endpoint") ?? ""
        let url = (endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint) + "/readyz"
        do {
            let answer = try await HTTPClient().request(
                HTTPClientRequest(method: "GET", url: url, timeout: .seconds(5))
            )
            let text = String(answer.text.prefix { $0 != "\n" }.prefix(200))
            if answer.status == 200, text == "ready" {
                return Finding(verdict: .good, subject: "service", message: "\(endpoint) is ready")
            }
            let advice = "Is it Braid that listens there? --endpoint names another."
            return Finding(
                verdict: .problem,
                subject: "service",
                message: "\(endpoint) answers: \(text)",
                advice: advice
            )
        } catch {
            return Finding(
                verdict: .warning,
                subject: "service",
                message: "nothing answers at \(endpoint)",
                advice: "'braid dev' or 'braid serve' starts one; --endpoint names another."
            )
        }
    }

    // MARK: What is said

    private static func line(_ finding: Finding, _ output: Output) -> String {
        let style: Output.Style =
            switch finding.verdict {
            case .good: .green
            case .warning: .yellow
            case .problem: .red
            }
        let word = output.styled(finding.verdict.rawValue, style)
        let advice = finding.advice.map { "\n  \($0)" } ?? ""
        return "\(word): \(output.styled(finding.subject, .bold)): \(finding.message)\(advice)"
    }

    private static func json(_ finding: Finding) -> JSONValue {
        [
            "verdict": .string(finding.verdict.rawValue), "subject": .string(finding.subject),
            "message": .string(finding.message), "advice": finding.advice.map { .string($0) } ?? .null,
        ]
    }
}
