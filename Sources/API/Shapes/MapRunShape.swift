import Engine
import JSON
import Store

extension MapRunRecord {
    func arn(by arns: ARNs) -> MapRunARN {
        MapRunARN(scope: arns.scope, stateMachine: machineName.withoutLabel, label: label, id: "\(id)")
    }

    /// A run in a list.
    func shape(by arns: ARNs) -> JSONObject {
        var shape: JSONObject = [
            "executionArn": .string("\(arns.execution(executionName, of: machineName))"),
            "mapRunArn": .string("\(arn(by: arns))"),
            "stateMachineArn": .string("\(arns.stateMachine("\(machineName.withoutLabel)/\(label)"))"),
            "startDate": .instant(startedAt),
        ]
        if let stoppedAt { shape["stopDate"] = .instant(stoppedAt) }
        return shape
    }

    /// All that `DescribeMapRun` shows.
    func described(by arns: ARNs) -> JSONObject {
        var shape: JSONObject = [
            "mapRunArn": .string("\(arn(by: arns))"),
            "executionArn": .string("\(arns.execution(executionName, of: machineName))"),
            "status": .string(status.rawValue), "startDate": .instant(startedAt),
        ]
        if let stoppedAt { shape["stopDate"] = .instant(stoppedAt) }
        shape["maxConcurrency"] = .number(JSONNumber(maxConcurrency))
        shape["toleratedFailurePercentage"] =
            (try? JSONValue(parsing: "\(toleratedPercentage ?? 0)")) ?? .number(JSONNumber(0))
        shape["toleratedFailureCount"] = .number(JSONNumber(toleratedFailures ?? 0))
        let pending = max(0, (totalItems ?? begunItems) - begunItems)
        shape["itemCounts"] = counts(
            counts.items,
            begun: begunItems,
            pending: pending,
            pendingRedrive: pendingRedrive.items,
            refused: redrive.refusedItems
        )
        // How many children the items that are left will need is known where each has its own.
        shape["executionCounts"] = counts(
            counts.executions,
            begun: begunChildren,
            pending: begunItems == begunChildren ? pending : 0,
            pendingRedrive: pendingRedrive.executions,
            refused: redrive.refused
        )
        shape["redriveCount"] = .number(JSONNumber(redriveCount))
        if let redrivenAt { shape["redriveDate"] = .instant(redrivenAt) }
        return shape
    }

    /// Source: reference §14; `resultsWritten` as recorded, with a ResultWriter and without.
    private func counts(
        _ ends: MapRunCounts.Ends,
        begun: Int,
        pending: Int,
        pendingRedrive: MapRunCounts.Ends,
        refused: Int
    ) -> JSONValue {
        func number(_ count: Int) -> JSONValue { .number(JSONNumber(count)) }
        return [
            "pending": number(pending), "running": number(max(0, begun - ends.total - pendingRedrive.total)),
            "succeeded": number(ends.succeeded), "failed": number(ends.failed), "timedOut": number(ends.timedOut),
            "aborted": number(ends.aborted), "total": number(begun + pending),
            "resultsWritten": number(status == .succeeded || hasWrittenResults ? ends.total : 0),
            "failuresNotRedrivable": number(refused),
            "pendingRedrive": number(pendingRedrive.total),
        ]
    }
}

extension ExecutionSummary {
    /// The ARN of the map run whose child it is.
    func mapRunARN(by arns: ARNs) -> MapRunARN? {
        mapRun.map { run in
            MapRunARN(
                scope: arns.scope,
                stateMachine: stateMachineName.withoutLabel,
                label: run.label,
                id: "\(run.id)"
            )
        }
    }
}

extension String {
    /// A machine's name without the label of a distributed Map.
    fileprivate var withoutLabel: String { String(prefix { $0 != "/" }) }
}
