import Glibc

// A peer that hangs up, or `braid list | head`, is an error to be handled where it happens, not the process's end.
_ = signal(SIGPIPE, SIG_IGN)

let environment = ProcessEnvironment.current
let status = await Program.run(
    Array(CommandLine.arguments.dropFirst()),
    environment: environment,
    output: .ofProcess(environment: environment)
)
exit(status.rawValue)
