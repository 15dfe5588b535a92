"""Executions that Tasks start, across crashes of the process."""
import json
import random
import time

from service import ROLE

PARENTS = 40


def machine(sfn, name, states, **more):
    definition = json.dumps({"StartAt": next(iter(states)), "States": states})
    return sfn.create_state_machine(name=name, definition=definition, roleArn=ROLE, **more)["stateMachineArn"]


def test_every_parent_gets_its_own_childs_end_once_however_often_the_process_is_killed(new_service):
    service = new_service(functions=None).start()
    sfn = service.boto3()
    child = machine(
        sfn,
        "child",
        {
            "Wait": {"Type": "Wait", "SecondsPath": "$.seconds", "Next": "Done"},
            "Done": {"Type": "Pass", "OutputPath": "$.n", "End": True},
        },
    )
    start = {
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True,
        "Parameters": {"StateMachineArn": child, "Input.$": "$"}, "OutputPath": "$.Output",
    }
    parent = machine(sfn, "parent", {"Start": start})
    parents = [
        sfn.start_execution(stateMachineArn=parent, input=json.dumps({"n": n, "seconds": n % 5}))["executionArn"]
        for n in range(PARENTS)
    ]
    for _ in range(3):
        time.sleep(random.uniform(0.3, 1.5))
        service.kill()
        service.start()

    assert [service.wait(arn)["output"] for arn in parents] == [str(n) for n in range(PARENTS)]
    children = [
        entry
        for page in sfn.get_paginator("list_executions").paginate(stateMachineArn=child)
        for entry in page["executions"]
    ]
    assert len(children) == PARENTS and {entry["status"] for entry in children} == {"SUCCEEDED"}


def test_a_parents_stop_reaches_its_child_after_a_crash_too(new_service):
    service = new_service(functions=None).start()
    sfn = service.boto3()
    child = machine(sfn, "child", {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}})
    start = {
        "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "End": True,
        "Parameters": {"StateMachineArn": child, "Name": "it"},
    }
    parent = sfn.start_execution(stateMachineArn=machine(sfn, "parent", {"Start": start}))["executionArn"]
    arn = child.replace(":stateMachine:", ":execution:") + ":it"
    deadline = time.monotonic() + 20
    while not service.sql("SELECT 1 FROM braid.nested_executions"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    # As if the process that stopped the parent had died before it came to the child.
    sfn.stop_execution(executionArn=parent)
    service.kill()
    service.start()
    assert service.wait(arn)["status"] == "ABORTED"


def test_an_express_execution_runs_again_after_a_crash(new_service):
    service = new_service(functions=None).start()
    sfn = service.boto3()
    express = machine(
        sfn,
        "express",
        {
            "Wait": {"Type": "Wait", "Seconds": 3, "Next": "Trace"},
            "Trace": {
                "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:createActivity", "End": True,
                "Parameters": {"Name": "trace"},
            },
        },
        type="EXPRESS",
    )
    sfn.start_execution(stateMachineArn=express)
    service.kill()
    service.start()
    deadline = time.monotonic() + 30
    while not [entry for entry in sfn.list_activities()["activities"] if entry["name"] == "trace"]:
        assert time.monotonic() < deadline, "it did not run again"
        time.sleep(0.1)
