import Engine
import JSON
import Store

extension KeptChild {
    /// A child in a list of its run's.
    func shape(of run: MapRunRecord, by arns: ARNs) -> JSONObject {
        let mapRun = run.arn(by: arns)
        var shape: JSONObject = [
            "executionArn": .string("\(run.childARN(id, by: arns))"),
            "stateMachineArn": .string("\(arns.stateMachine("\(mapRun.stateMachine)/\(mapRun.label)"))"),
            "name": .string("\(id)"),
            "status": .string(waits ? "PENDING_REDRIVE" : status.rawValue),
            "startDate": .instant(startedAt),
            "stopDate": .instant(stoppedAt),
            "mapRunArn": .string("\(mapRun)"),
            "redriveCount": .number(JSONNumber(redriveCount)),
        ]
        if let itemCount { shape["itemCount"] = .number(JSONNumber(itemCount)) }
        return shape
    }

    /// All that `DescribeExecution` shows; input, output, error and cause only with data, and as far as they were kept.
    func described(of run: MapRunRecord, by arns: ARNs, withData: Bool) -> JSONObject {
        var shape = shape(of: run, by: arns)
        shape["itemCount"] = nil
        if withData, let input { shape["input"] = .string(input.text) }
        shape["inputDetails"] = ["included": .bool(withData && input != nil)]
        if let output {
            if withData { shape["output"] = .string(output.text) }
            shape["outputDetails"] = ["included": .bool(withData)]
        }
        if withData, status != .timedOut {
            if let error { shape["error"] = .string(error) }
            if let cause { shape["cause"] = .string(cause) }
        }
        if status == .succeeded {
            shape["redriveStatus"] = "NOT_REDRIVABLE"
            shape["redriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven"
        } else {
            shape["redriveStatus"] = "REDRIVABLE_BY_MAP_RUN"
        }
        return shape
    }
}

extension MapRunRecord {
    /// The ARN of a child that ran in memory.
    func childARN(_ child: ExecutionID, by arns: ARNs) -> ExpressARN {
        let run = arn(by: arns)
        return ExpressARN(
            scope: run.scope,
            stateMachine: run.stateMachine,
            label: run.label,
            name: "\(child)",
            id: run.id
        )
    }
}
