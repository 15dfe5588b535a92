"""One walk through every action of the service model, for whichever client makes the calls."""
import json
import uuid

from service import ROLE, wait_until

PASS = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
WAIT = json.dumps({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}})
FAIL = json.dumps({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Refused"}}})
ARN = "arn:aws:states:us-east-1:123456789012"


def activity_task(activity):
    task = {"Type": "Task", "Resource": activity, "HeartbeatSeconds": 60, "End": True}
    return json.dumps({"StartAt": "A", "States": {"A": task}})


def walk(call, pages, refused):
    """Makes every call.

    call(action, **members) returns the answer; pages(action, key, size, **members) what is listed under the key, page by
    page; refused(action, **members) the name of the error that the call is answered with.
    """
    tag = str(uuid.uuid4())
    machine = state_machines(call, pages, tag)
    executions(call, pages, refused, machine, tag)
    versions(call, machine)
    activities(call, pages, tag)
    lone_states(call, refused, tag)
    call("DeleteStateMachine", stateMachineArn=machine)


def state_machines(call, pages, tag):
    found = call("ValidateStateMachineDefinition", definition=PASS)
    assert (found["result"], found["diagnostics"]) == ("OK", [])
    machine = call("CreateStateMachine", name=f"walk-{tag}", definition=WAIT, roleArn=ROLE)["stateMachineArn"]
    call("UpdateStateMachine", stateMachineArn=machine, definition=PASS)
    assert call("DescribeStateMachine", stateMachineArn=machine)["definition"] == PASS
    others = [
        call("CreateStateMachine", name=f"walk-{tag}-{n}", definition=PASS, roleArn=ROLE)["stateMachineArn"]
        for n in range(2)
    ]
    listed = pages("ListStateMachines", "stateMachines", 2)
    assert all(len(page) <= 2 for page in listed)
    assert {machine, *others} <= {entry["stateMachineArn"] for page in listed for entry in page}
    for other in others:
        call("DeleteStateMachine", stateMachineArn=other)

    call("TagResource", resourceArn=machine, tags=[{"key": "team", "value": "a"}, {"key": "stage", "value": "b"}])
    call("UntagResource", resourceArn=machine, tagKeys=["stage"])
    assert call("ListTagsForResource", resourceArn=machine)["tags"] == [{"key": "team", "value": "a"}]
    return machine


def executions(call, pages, refused, machine, tag):
    started = [
        call("StartExecution", stateMachineArn=machine, name=f"e{n}", input=f"[{n}]")["executionArn"] for n in range(3)
    ]
    for arn in started:
        wait_until(lambda: call("DescribeExecution", executionArn=arn)["status"] == "SUCCEEDED", 30, arn)
    assert call("DescribeStateMachineForExecution", executionArn=started[0])["stateMachineArn"] == machine
    listed = pages("ListExecutions", "executions", 2, stateMachineArn=machine)
    assert [[entry["name"] for entry in page] for page in listed] == [["e2", "e1"], ["e0"]]
    events = pages("GetExecutionHistory", "events", 3, executionArn=started[0])
    assert [[event["id"] for event in page] for page in events] == [[1, 2, 3], [4]]

    assert pages("ListMapRuns", "mapRuns", 1, executionArn=started[0]) == [[]]
    run = f"{ARN}:mapRun:walk-{tag}/none:{uuid.uuid4()}"
    assert refused("DescribeMapRun", mapRunArn=run) == "ResourceNotFound"
    assert refused("UpdateMapRun", mapRunArn=run, maxConcurrency=1) == "ResourceNotFound"
    assert refused("ListExecutions", mapRunArn=run) == "ResourceNotFound"

    long = call("CreateStateMachine", name=f"walk-{tag}-long", definition=WAIT, roleArn=ROLE)["stateMachineArn"]
    running = call("StartExecution", stateMachineArn=long)["executionArn"]
    assert refused("RedriveExecution", executionArn=running) == "ExecutionNotRedrivable"
    call("StopExecution", executionArn=running, error="Enough")
    assert call("DescribeExecution", executionArn=running)["status"] == "ABORTED"
    call("RedriveExecution", executionArn=running, clientToken="again")
    assert call("DescribeExecution", executionArn=running)["redriveCount"] == 1
    call("StopExecution", executionArn=running)
    call("DeleteStateMachine", stateMachineArn=long)

    express = call("CreateStateMachine", name=f"walk-{tag}-x", definition=FAIL, roleArn=ROLE, type="EXPRESS")
    ended = call("StartSyncExecution", stateMachineArn=express["stateMachineArn"], input="{}")
    assert (ended["status"], ended["error"]) == ("FAILED", "Refused")
    call("DeleteStateMachine", stateMachineArn=express["stateMachineArn"])


def versions(call, machine):
    version = call("PublishStateMachineVersion", stateMachineArn=machine)["stateMachineVersionArn"]
    route = [{"stateMachineVersionArn": version, "weight": 100}]
    alias = call("CreateStateMachineAlias", name="live", routingConfiguration=route)["stateMachineAliasArn"]
    call("UpdateStateMachineAlias", stateMachineAliasArn=alias, description="what runs")
    assert call("DescribeStateMachineAlias", stateMachineAliasArn=alias)["description"] == "what runs"
    listed = call("ListStateMachineAliases", stateMachineArn=machine)["stateMachineAliases"]
    assert [entry["stateMachineAliasArn"] for entry in listed] == [alias]
    execution = call("StartExecution", stateMachineArn=alias)["executionArn"]
    assert call("DescribeExecution", executionArn=execution)["stateMachineAliasArn"] == alias
    listed = call("ListStateMachineVersions", stateMachineArn=machine)["stateMachineVersions"]
    assert [entry["stateMachineVersionArn"] for entry in listed] == [version]
    call("DeleteStateMachineAlias", stateMachineAliasArn=alias)
    call("DeleteStateMachineVersion", stateMachineVersionArn=version)


def activities(call, pages, tag):
    activity = call("CreateActivity", name=f"walk-{tag}")["activityArn"]
    assert call("DescribeActivity", activityArn=activity)["name"] == f"walk-{tag}"
    assert activity in [entry["activityArn"] for page in pages("ListActivities", "activities", 1) for entry in page]
    machine = call("CreateStateMachine", name=f"walk-{tag}-a", definition=activity_task(activity), roleArn=ROLE)
    for end, status in (("SendTaskSuccess", "SUCCEEDED"), ("SendTaskFailure", "FAILED")):
        execution = call("StartExecution", stateMachineArn=machine["stateMachineArn"])["executionArn"]
        task = call("GetActivityTask", activityArn=activity, workerName="walker")
        call("SendTaskHeartbeat", taskToken=task["taskToken"])
        result = {"output": "{}"} if end == "SendTaskSuccess" else {"error": "Refused", "cause": "as asked"}
        call(end, taskToken=task["taskToken"], **result)
        wait_until(lambda: call("DescribeExecution", executionArn=execution)["status"] == status, 30, status)
    call("DeleteStateMachine", stateMachineArn=machine["stateMachineArn"])
    call("DeleteActivity", activityArn=activity)


def lone_states(call, refused, tag):
    state = json.dumps({"Type": "Pass", "Result": 1, "End": True})
    tested = call("TestState", definition=state, input="{}", inspectionLevel="DEBUG")
    assert (tested["status"], tested["output"]) == ("SUCCEEDED", "1")
    assert refused("TestState", definition="{}") == "InvalidDefinition"
