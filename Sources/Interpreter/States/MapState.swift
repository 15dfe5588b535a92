import JSON
import StatesLanguage

/// Map, inline. Source: reference §13.
extension Walk {
    /// Starts an iteration for each item; with none the result is an empty array.
    ///
    /// A retry starts all of them again.
    mutating func fork(_ map: MapState, in state: State) throws(Fault) -> Step {
        // A test of one state is given what its children would have made.
        if case .distributed(let type) = map.mode, probe == nil { return try distribute(map, as: type, in: state) }
        let input = try effectiveInput(of: map.dataFlow, in: state)
        var scope = MapScope(paths: scope(of: input, in: state), queries: queryScope(in: state))
        let read = map.itemReader == nil ? nil : probe?.items ?? []
        let items = if let read { read } else { try items(of: map, in: &scope) }
        if read == nil { probe?.note(.itemsPath, of: items.map { JSONText($0) }) }
        let maxConcurrency = try integer(map.maxConcurrency, field: "MaxConcurrencyPath", in: &scope) ?? 0
        probe?.inspection.maxConcurrency = maxConcurrency
        var children: [Fork.Child] = []
        children.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            children.append(try child(index, of: map, item: item, in: &scope))
        }
        if map.itemSelector != nil { probe?.note(.itemSelector, of: children.map(\.input)) }
        append(.mapStateStarted(length: items.count, after: previous))
        // Read after the start, MaxConcurrencyPath before it: so recorded, test_map_state_tolerated_failure_count_path.
        let tolerated = try toleratedFailures(of: map, among: items.count, in: &scope)
        guard !children.isEmpty else { return try join(state, with: .array(of: [])) }
        branch.phase = .forked
        return .pause(
            .fork(
                Fork(
                    isMap: true,
                    children: children,
                    maxConcurrency: maxConcurrency,
                    toleratedFailures: tolerated,
                    sharesVariables: definition.sharesVariables(inside: state.name)
                )
            )
        )
    }

    mutating func items(of map: MapState, in scope: inout MapScope) throws(Fault) -> [JSONValue] {
        if case .jsonata = map.dataFlow {
            do throws(QueryFailure) {
                if let items = map.items { return try scope.queries.items(items, using: &random) }
                guard let items = scope.paths.input.array else {
                    // Where it is by default nothing is named. Source: recorded test_map_state_items_input_types.
                    let cause = "Map state input must be an array but was: \(scope.paths.input.text)"
                    throw QueryFailure(cause: cause, location: nil)
                }
                return items
            } catch {
                throw Fault(error)
            }
        }
        guard let path = map.itemsPath else {
            guard let items = scope.paths.input.array else {
                throw .runtime("Reference path \"$\" must point to array.")
            }
            return items
        }
        do {
            return try path.items(in: scope.paths)
        } catch {
            throw Fault(error)
        }
    }

    /// An iteration's input: its item, or what ItemSelector makes of the effective input and `Map.Item` of the context.
    private mutating func child(
        _ index: Int,
        of map: MapState,
        item: JSONValue,
        in scope: inout MapScope
    ) throws(Fault) -> Fork.Child {
        let text = JSONText(item)
        guard map.itemSelector != nil else { return Fork.Child(state: map.processor.startAt, input: text) }
        let mapItem = ContextObject.MapItem(index: index, value: text)
        return Fork.Child(
            state: map.processor.startAt,
            input: try selected(mapItem, of: map, in: &scope),
            item: definition.readsContext ? text : nil
        )
    }

    /// What ItemSelector makes of an item; the item where there is none.
    mutating func selected(
        _ item: ContextObject.MapItem,
        of map: MapState,
        in scope: inout MapScope
    ) throws(Fault) -> JSONText {
        switch map.itemSelector {
        case nil: return item.value
        case .payload(let template):
            var paths = scope.paths
            paths.context.mapItem = item
            return JSONText(try value(of: template, in: paths))
        case .query(let template):
            scope.queries.context.mapItem = item
            defer { scope.queries.context.mapItem = scope.paths.context.mapItem }
            return JSONText(try value(of: template, in: &scope.queries))
        }
    }

    /// How many iterations may fail; `nil` if the definition does not say.
    ///
    /// AWS knows thresholds in distributed Maps only; with both the lower counts. More than `percentage` of all is too
    /// many, so exactly that much is tolerated.
    private mutating func toleratedFailures(
        of map: MapState,
        among total: Int,
        in scope: inout MapScope
    ) throws(Fault) -> Int? {
        guard limits.toleratesInlineFailures else { return nil }
        let count = try integer(map.toleratedFailureCount, field: "ToleratedFailureCountPath", in: &scope)
        let percentage = try percentage(map.toleratedFailurePercentage, in: &scope)
        probe?.inspection.toleratedFailureCount = count
        probe?.inspection.toleratedFailurePercentage = percentage
        // Multiplied first, so that 10 % of 30 is 3 and not a little less.
        let share = percentage.map { Int((Double(total) * min(max($0, 0), 100) / 100).rounded(.down)) }
        return [count, share].compactMap(\.self).min()
    }

    mutating func integer(
        _ field: IntegerField?,
        field name: String,
        in scope: inout MapScope
    ) throws(Fault) -> Int? {
        switch field {
        case nil: return nil
        case .literal(let number): return number
        case .path(let path):
            do { return try path.integer(field: name, in: scope.paths) } catch { throw Fault(error) }
        case .expression(let expression):
            do { return try scope.queries.count(expression, using: &random) } catch { throw Fault(error) }
        }
    }

    mutating func percentage(_ field: PercentageField?, in scope: inout MapScope) throws(Fault) -> Double? {
        switch field {
        case nil: return nil
        case .literal(let number): return number
        case .path(let path):
            do {
                return try path.percentage(field: "ToleratedFailurePercentagePath", in: scope.paths)
            } catch {
                throw Fault(error)
            }
        case .expression(let expression):
            do { return try scope.queries.percentage(expression, using: &random) } catch { throw Fault(error) }
        }
    }
}

/// What the fields of a Map are read from, in either query language.
struct MapScope {
    /// Of paths: the effective input.
    var paths: Scope
    /// Of expressions.
    var queries: QueryScope
}
