/// What to try next, with this service's address filled in.
enum Hints {
    static func html(endpoint: String, about: About) -> HTML {
        """
        <section class="card"><h2>What to try next</h2>
        <p>With the command line that came with it:</p>
        <pre>braid list
        braid deploy workflow.asl.json
        braid start NAME --input '{"hello": "world"}' --wait
        braid history EXECUTION --follow</pre>
        <p>With the AWS command line, or any AWS SDK pointed at this address:</p>
        <pre>aws stepfunctions list-state-machines --endpoint-url \(endpoint) --region \(about.region)</pre>
        <p>With SQL, in database <code>\(about.databaseHint)</code>:</p>
        <pre>SELECT * FROM braid.state_visits ORDER BY duration DESC NULLS LAST LIMIT 10;
        SELECT * FROM braid.failures_by_state;
        SELECT * FROM braid.map_run_progress;</pre>
        </section>
        """
    }
}
