extension State {
    /// Every path that its own fields read; not those of the states inside it.
    ///
    /// It tells which parts of the context object, and which variables, the state needs.
    package var paths: [DataPath] {
        let own: [DataPath] =
            switch body {
            case .task(let state):
                [state.timeout?.path, state.heartbeat?.path].compactMap(\.self) + (state.credentials?.paths ?? [])
            case .pass, .succeed: []
            case .choice(let state): state.rules.flatMap(\.paths)
            case .wait(let state): [state.duration.path].compactMap(\.self)
            case .fail(let state): [state.error, state.cause].flatMap { $0?.paths ?? [] }
            case .parallel: []
            case .map(let state):
                [
                    state.itemsPath, state.maxConcurrency?.path, state.toleratedFailureCount?.path,
                    state.toleratedFailurePercentage?.path,
                ].compactMap(\.self) + (state.itemSelector?.paths ?? [])
            }
        return own + (dataFlow?.paths ?? []) + catchers.flatMap { $0.assign?.paths ?? [] }
    }
}

extension State {
    /// The variables that its own fields read, each as often as it is read.
    var variables: [String] { paths.compactMap(\.variable) }

    /// The variables that it, its catchers and its rules may assign.
    var assignedVariables: [String] {
        var templates = [dataFlow?.assign] + catchers.map(\.assign)
        if case .choice(let choice) = body { templates += choice.rules.map(\.assign) }
        return templates.flatMap { $0?.names ?? [] }
    }
}

extension TimeField {
    fileprivate var path: DataPath? { if case .path(let path) = self { path } else { nil } }
}

extension IntegerField {
    fileprivate var path: DataPath? { if case .path(let path) = self { path } else { nil } }
}

extension PercentageField {
    fileprivate var path: DataPath? { if case .path(let path) = self { path } else { nil } }
}

extension WaitState.Duration {
    fileprivate var path: DataPath? {
        switch self {
        case .secondsPath(let path), .timestampPath(let path): path
        case .seconds, .timestamp: nil
        }
    }
}

extension FailState.Field {
    fileprivate var paths: [DataPath] { if case .dynamic(let value) = self { value.paths } else { [] } }
}
