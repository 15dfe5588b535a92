"""Every action and paginator of the service, as boto3 and the AWS CLI know them, and what Terraform's provider calls."""
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse
import urllib.request
import uuid

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from service import ENVIRONMENT, ROLE, wait_until

PASS = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
FAIL = json.dumps({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}})
ACCOUNT = "123456789012"
ARN = f"arn:aws:states:us-east-1:{ACCOUNT}"
# Distributed Maps have map runs; Braid does not run those yet.
NOT_YET = {"DescribeMapRun", "ListMapRuns", "UpdateMapRun"}
PAGINATORS = {"get_execution_history", "list_activities", "list_executions", "list_map_runs", "list_state_machines"}


def walk(call, wait):
    """Calls every action once at least, in an order in which each finds what it needs."""
    tag = uuid.uuid4().hex[:8]
    machine = call("CreateStateMachine", name=f"all-{tag}", definition=PASS, roleArn=ROLE)["stateMachineArn"]
    call("ValidateStateMachineDefinition", definition=PASS)
    call("DescribeStateMachine", stateMachineArn=machine)
    call("ListStateMachines")
    call("TagResource", resourceArn=machine, tags=[{"key": "team", "value": "a"}])
    assert call("ListTagsForResource", resourceArn=machine)["tags"] == [{"key": "team", "value": "a"}]
    call("UntagResource", resourceArn=machine, tagKeys=["team"])

    version = call("PublishStateMachineVersion", stateMachineArn=machine)["stateMachineVersionArn"]
    call("ListStateMachineVersions", stateMachineArn=machine)
    route = [{"stateMachineVersionArn": version, "weight": 100}]
    alias = call("CreateStateMachineAlias", name="live", routingConfiguration=route)["stateMachineAliasArn"]
    call("DescribeStateMachineAlias", stateMachineAliasArn=alias)
    call("UpdateStateMachineAlias", stateMachineAliasArn=alias, description="new")
    call("ListStateMachineAliases", stateMachineArn=machine)

    execution = call("StartExecution", stateMachineArn=alias, input='{"x": 1}')["executionArn"]
    wait(execution)
    assert call("DescribeExecution", executionArn=execution)["stateMachineAliasArn"] == alias
    call("DescribeStateMachineForExecution", executionArn=execution)
    call("GetExecutionHistory", executionArn=execution)
    call("ListExecutions", stateMachineArn=machine)
    call("DeleteStateMachineAlias", stateMachineAliasArn=alias)
    call("DeleteStateMachineVersion", stateMachineVersionArn=version)

    call("UpdateStateMachine", stateMachineArn=machine, definition=FAIL)
    failed = call("StartExecution", stateMachineArn=machine)["executionArn"]
    wait(failed)
    call("RedriveExecution", executionArn=failed)
    wait(failed)

    activity = call("CreateActivity", name=f"act-{tag}")["activityArn"]
    call("DescribeActivity", activityArn=activity)
    call("ListActivities")
    task = json.dumps({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": activity, "End": True}}})
    asking = call("CreateStateMachine", name=f"ask-{tag}", definition=task, roleArn=ROLE)["stateMachineArn"]
    for action, answer in [("SendTaskSuccess", {"output": "1"}), ("SendTaskFailure", {"error": "E", "cause": "C"})]:
        waiting = call("StartExecution", stateMachineArn=asking)["executionArn"]
        token = call("GetActivityTask", activityArn=activity)["taskToken"]
        call("SendTaskHeartbeat", taskToken=token)
        call(action, taskToken=token, **answer)
        wait(waiting)
    stopped = call("StartExecution", stateMachineArn=asking)["executionArn"]
    call("StopExecution", executionArn=stopped, error="E", cause="C")
    call("DeleteActivity", activityArn=activity)

    express = call("CreateStateMachine", name=f"x-{tag}", definition=PASS, roleArn=ROLE, type="EXPRESS")["stateMachineArn"]
    assert call("StartSyncExecution", stateMachineArn=express, input="[1]")["output"] == "[1]"
    state = json.dumps({"Type": "Pass", "End": True})
    assert call("TestState", definition=state, roleArn=ROLE, input="{}")["status"] == "SUCCEEDED"
    for arn in (machine, asking, express):
        call("DeleteStateMachine", stateMachineArn=arn)


def test_boto3_walks_through_every_action(service):
    sfn = service.boto3()
    called = set()

    def call(action, **arguments):
        called.add(action)
        return getattr(sfn, xform_name(action))(**arguments)

    walk(call, service.wait)
    for action in NOT_YET:
        argument = {"executionArn": f"{ARN}:execution:m:e"} if action == "ListMapRuns" else {"mapRunArn": f"{ARN}:mapRun:m/l:r"}
        with pytest.raises(ClientError):
            call(action, **argument)
    assert called == set(sfn.meta.service_model.operation_names)


def test_boto3_pages_through_every_list(service):
    sfn = service.boto3()
    assert {xform_name(name) for name in sfn.meta.service_model.operation_names if sfn.can_paginate(xform_name(name))} == PAGINATORS
    tag = uuid.uuid4().hex[:8]
    machines = [
        sfn.create_state_machine(name=f"p{number}-{tag}", definition=PASS, roleArn=ROLE)["stateMachineArn"] for number in range(3)
    ]
    for number in range(3):
        sfn.create_activity(name=f"p{number}-{tag}")
    executions = [sfn.start_execution(stateMachineArn=machines[0])["executionArn"] for _ in range(3)]
    for execution in executions:
        service.wait(execution)

    def pages(name, member, **arguments):
        found = []
        for page in sfn.get_paginator(name).paginate(PaginationConfig={"PageSize": 2}, **arguments):
            assert len(page[member]) <= 2
            found += page[member]
        return found

    assert {entry["stateMachineArn"] for entry in pages("list_state_machines", "stateMachines")} >= set(machines)
    assert sum(entry["name"].endswith(tag) for entry in pages("list_activities", "activities")) == 3
    assert len(pages("list_executions", "executions", stateMachineArn=machines[0])) == 3
    assert [event["id"] for event in pages("get_execution_history", "events", executionArn=executions[0])] == [1, 2, 3, 4]


def test_the_aws_cli_walks_through_every_action(service):
    script = pathlib.Path(sys.executable).with_name("aws")

    def call(action, **arguments):
        result = subprocess.run(
            [
                sys.executable, str(script), "stepfunctions", xform_name(action, "-"), "--cli-input-json",
                json.dumps(arguments), "--endpoint-url", service.endpoint, "--output", "json",
            ],
            capture_output=True,
            text=True,
            timeout=120,
            # Without it the client asks "sync-127.0.0.1" for StartSyncExecution and TestState.
            env={**ENVIRONMENT, "HOME": os.environ.get("HOME", "/"), "AWS_DISABLE_HOST_PREFIX_INJECTION": "true"},
        )
        assert result.returncode == 0, f"{action}: {result.stderr or result.stdout}"
        return json.loads(result.stdout) if result.stdout.strip() else {}

    walk(call, service.wait)


def test_what_terraforms_provider_calls(service):
    """The requests of `terraform apply` and `destroy` for aws_sfn_state_machine, in the provider's order."""
    form = urllib.parse.urlencode({"Action": "GetCallerIdentity", "Version": "2011-06-15"}).encode()
    request = urllib.request.Request(
        service.endpoint + "/", form, {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    )
    with urllib.request.urlopen(request) as response:
        assert re.search("<Account>([0-9]+)</Account>", response.read().decode()).group(1) == ACCOUNT

    def call(action, **members):
        request = urllib.request.Request(
            service.endpoint + "/",
            json.dumps(members).encode(),
            {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"AWSStepFunctions.{action}"},
        )
        with urllib.request.urlopen(request) as response:
            return json.loads(response.read())

    # plan, then create; the provider sends what is not set as null or empty.
    assert call("ValidateStateMachineDefinition", definition=PASS, type="STANDARD")["result"] == "OK"
    machine = call(
        "CreateStateMachine",
        name=f"tf-{uuid.uuid4().hex[:8]}",
        definition=PASS,
        roleArn=ROLE,
        type="STANDARD",
        publish=False,
        tags=[{"key": "managed", "value": "terraform"}],
        loggingConfiguration={"level": "OFF", "includeExecutionData": False},
        tracingConfiguration={"enabled": False},
        encryptionConfiguration={"type": "AWS_OWNED_KEY"},
    )["stateMachineArn"]
    # read, as after each step
    described = call("DescribeStateMachine", stateMachineArn=machine)
    assert described["status"] == "ACTIVE" and described["definition"] == PASS
    assert call("ListStateMachineVersions", stateMachineArn=machine)["stateMachineVersions"] == []
    assert call("ListTagsForResource", resourceArn=machine)["tags"] == [{"key": "managed", "value": "terraform"}]
    # update, until the description shows it
    call("UpdateStateMachine", stateMachineArn=machine, definition=FAIL, roleArn=ROLE)
    assert call("DescribeStateMachine", stateMachineArn=machine)["definition"] == FAIL
    # destroy, until it is gone
    call("DeleteStateMachine", stateMachineArn=machine)

    def gone():
        try:
            call("DescribeStateMachine", stateMachineArn=machine)
            return False
        except urllib.error.HTTPError as error:
            return "StateMachineDoesNotExist" in error.read().decode()

    wait_until(gone, 10, "the machine's end")
