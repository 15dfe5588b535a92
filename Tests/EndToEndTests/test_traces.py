"""Traces: what an OpenTelemetry collector gets of executions, and what functions are told of theirs."""
import json

import pytest

from collector import Collector
from service import ROLE, wait_until

HANDLERS = '''
import os

SEEN = []


def told(event, context):
    """Fails at first, and then says what it was told of its trace."""
    SEEN.append(os.environ["_X_AMZN_TRACE_ID"])
    if len(SEEN) == 1:
        raise RuntimeError("not yet")
    return SEEN
'''

PARALLEL = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Told", "States": {"Told": {
                    "Type": "Task",
                    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:Told",
                    "Retry": [{"ErrorEquals": ["RuntimeError"], "IntervalSeconds": 1, "MaxAttempts": 1}],
                    "End": True,
                }}},
                {"StartAt": "Shaped", "States": {
                    "Shaped": {"Type": "Pass", "Next": "Rested"},
                    "Rested": {"Type": "Wait", "Seconds": 1, "End": True},
                }},
            ],
            "Next": "Nested",
        },
        "Nested": {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:inner", "Input": {}},
            "End": True,
        },
    },
}


@pytest.fixture
def collector():
    running = Collector()
    yield running
    running.close()


def create(service, name, definition, kind="STANDARD"):
    return service.boto3().create_state_machine(
        name=name, roleArn=ROLE, definition=json.dumps(definition), type=kind
    )["stateMachineArn"]


def only(spans, name):
    found = [span for span in spans if span.name == name]
    assert len(found) == 1, f"{len(found)} spans are named {name}"
    return found[0]


def test_a_trace_is_execution_state_and_attempt(new_service, collector, folder):
    (folder / "handlers.py").write_text(HANDLERS)
    (folder / "functions.json").write_text(json.dumps(
        {"functions": {"Told": {"runtime": "python", "handler": "handlers.told", "concurrency": 1}}}
    ))
    environment = {"OTEL_EXPORTER_OTLP_HEADERS": "x-key=k", "OTEL_SERVICE_NAME": "orders"}
    service = new_service(
        functions=folder / "functions.json",
        environment=environment,
        words=["--otlp-endpoint", collector.endpoint],
    ).start()
    inner = {"StartAt": "Inner", "States": {"Inner": {"Type": "Succeed"}}}
    create(service, "inner", inner)
    outer = create(service, "outer", PARALLEL)
    client = service.boto3()

    def traced(request, **_):
        request.headers["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    client.meta.events.register("before-send.sfn.StartExecution", traced)
    arn = client.start_execution(stateMachineArn=outer)["executionArn"]
    execution = service.wait(arn)
    assert execution["status"] == "SUCCEEDED", execution
    nested = client.list_executions(stateMachineArn=outer.replace("outer", "inner"))["executions"][0]["executionArn"]
    wait_until(lambda: len(collector.of(arn)) >= 9 and len(collector.of(nested)) >= 2, 60, "the spans")
    spans = collector.of(arn)

    names = ["Both", "Nested", "Nested attempt 1", "Rested", "Shaped", "Told", "Told attempt 1", "Told attempt 2", "outer"]
    assert sorted(span.name for span in spans) == names
    root = only(spans, "outer")
    assert (root.trace, root.parent) == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    assert {span.trace for span in spans + collector.of(nested)} == {root.trace}
    both, told = only(spans, "Both"), only(spans, "Told")
    assert both.parent == root.id
    assert [only(spans, name).parent for name in ("Told", "Shaped", "Rested")] == [both.id] * 3
    first, second = only(spans, "Told attempt 1"), only(spans, "Told attempt 2")
    assert first.parent == second.parent == told.id
    assert (first["error.type"], first.code, second.code, told["braid.attempts"]) == ("RuntimeError", 2, 1, "2")
    assert told.start <= first.start <= first.end <= second.start <= second.end <= told.end
    assert second.start - first.end >= 10**9, "the retry waits a second"
    assert told["braid.state.type"] == "Task" and told["braid.state_machine.arn"] == outer
    assert only(collector.of(nested), "inner").parent == only(spans, "Nested attempt 1").id
    path, headers, body = collector.requests[0]
    assert (path, headers["Content-Type"], headers["x-key"]) == ("/v1/traces", "application/json", "k")
    resource = body["resourceSpans"][0]["resource"]["attributes"]
    assert {"key": "service.name", "value": {"stringValue": "orders"}} in resource


def test_the_function_sees_the_span_of_its_attempt(new_service, collector, folder):
    (folder / "handlers.py").write_text(HANDLERS)
    (folder / "functions.json").write_text(json.dumps(
        {"functions": {"Told": {"runtime": "python", "handler": "handlers.told", "concurrency": 1}}}
    ))
    service = new_service(
        functions=folder / "functions.json", words=["--otlp-endpoint", collector.endpoint]
    ).start()
    machine = create(service, "asks", PARALLEL["States"]["Both"]["Branches"][0])
    arn = service.boto3().start_execution(stateMachineArn=machine, name="one")["executionArn"]
    seen = json.loads(service.wait(arn)["output"])
    wait_until(lambda: len(collector.of(arn)) >= 4, 60, "the spans")
    for told, number in zip(seen, (1, 2), strict=True):
        span = only(collector.of(arn), f"Told attempt {number}")
        assert told == f"Root=1-{span.trace[:8]}-{span.trace[8:]};Parent={span.id};Sampled=1"
    # What ended shortly before the process does is sent all the same.
    arn = service.boto3().start_execution(stateMachineArn=machine, name="two")["executionArn"]
    service.wait(arn)
    service.stop()
    assert "asks" in [span.name for span in collector.of(arn)]


def test_what_an_end_from_outside_leaves_open_is_sent_as_aborted(new_service, collector):
    service = new_service(environment={"OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint}).start()
    machine = create(service, "rests", {"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": True, "Branches": [
        {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}},
    ]}}})
    client = service.boto3()
    arn = client.start_execution(stateMachineArn=machine)["executionArn"]
    wait_until(lambda: any(event["type"] == "WaitStateEntered" for event in service.history(arn)), 60, "the Wait state")
    client.stop_execution(executionArn=arn, error="Enough")
    wait_until(lambda: len(collector.of(arn)) >= 3, 60, "the spans")
    spans = collector.of(arn)
    assert {span.name: span["braid.status"] for span in spans} == dict.fromkeys(["W", "P", "rests"], "ABORTED")
    assert only(spans, "rests")["error.type"] == "Enough"
    express = create(service, "quick", {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}, kind="EXPRESS")
    arn = client.start_sync_execution(stateMachineArn=express)["executionArn"]
    wait_until(lambda: len(collector.of(arn)) >= 2, 60, "the spans of an Express execution")
    assert only(collector.of(arn), "S").parent == only(collector.of(arn), "quick").id
