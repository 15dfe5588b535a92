import JSON

/// Shows an activity.
struct DescribeActivity: Operation {
    let arn: String

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("activityArn", length: 1...256)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        var shape = try await service.activity(arn).shape(by: service.arns)
        // The one kind that there is (recorded: test_create_describe_delete_activity).
        shape["encryptionConfiguration"] = ["type": "AWS_OWNED_KEY"]
        return shape
    }
}
