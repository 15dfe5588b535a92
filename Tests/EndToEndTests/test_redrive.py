"""`braid redrive` against a running service: what a query selects goes on, with a corrected definition where one is given."""
import json
import uuid

import pytest

from service import ROLE

ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:"


def definition(read):
    """Goes wrong in Read while it reads what is not there; fails with Other where it is asked to."""
    return json.dumps({"StartAt": "Which", "States": {
        "Which": {"Type": "Choice", "Default": "Read",
                  "Choices": [{"Variable": "$.fails", "BooleanEquals": True, "Next": "Other"}]},
        "Read": {"Type": "Pass", "InputPath": read, "End": True},
        "Other": {"Type": "Fail", "Error": "Other"},
    }})


def test_what_is_selected_goes_on_with_a_corrected_definition(service, folder):
    sfn = service.boto3()
    name = f"redrive-{uuid.uuid4().hex[:8]}"
    machine = sfn.create_state_machine(name=name, definition=definition("$.missing"), roleArn=ROLE)["stateMachineArn"]
    wrong = [service.run(name, {"fails": False, "number": n}) for n in range(3)]
    other = service.run(name, {"fails": True})
    assert [execution["error"] for execution in (*wrong, other)] == ["States.Runtime"] * 3 + ["Other"]

    elsewhere = folder / f"{name}-elsewhere.asl.json"
    elsewhere.write_text(definition("$").replace("Read", "Look"))
    refused = json.loads(service.braid(
        "redrive", "--machine", name, "--error", "States.Runtime", "--definition", elsewhere, "--json", status=1))
    assert refused["redriven"] == []
    assert {item["reason"] for item in refused["refused"]} == {"There is no state 'Read'"}
    assert {sfn.describe_execution(executionArn=e["executionArn"])["status"] for e in wrong} == {"FAILED"}

    corrected = folder / f"{name}.asl.json"
    corrected.write_text(definition("$.number"))
    done = json.loads(service.braid(
        "redrive", "--machine", machine, "--status", "FAILED", "--since", "1h", "--error", "States.Runtime",
        "--definition", corrected, "--batch", "2", "--json"))
    assert sorted(done["redriven"]) == sorted(execution["executionArn"] for execution in wrong)
    for number, execution in enumerate(wrong):
        ended = service.wait(execution["executionArn"])
        assert (ended["status"], ended["output"], ended["redriveCount"]) == ("SUCCEEDED", str(number), 1)
    assert sfn.describe_execution(executionArn=other["executionArn"])["redriveCount"] == 0


def test_only_one_goes_on_that_is_named_and_what_runs_is_refused(service):
    sfn = service.boto3()
    name = f"redrive-{uuid.uuid4().hex[:8]}"
    sfn.create_state_machine(name=name, definition=definition("$"), roleArn=ROLE)
    failed = service.run(name, {"fails": True})
    assert service.braid("redrive", failed["executionArn"]).strip() == "redrove 1"
    again = service.wait(failed["executionArn"])
    assert (again["status"], again["error"], again["redriveCount"]) == ("FAILED", "Other", 1)
    succeeded = service.run(name, {"fails": False})
    text = service.braid("redrive", succeeded["executionArn"], status=1)
    assert "Execution is SUCCEEDED and cannot be redriven" in text


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_the_children_of_a_map_run_go_on_with_a_corrected_definition(service, folder, kind):
    def text(read):
        return json.dumps({"StartAt": "Items", "States": {"Items": {
            "Type": "Map", "End": True, "Label": "L", "ToleratedFailureCount": 2, "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind}, "StartAt": "Read",
                "States": {"Read": {"Type": "Pass", "InputPath": read, "End": True}},
            },
        }}})
    sfn = service.boto3()
    name = f"redrive-{uuid.uuid4().hex[:8]}"
    sfn.create_state_machine(name=name, definition=text("$.missing"), roleArn=ROLE)
    failed = service.run(name, [{"n": 1}, {"n": 2}, {"n": 3}])
    assert failed["error"] == "States.ExceedToleratedFailureThreshold"
    corrected = folder / f"{name}.asl.json"
    corrected.write_text(text("$.n"))
    service.braid("redrive", failed["executionArn"], "--definition", corrected)
    ended = service.wait(failed["executionArn"])
    assert (ended["status"], ended["output"]) == ("SUCCEEDED", "[1,2,3]")
    [run] = sfn.list_map_runs(executionArn=failed["executionArn"])["mapRuns"]
    described = sfn.describe_map_run(mapRunArn=run["mapRunArn"])
    assert (described["redriveCount"], described["itemCounts"]["succeeded"]) == (1, 3)
