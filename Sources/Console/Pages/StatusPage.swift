import StatesLanguage
import Store

/// The page at `/`: what runs here, and how it goes.
struct StatusPage {
    /// What the page shows, read at one time.
    struct Content: Sendable {
        var database: DatabaseRecord
        var workers: [WorkerRecord]
        var machines: [ExecutionCounts]
        var executions: [ExecutionSummary]
    }

    /// How far executions are counted.
    static let countBound = 1000

    let about: About
    let content: Content
    /// The address that the browser reached the page at, such as `http://127.0.0.1:8083`.
    let endpoint: String

    var html: HTML {
        Layout.page(
            title: "Braid",
            refreshing: 10,
            """
            <header>
            <h1>Braid</h1>
            <span class="quiet">durable workflows on PostgreSQL &middot; version \(about.version)</span>
            </header>
            <main>
            \(figures)
            \(executions)
            \(machines)
            \(workers)
            \(Hints.html(endpoint: endpoint, about: about))
            </main>
            <footer>\(about.region) &middot; account \(about.account) &middot; database time \(content.database.now.rfc3339)
            &middot; <a href="/healthz">health</a> &middot; <a href="/readyz">readiness</a></footer>
            """
        )
    }

    // MARK: Figures

    private var figures: HTML {
        let cards = [
            card(
                "\(size(content.database.byteCount))",
                "in database \(content.database.name), PostgreSQL \(content.database.version)"
            ),
            card("\(content.workers.count)", "\(content.workers.count == 1 ? "worker" : "workers") alive"),
        ]
        let statuses = ExecutionStatus.allCases.map { status -> HTML in
            let counts = content.machines.map { $0.counts[status] ?? 0 }
            let isBounded = counts.contains { $0 >= Self.countBound }
            return """
                <div class="card"><div class="figure">\(counts.reduce(0, +))\(isBounded ? "+" : "")</div>
                <div class="status \(status.rawValue)">\(Words.of(status))</div></div>
                """
        }
        return "<div class=\"grid\">\(cards)\(statuses)</div>"
    }

    private func card(_ figure: String, _ label: String) -> HTML {
        "<div class=\"card\"><div class=\"figure\">\(figure)</div><div class=\"label\">\(label)</div></div>"
    }

    private func size(_ bytes: Int) -> String {
        bytes < 10 << 20 ? "\(bytes >> 10) KB" : bytes < 10 << 30 ? "\(bytes >> 20) MB" : "\(bytes >> 30) GB"
    }

    // MARK: Tables

    private var executions: HTML {
        guard !content.executions.isEmpty else {
            return section("Newest executions", "<p class=\"quiet\">None yet: start one as shown below.</p>")
        }
        let rows = content.executions.map { execution -> HTML in
            let end = execution.stoppedAt ?? content.database.now
            return """
                <tr><td><span class="status \(execution.status.rawValue)">\(Words.of(execution.status))</span></td>
                <td class="name">\(execution.name)</td><td class="name">\(execution.stateMachineName)</td>
                <td title="\(execution.startedAt.rfc3339)">\(Words.ago(execution.startedAt, at: content.database.now))</td>
                <td class="number">\(Words.duration(from: execution.startedAt, to: end))</td></tr>
                """
        }
        return section(
            "Newest executions",
            """
            <table><thead><tr><th>Status</th><th>Execution</th><th>State machine</th><th>Started</th>
            <th class="number">Duration</th></tr></thead><tbody>\(rows)</tbody></table>
            """
        )
    }

    private var machines: HTML {
        guard !content.machines.isEmpty else {
            return section("State machines", "<p class=\"quiet\">None yet: deploy one as shown below.</p>")
        }
        let heads = ExecutionStatus.allCases.map { status -> HTML in "<th class=\"number\">\(Words.of(status))</th>" }
        let rows = content.machines.map { machine -> HTML in
            let counts = ExecutionStatus.allCases.map { status -> HTML in
                let count = machine.counts[status] ?? 0
                return "<td class=\"number\">\(count)\(count >= Self.countBound ? "+" : "")</td>"
            }
            let isDeleting = machine.machine.status == .deleting
            let kind = isDeleting ? "deleting" : machine.machine.type.rawValue.lowercased()
            return """
                <tr><td class="name">\(machine.machine.name)</td><td class="quiet">\(kind)</td>\(counts)
                <td>\(Words.ago(machine.machine.createdAt, at: content.database.now))</td></tr>
                """
        }
        return section(
            "State machines",
            """
            <table><thead><tr><th>Name</th><th>Type</th>\(heads)<th>Created</th></tr></thead><tbody>\(rows)</tbody></table>
            """
        )
    }

    private var workers: HTML {
        guard !content.workers.isEmpty else {
            return section("Workers", "<p class=\"quiet\">None alive: executions wait until one starts.</p>")
        }
        let rows = content.workers.map { worker -> HTML in
            """
            <tr><td class="name">\(worker.host), process \(worker.processID)</td>
            <td class="number">\(worker.capacity)</td><td class="name">\(Words.served(worker.lanes))</td>
            <td>\(Words.ago(worker.heartbeatAt, at: content.database.now))</td>
            <td>\(Words.ago(worker.startedAt, at: content.database.now))</td></tr>
            """
        }
        return section(
            "Workers",
            """
            <table><thead><tr><th>Where</th><th class="number">Capacity</th><th>Serves</th><th>Heartbeat</th>
            <th>Started</th></tr></thead><tbody>\(rows)</tbody></table>
            """
        )
    }

    private func section(_ title: String, _ content: HTML) -> HTML {
        "<section class=\"card\"><h2>\(title)</h2>\(content)</section>"
    }
}
