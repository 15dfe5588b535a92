import Engine
import Store

extension Service {
    /// The name of the activity that an ARN names; `nil` where it is one of another account or region.
    func activityName(in arn: String) throws(ServiceError) -> String? {
        let activity: ActivityARN
        do { activity = try ActivityARN(parsing: arn) } catch { throw ServiceError(error) }
        return arns.own(activity.scope) ? activity.name : nil
    }

    /// Finds the activity that an ARN names.
    func activity(_ arn: String) async throws(ServiceError) -> ActivityRecord {
        guard let name = try activityName(in: arn) else { throw .activityDoesNotExist(arn) }
        let record = try await stored { () throws(StoreError) in try await store.findActivity(named: name) }
        guard let record else { throw .activityDoesNotExist(arn) }
        return record
    }
}
