import Interpreter
import ResultWriting
import StatesLanguage
import Store

/// What a run's children are called: made once for all that they have in common.
struct ChildNames: Sendable {
    private let run: MapRunID
    private let began: Int64
    private let prefix: String
    private let suffix: String
    /// The ARN of the machine that they are executions of.
    let stateMachineARN: String
    let stateMachineName: String

    init(of record: MapRunRecord, _ work: MapRunWork, by arns: ARNs) {
        let machine = work.machineName
        run = record.id
        began = record.startedAt.microseconds / 1_000
        stateMachineName = machine
        stateMachineARN = arns.stateMachine(machine).description
        if record.type == .express {
            prefix = "\(arns.scope.prefix)express:\(machine):"
            suffix = ":\(work.request.id)"
        } else {
            prefix = arns.execution("", of: machine).description
            suffix = ""
        }
    }

    /// The name of a child, by its place among them.
    func name(_ ordinal: Int) -> String { run.child(ordinal, began: began).description }

    /// What the records of those that run in memory and succeed have in common.
    var records: SiblingRecords {
        SiblingRecords(
            arnPrefix: prefix,
            arnSuffix: suffix,
            stateMachineARN: stateMachineARN,
            redriveStatus: ExpressResult.redriveStatus(hasSucceeded: true),
            redriveStatusReason: ExpressResult.redriveStatusReason(hasSucceeded: true)
        )
    }

    /// The ARN of the child of a name.
    func arn(_ name: String) -> String { prefix + name + suffix }
}
