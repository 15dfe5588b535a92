"""Workflows under test cases of a mock configuration file, which AWS Step Functions Local takes unchanged."""
import json

import pytest

from service import wait_until

# The file of AWS's own example for Step Functions Local, with its state machine.
CONFIGURATION = {
    "StateMachines": {
        "LambdaSQSIntegration": {
            "TestCases": {
                "HappyPath": {"LambdaState": "MockedLambdaSuccess", "SQSState": "MockedSQSSuccess"},
                "RetryPath": {"LambdaState": "MockedLambdaRetry", "SQSState": "MockedSQSSuccess"},
            }
        }
    },
    "MockedResponses": {
        "MockedLambdaSuccess": {
            "0": {"Return": {"StatusCode": 200, "Payload": {"StatusCode": 200, "body": "Hello from Lambda!"}}}
        },
        "MockedLambdaRetry": {
            "0": {"Throw": {"Error": "Lambda.ResourceNotReadyException", "Cause": "Lambda resource is not ready."}},
            "1-2": {"Throw": {"Error": "Lambda.TimeoutException", "Cause": "Lambda timed out."}},
            "3": {"Return": {"StatusCode": 200, "Payload": {"StatusCode": 200, "body": "Hello from Lambda!"}}},
        },
        "MockedSQSSuccess": {
            "0": {"Return": {"MD5OfMessageBody": "3bcb6e8e-7h85-4375-b0bc-1a59812c6e51", "MessageId": "3bcb6e8e"}}
        },
    },
}
DEFINITION = {
    "StartAt": "LambdaState",
    "States": {
        "LambdaState": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Pause",
            "Parameters": {"Payload.$": "$", "FunctionName": "HelloWorldFunction"},
            "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 1}],
        },
        "Pause": {"Type": "Wait", "Seconds": 4, "Next": "SQSState"},
        "SQSState": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True,
            "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/account-id/myQueue", "MessageBody.$": "$"},
        },
    },
}


@pytest.fixture
def mocks(folder):
    path = folder / "MockConfigFile.json"
    path.write_text(json.dumps(CONFIGURATION))
    return path


def machine(client):
    return client.create_state_machine(
        name="LambdaSQSIntegration", definition=json.dumps(DEFINITION), roleArn="arn:aws:iam::123456789012:role/x"
    )["stateMachineArn"]


def test_a_test_case_outlives_a_restart_and_a_change_of_the_file(new_service, mocks):
    service = new_service(functions=None, environment={"SFN_MOCK_CONFIG": str(mocks)}).start()
    client = service.boto3()
    arn = machine(client)
    execution = client.start_execution(stateMachineArn=f"{arn}#RetryPath", input="{}")["executionArn"]
    wait_until(lambda: any(event["type"] == "WaitStateEntered" for event in service.history(execution)), 30)
    service.kill()
    mocks.write_text(json.dumps({**CONFIGURATION, "StateMachines": {}}))
    service.start()

    ended = service.wait(execution)
    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"])["MessageId"] == "3bcb6e8e"
    failed = [event["taskFailedEventDetails"]["error"] for event in service.history(execution)
              if event["type"] == "TaskFailed"]
    assert failed == ["Lambda.ResourceNotReadyException", "Lambda.TimeoutException", "Lambda.TimeoutException"]
    with pytest.raises(client.exceptions.InvalidName):
        client.start_execution(stateMachineArn=f"{arn}#RetryPath")


def test_a_run_in_memory_takes_a_test_case(service, mocks, folder):
    definition = folder / "LambdaSQSIntegration.asl.json"
    definition.write_text(json.dumps(DEFINITION))
    words = ["run", definition, "--mock-config", mocks, "--skip-waits", "--test-case"]
    assert json.loads(service.braid(*words, "HappyPath"))["MessageId"] == "3bcb6e8e"
    refusal = service.braid(*words, "SadPath", status=2)
    assert "no test case 'SadPath'" in refusal and "HappyPath, RetryPath" in refusal


def test_a_broken_file_ends_the_start_with_its_mistakes(service, folder):
    path = folder / "broken.json"
    path.write_text('{"StateMachines": {"M": {"TestCases": {"C": {"T": "R"}}}}}')
    refusal = service.braid("dev", "--listen", "127.0.0.1:0", "--mock-config", path, status=2)
    assert "there is no mocked response 'R' at /StateMachines/M/TestCases/C/T" in refusal

