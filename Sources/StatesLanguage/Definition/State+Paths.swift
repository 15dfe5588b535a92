extension State {
    /// All that its own fields read; not those of the states inside it.
    ///
    /// It tells which parts of the context object, and which variables, the state needs.
    var reads: [DataRead] {
        let own: [DataRead] =
            switch body {
            case .task(let state):
                [state.timeout?.read, state.heartbeat?.read].compactMap(\.self) + (state.credentials?.reads ?? [])
            case .pass, .succeed, .parallel: []
            case .choice(let state): state.options.flatMap(\.reads)
            case .wait(let state): [state.duration.read].compactMap(\.self)
            case .fail(let state): [state.error, state.cause].flatMap { $0?.reads ?? [] }
            case .map(let state): state.reads
            }
        return own + (dataFlow?.reads ?? []) + catchers.flatMap(\.reads)
    }

    /// The variables that its own fields read.
    var variables: Set<String> { Set(reads.flatMap(\.variables)) }

    /// The variables that it, its catchers and its rules may assign.
    var assignedVariables: [String] {
        var templates = [dataFlow?.assign] + catchers.map(\.assign)
        if case .choice(let choice) = body { templates += choice.options.map(\.assign) }
        return templates.flatMap { $0?.names ?? [] }
    }

    /// The query language that it is written in.
    package var language: QueryLanguage {
        switch body {
        case .fail(let fail): fail.language
        default: dataFlow?.language ?? .jsonPath
        }
    }
}

extension Catcher {
    fileprivate var reads: [DataRead] {
        (output?.expressions ?? []).map { .expression($0) } + (assign?.reads ?? [])
    }
}

extension MapState {
    fileprivate var reads: [DataRead] {
        [
            itemsPath.map { .path($0) }, maxConcurrency?.read, toleratedFailureCount?.read,
            toleratedFailurePercentage?.read, itemReader?.configuration.maxItems?.read, itemBatcher?.maxItems?.read,
            itemBatcher?.maxBytes?.read,
        ].compactMap(\.self) + (items?.expressions ?? []).map { .expression($0) }
            + [itemSelector, itemReader?.parameters, itemBatcher?.batchInput, resultWriter?.parameters]
            .flatMap { $0?.reads ?? [] }
    }
}

extension TimeField {
    fileprivate var read: DataRead? {
        switch self {
        case .seconds: nil
        case .path(let path): .path(path)
        case .expression(let expression): .expression(expression)
        }
    }
}

extension IntegerField {
    fileprivate var read: DataRead? {
        switch self {
        case .literal: nil
        case .path(let path): .path(path)
        case .expression(let expression): .expression(expression)
        }
    }
}

extension PercentageField {
    fileprivate var read: DataRead? {
        switch self {
        case .literal: nil
        case .path(let path): .path(path)
        case .expression(let expression): .expression(expression)
        }
    }
}

extension WaitState.Duration {
    fileprivate var read: DataRead? {
        switch self {
        case .secondsPath(let path), .timestampPath(let path): .path(path)
        case .secondsExpression(let expression), .timestampExpression(let expression): .expression(expression)
        case .seconds, .timestamp: nil
        }
    }
}

extension FailState.Field {
    fileprivate var reads: [DataRead] {
        switch self {
        case .literal: []
        case .dynamic(let value): value.paths.map { .path($0) }
        case .expression(let expression): [.expression(expression)]
        }
    }
}
