import StatesLanguage

/// The shapes of the answers that mocked results are held against.
///
/// Only those of the services that are mocked most: a result of any other action is taken as it is. Members, bounds and
/// words are those of the services' API references, in the case in which a Task's result has them.
enum ResultShapes {
    /// Returns the shape of what an action answers, where it is known; the integration through the SDK has the same.
    static func shape(of service: ServiceIntegration) -> ResultShape? {
        let name = service.service == "sfn" ? "states" : service.service
        return shapes["\(name):\(service.action)"]
    }

    private static let shapes: [String: ResultShape] = [
        "dynamodb:deleteItem": changedItem,
        "dynamodb:getItem": .structure(["Item": .map(attribute), "ConsumedCapacity": consumedCapacity]),
        "dynamodb:putItem": changedItem,
        "dynamodb:updateItem": changedItem,
        "events:putEvents": .structure([
            "Entries": .list(
                .structure([
                    "ErrorCode": .string(), "ErrorMessage": .string(), "EventId": .string(length: 0...64),
                ])
            ),
            "FailedEntryCount": .number(),
        ]),
        "kms:encrypt": .structure([
            "CiphertextBlob": .string(length: 1...6144),
            "EncryptionAlgorithm": .word(of: [
                "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE", "SYMMETRIC_DEFAULT",
            ]),
            "KeyId": .string(length: 1...2048),
        ]),
        "lambda:getFunction": .structure([
            "Code": .structure([
                "ImageUri": .string(), "Location": .string(), "RepositoryType": .string(),
                "ResolvedImageUri": .string(),
            ]),
            "Concurrency": .structure(["ReservedConcurrentExecutions": .number(0...Double(Int32.max))]),
            "Configuration": functionConfiguration,
            "Tags": .map(.string()),
        ]),
        "lambda:invoke": .structure([
            "ExecutedVersion": .string(length: 1...1024), "FunctionError": .string(), "LogResult": .string(),
            "Payload": .string(), "StatusCode": .number(),
        ]),
        "s3:getObject": storedObject,
        "sns:publish": .structure(["MessageId": .string(), "SequenceNumber": .string()]),
        "sqs:sendMessage": .structure([
            "MD5OfMessageAttributes": .string(), "MD5OfMessageBody": .string(),
            "MD5OfMessageSystemAttributes": .string(), "MessageId": .string(), "SequenceNumber": .string(),
        ]),
        "states:startExecution": .structure(
            ["ExecutionArn": .string(length: 1...256), "StartDate": .string()],
            required: ["ExecutionArn", "StartDate"]
        ),
    ]

    // MARK: DynamoDB

    private static let changedItem = ResultShape.structure([
        "Attributes": .map(attribute),
        "ConsumedCapacity": consumedCapacity,
        "ItemCollectionMetrics": .structure([
            "ItemCollectionKey": .map(attribute), "SizeEstimateRangeGB": .list(.number()),
        ]),
    ])

    private static let consumedCapacity = ResultShape.structure([
        "CapacityUnits": .number(), "GlobalSecondaryIndexes": .map(capacity), "LocalSecondaryIndexes": .map(capacity),
        "ReadCapacityUnits": .number(), "Table": capacity, "TableName": .string(length: 1...1024),
        "WriteCapacityUnits": .number(),
    ])

    private static let capacity = ResultShape.structure([
        "CapacityUnits": .number(), "ReadCapacityUnits": .number(), "WriteCapacityUnits": .number(),
    ])

    /// A typed value, which may hold others.
    private static let attribute: ResultShape = .structure([
        "B": .string(), "BOOL": .boolean, "BS": .list(.string()), "L": .list(.deferred { attribute }),
        "M": .map(.deferred { attribute }), "N": .string(), "NS": .list(.string()), "NULL": .boolean, "S": .string(),
        "SS": .list(.string()),
    ])

    // MARK: Lambda

    /// The memory's bounds are those recorded in test_strict_mode_aws_sdk_lambda_get_function_task.
    private static let functionConfiguration = ResultShape.structure([
        "Architectures": .list(.word(of: ["arm64", "x86_64"])), "CodeSha256": .string(), "CodeSize": .number(),
        "Description": .string(length: 0...256),
        "Environment": .structure(["Variables": .map(.string())]),
        "EphemeralStorage": .structure(["Size": .number(512...10_240)]),
        "FunctionArn": .string(), "FunctionName": .string(), "Handler": .string(length: 0...128),
        "KMSKeyArn": .string(), "LastModified": .string(),
        "LastUpdateStatus": .word(of: ["Failed", "InProgress", "Successful"]),
        "LastUpdateStatusReason": .string(), "MasterArn": .string(), "MemorySize": .number(128...10_240),
        "PackageType": .word(of: ["Image", "Zip"]), "RevisionId": .string(), "Role": .string(), "Runtime": .string(),
        "StateReason": .string(), "Timeout": .number(1...Double(Int32.max)), "Version": .string(length: 1...1024),
    ])

    // MARK: S3

    private static let storedObject = ResultShape.structure([
        "AcceptRanges": .string(), "Body": .string(), "BucketKeyEnabled": .boolean, "CacheControl": .string(),
        "ContentDisposition": .string(), "ContentEncoding": .string(), "ContentLanguage": .string(),
        "ContentLength": .number(), "ContentRange": .string(), "ContentType": .string(), "DeleteMarker": .boolean,
        "ETag": .string(), "Expiration": .string(), "Expires": .string(), "LastModified": .string(),
        "Metadata": .map(.string()), "MissingMeta": .number(),
        "ObjectLockLegalHoldStatus": .word(of: ["OFF", "ON"]),
        "ObjectLockMode": .word(of: ["COMPLIANCE", "GOVERNANCE"]),
        "ObjectLockRetainUntilDate": .string(), "PartsCount": .number(),
        "ReplicationStatus": .word(of: ["COMPLETE", "COMPLETED", "FAILED", "PENDING", "REPLICA"]),
        "RequestCharged": .word(of: ["requester"]), "Restore": .string(), "SSECustomerAlgorithm": .string(),
        "SSECustomerKeyMD5": .string(), "SSEKMSKeyId": .string(),
        "ServerSideEncryption": .word(of: ["AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"]),
        "StorageClass": .word(of: [
            "DEEP_ARCHIVE", "EXPRESS_ONEZONE", "FSX_ONTAP", "FSX_OPENZFS", "GLACIER", "GLACIER_IR",
            "INTELLIGENT_TIERING", "ONEZONE_IA", "OUTPOSTS", "REDUCED_REDUNDANCY", "SNOW", "STANDARD", "STANDARD_IA",
        ]),
        "TagCount": .number(), "VersionId": .string(), "WebsiteRedirectLocation": .string(),
    ])
}
