import Engine
import JSON
import Store

/// Waits for an activity's next task, for up to a minute; without one the answer is empty.
struct GetActivityTask: Operation {
    let arn: String
    let workerName: String?

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("activityArn", length: 1...256)
        workerName = try members.optionalString("workerName", length: 1...80)
        try members.check()
        if let workerName { try ResourceName.check(workerName) }
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let activity: ActivityARN
        do { activity = try ActivityARN(parsing: arn) } catch { throw ServiceError(error) }
        let known: Void? = try await service.stored { () throws(StoreError) in
            try await service.activities.find(activity.name)
        }
        guard known != nil, service.arns.own(activity.scope) else {
            throw ServiceError("ActivityDoesNotExist", "Activity Does Not Exist: '\(arn)'")
        }
        guard let engine = service.engine,
            let task = await engine.polls.poll(activity.description, workerName: workerName, atMost: .seconds(60))
        else { return [:] }
        return ["taskToken": .string(task.token), "input": .string(task.input.text)]
    }
}
