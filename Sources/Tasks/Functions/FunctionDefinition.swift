/// One function of the functions file.
package struct FunctionDefinition: Sendable, Equatable {
    /// What performs it.
    package enum Implementation: Sendable, Equatable {
        /// `module.function`, run by Braid's bootstrap with this interpreter.
        case python(handler: String, interpreter: [String])
        /// `file.function`, run by Braid's bootstrap with this interpreter.
        case node(handler: String, interpreter: [String])
        /// A program that speaks the Lambda Runtime API itself; `handler` is what it is told in `_HANDLER`.
        case command([String], handler: String)
        /// An address that events are posted to.
        case url(String)
    }

    /// What becomes of an attempt whose worker is lost while it runs.
    package enum OnWorkerLoss: String, Sendable {
        /// Another worker invokes the function again, with the same request id.
        case retry
        /// The attempt ends in `States.TaskFailed`; Retry and Catch decide.
        case fail
    }

    /// The key in the file: a name or an ARN.
    package let reference: FunctionReference
    /// What performs it.
    package let implementation: Implementation
    /// The folder that its processes start in, absolute; its code is watched for changes.
    package let directory: String
    /// How many invocations run at once in one worker process.
    package let concurrency: Int
    /// How long an invocation may take, in seconds.
    package let timeoutSeconds: Double
    /// Variables that are set beside those of Lambda.
    package let environment: [String: String]
    /// What becomes of an attempt whose worker is lost while it runs.
    package let onWorkerLoss: OnWorkerLoss

    package init(
        reference: FunctionReference,
        implementation: Implementation,
        directory: String,
        concurrency: Int? = nil,
        timeoutSeconds: Double = 900,
        environment: [String: String] = [:],
        onWorkerLoss: OnWorkerLoss = .retry
    ) {
        self.reference = reference
        self.implementation = implementation
        self.directory = directory
        // A process costs tens of megabytes, an open request nearly nothing.
        if case .url = implementation {
            self.concurrency = concurrency ?? 100
        } else {
            self.concurrency = concurrency ?? 4
        }
        self.timeoutSeconds = timeoutSeconds
        self.environment = environment
        self.onWorkerLoss = onWorkerLoss
    }

    /// What its processes run.
    var program: String {
        switch implementation {
        case .python(_, let words), .node(_, let words), .command(let words, _): words.first ?? ""
        case .url(let url): url
        }
    }

    /// How long an invocation may take.
    package var timeout: Duration { .seconds(timeoutSeconds) }
}
