"""boto3 and the AWS CLI, walking through every action that Braid answers."""
import json
import os
import pathlib
import subprocess
import sys
import time
import uuid

import pytest
from botocore.exceptions import ClientError

from service import ENVIRONMENT, ROLE, wait_until

PASS = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
WAIT = json.dumps({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}})
ARN = "arn:aws:states:us-east-1:123456789012"


@pytest.fixture
def sfn(service):
    return service.boto3()


def machine(sfn, definition=PASS):
    name = f"m-{uuid.uuid4()}"
    return sfn.create_state_machine(name=name, definition=definition, roleArn=ROLE)["stateMachineArn"]


def refused(call, **arguments):
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]


def test_a_state_machine_from_its_creation_to_its_end(sfn):
    name = f"m-{uuid.uuid4()}"
    created = sfn.create_state_machine(name=name, definition=PASS, roleArn=ROLE)
    arn = created["stateMachineArn"]
    assert arn == f"{ARN}:stateMachine:{name}"
    again = sfn.create_state_machine(name=name, definition=PASS, roleArn=ROLE)
    assert (again["stateMachineArn"], again["creationDate"]) == (arn, created["creationDate"])
    error = refused(sfn.create_state_machine, name=name, definition=WAIT, roleArn=ROLE)
    assert error["Code"] == "StateMachineAlreadyExists"

    described = sfn.describe_state_machine(stateMachineArn=arn)
    assert described["definition"] == PASS
    assert (described["name"], described["status"], described["type"]) == (name, "ACTIVE", "STANDARD")

    updated = sfn.update_state_machine(stateMachineArn=arn, definition=WAIT)
    assert updated["updateDate"] >= created["creationDate"]
    assert sfn.describe_state_machine(stateMachineArn=arn)["definition"] == WAIT

    sfn.delete_state_machine(stateMachineArn=arn)
    wait_until(lambda: gone(sfn, arn), 10, "the machine's end")


def gone(sfn, arn):
    try:
        sfn.describe_state_machine(stateMachineArn=arn)
        return False
    except ClientError as error:
        return error.response["Error"]["Code"] == "StateMachineDoesNotExist"


def test_an_execution_from_its_start_to_its_history(service, sfn):
    arn = machine(sfn)
    started = sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 1.0, "b": "é"}')
    assert started["executionArn"] == arn.replace(":stateMachine:", ":execution:") + ":one"
    execution = service.wait(started["executionArn"])

    assert (execution["status"], execution["input"]) == ("SUCCEEDED", '{"a": 1.0, "b": "é"}')
    assert json.loads(execution["output"]) == {"a": 1.0, "b": "é"}
    assert execution["stopDate"] >= execution["startDate"]
    history = sfn.get_execution_history(executionArn=started["executionArn"])["events"]
    assert [event["type"] for event in history] == [
        "ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded",
    ]
    backwards = sfn.get_execution_history(executionArn=started["executionArn"], reverseOrder=True)["events"]
    assert backwards == history[::-1]
    machine_of = sfn.describe_state_machine_for_execution(executionArn=started["executionArn"])
    assert (machine_of["stateMachineArn"], machine_of["definition"]) == (arn, PASS)


def test_starting_by_name_is_idempotent_while_it_runs(service, sfn):
    arn = machine(sfn, WAIT)
    first = sfn.start_execution(stateMachineArn=arn, name="same", input="{}")
    again = sfn.start_execution(stateMachineArn=arn, name="same", input="{}")
    assert (again["executionArn"], again["startDate"]) == (first["executionArn"], first["startDate"])
    error = refused(sfn.start_execution, stateMachineArn=arn, name="same", input='{"other": 1}')
    assert error["Code"] == "ExecutionAlreadyExists"

    stopped = sfn.stop_execution(executionArn=first["executionArn"], error="Enough", cause="for a test")
    execution = service.wait(first["executionArn"])
    assert (execution["status"], execution["error"], execution["cause"]) == ("ABORTED", "Enough", "for a test")
    assert execution["stopDate"] == stopped["stopDate"]
    error = refused(sfn.start_execution, stateMachineArn=arn, name="same", input="{}")
    assert error["Code"] == "ExecutionAlreadyExists"


def test_an_update_leaves_running_executions_alone(sfn):
    arn = machine(sfn, WAIT)
    execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
    sfn.update_state_machine(stateMachineArn=arn, definition=PASS)

    assert sfn.describe_state_machine_for_execution(executionArn=execution)["definition"] == WAIT
    sfn.stop_execution(executionArn=execution)


def test_lists_come_page_by_page(service, sfn):
    arn = machine(sfn)
    names = [f"e{number}" for number in range(7)]
    for name in names:
        service.wait(sfn.start_execution(stateMachineArn=arn, name=name)["executionArn"])
    pages = [
        [execution["name"] for execution in page["executions"]]
        for page in sfn.get_paginator("list_executions").paginate(
            stateMachineArn=arn, PaginationConfig={"PageSize": 3}
        )
    ]
    assert [name for page in pages for name in page] == names[::-1]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sfn.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"] == []

    execution = f"{arn.replace(':stateMachine:', ':execution:')}:e0"
    events = [
        event["id"]
        for page in sfn.get_paginator("get_execution_history").paginate(
            executionArn=execution, PaginationConfig={"PageSize": 1}
        )
        for event in page["events"]
    ]
    assert events == [1, 2, 3, 4]

    machines = [
        entry["stateMachineArn"]
        for page in sfn.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 2})
        for entry in page["stateMachines"]
    ]
    assert arn in machines and len(machines) == len(set(machines))


@pytest.mark.parametrize(
    "action, arguments, code",
    [
        ("describe_state_machine", {"stateMachineArn": f"{ARN}:stateMachine:none"}, "StateMachineDoesNotExist"),
        ("describe_state_machine", {"stateMachineArn": "nonsense"}, "InvalidArn"),
        ("start_execution", {"stateMachineArn": f"{ARN}:stateMachine:none"}, "StateMachineDoesNotExist"),
        ("describe_execution", {"executionArn": f"{ARN}:execution:none:none"}, "ExecutionDoesNotExist"),
        ("get_execution_history", {"executionArn": f"{ARN}:execution:none:none"}, "ExecutionDoesNotExist"),
        ("stop_execution", {"executionArn": f"{ARN}:execution:none:none"}, "ExecutionDoesNotExist"),
        ("create_state_machine", {"name": "bad name", "definition": PASS, "roleArn": ROLE}, "InvalidName"),
        ("create_state_machine", {"name": "x", "definition": "{}", "roleArn": ROLE}, "InvalidDefinition"),
        ("create_state_machine", {"name": "x", "definition": "nonsense", "roleArn": ROLE}, "InvalidDefinition"),
        ("list_state_machines", {"nextToken": "nonsense"}, "InvalidToken"),
        ("update_state_machine", {"stateMachineArn": f"{ARN}:stateMachine:none", "definition": PASS},
         "StateMachineDoesNotExist"),
    ],
)
def test_what_is_wrong_is_refused_by_awss_name(sfn, action, arguments, code):
    assert refused(getattr(sfn, action), **arguments)["Code"] == code


def test_input_that_is_not_json_is_refused(sfn):
    arn = machine(sfn)
    assert refused(sfn.start_execution, stateMachineArn=arn, input="{nonsense")["Code"] == "InvalidExecutionInput"
    error = refused(sfn.start_execution, stateMachineArn=arn, name="a b")
    assert error["Code"] == "InvalidName"


def test_a_task_waits_for_its_callback(service, sfn):
    """NotifyCustomer is given the token; who has it ends the Task."""
    task = {
        "Type": "Task", "End": True, "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": "NotifyCustomer", "Payload": {"customer.$": "$$.Task.Token"}},
    }
    arn = machine(sfn, json.dumps({"StartAt": "T", "States": {"T": task}}))
    execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]

    def token():
        for event in service.history(execution):
            if event["type"] == "TaskScheduled":
                return json.loads(event["taskScheduledEventDetails"]["parameters"])["Payload"]["customer"]
        return None

    sfn.send_task_success(taskToken=wait_until(token, 10, "the token"), output='{"approved": true}')
    assert json.loads(service.wait(execution)["output"]) == {"approved": True}


def aws(service, *words, status=0):
    script = pathlib.Path(sys.executable).with_name("aws")
    result = subprocess.run(
        [sys.executable, str(script), "stepfunctions", *words, "--endpoint-url", service.endpoint, "--output", "json"],
        capture_output=True,
        text=True,
        timeout=120,
        env={**ENVIRONMENT, "HOME": os.environ.get("HOME", "/")},
    )
    assert result.returncode == status, result.stderr or result.stdout
    return json.loads(result.stdout) if status == 0 and result.stdout.strip() else result.stderr


def test_the_aws_cli_walks_through_it_all(service):
    name = f"cli-{uuid.uuid4()}"
    arn = aws(service, "create-state-machine", "--name", name, "--definition", PASS, "--role-arn", ROLE)["stateMachineArn"]
    assert aws(service, "describe-state-machine", "--state-machine-arn", arn)["name"] == name
    listed = aws(service, "list-state-machines", "--page-size", "2")["stateMachines"]
    assert arn in [entry["stateMachineArn"] for entry in listed]
    execution = aws(service, "start-execution", "--state-machine-arn", arn, "--input", '{"x": 1}')["executionArn"]
    service.wait(execution)
    assert aws(service, "describe-execution", "--execution-arn", execution)["output"] == '{"x": 1}'
    assert len(aws(service, "get-execution-history", "--execution-arn", execution)["events"]) == 4
    assert len(aws(service, "list-executions", "--state-machine-arn", arn)["executions"]) == 1
    aws(service, "describe-state-machine-for-execution", "--execution-arn", execution)
    aws(service, "update-state-machine", "--state-machine-arn", arn, "--definition", WAIT)
    running = aws(service, "start-execution", "--state-machine-arn", arn)["executionArn"]
    aws(service, "stop-execution", "--execution-arn", running, "--error", "Enough")
    assert aws(service, "describe-execution", "--execution-arn", running)["status"] == "ABORTED"
    aws(service, "delete-state-machine", "--state-machine-arn", arn)
    error = aws(service, "describe-execution", "--execution-arn", f"{ARN}:execution:none:none", status=255)
    assert "ExecutionDoesNotExist" in error


def test_a_hundred_executions_keep_apart(service, sfn):
    arn = machine(sfn)
    begun = time.monotonic()
    executions = [sfn.start_execution(stateMachineArn=arn, input=str(n))["executionArn"] for n in range(100)]
    outputs = [service.wait(execution)["output"] for execution in executions]

    assert outputs == [str(n) for n in range(100)]
    assert time.monotonic() - begun < 30
