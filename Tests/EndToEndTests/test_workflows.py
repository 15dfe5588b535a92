"""The workflows that Braid is for, each with the handlers of ops/examples behind its names."""
import json
import time
import uuid

import pytest

from service import EXAMPLES, wait_until


def example(name):
    return json.loads((EXAMPLES / f"{name}.input.json").read_text())


def output(execution):
    assert execution["status"] == "SUCCEEDED", (execution.get("error"), execution.get("cause"))
    return json.loads(execution["output"])


def failed(execution, error):
    assert (execution["status"], execution.get("error")) == ("FAILED", error)
    return execution.get("cause")


def most_open(events, started, ended):
    """The most that were open at once, by a history's order."""
    count = most = 0
    for event in events:
        count += event["type"] in started
        count -= event["type"] in ended
        most = max(most, count)
    return most


def test_order_validation(service):
    result = output(service.run("order-validation", example("order-validation")))

    assert result == {"orderId": "A-1001", "status": "CONFIRMED", "charged": 59.8, "items": 2, "shipTo": "YO1 7HU"}


def test_order_validation_fails_by_the_name_of_the_handlers_exception(service):
    cause = failed(service.run("order-validation", {**example("order-validation"), "cardNumber": "1"}), "PaymentDeclined")

    assert "was declined" in json.loads(cause)["errorMessage"]


def test_order_validation_with_catch(service):
    result = output(service.run("order-validation-catch", example("order-validation-catch")))

    assert result == {"orderId": "A-1002", "status": "REJECTED", "reason": "PaymentDeclined"}
    good = output(service.run("order-validation-catch", example("order-validation")))
    assert good["status"] == "CONFIRMED"


def test_image_processing_is_as_slow_as_its_slowest_branch(service):
    service.run("image-processing", example("image-processing"))  # the processes are warm after this
    execution = service.run("image-processing", example("image-processing"))
    result = output(execution)
    events = service.history(execution["executionArn"])

    assert [part["made"] for part in result] == ["resized", "thumbnail", "metadata"]
    # Three at once on a quiet machine, where they take the three seconds of the slowest; never one after the other.
    assert most_open(events, {"LambdaFunctionStarted"}, {"LambdaFunctionSucceeded"}) >= 2
    assert (events[-1]["timestamp"] - events[0]["timestamp"]).total_seconds() > 2.9


def test_image_batch(service):
    value = example("image-batch")
    result = output(service.run("image-batch", value))

    assert result == {"notified": True, "images": 12}


def test_image_batch_keeps_the_order_of_its_items(service):
    arn = service.boto3().start_execution(
        stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:image-batch",
        input=json.dumps(example("image-batch")),
    )["executionArn"]
    service.wait(arn)
    events = service.history(arn)
    entered = next(e for e in events if e.get("stateEnteredEventDetails", {}).get("name") == "NotifyComplete")
    images = json.loads(entered["stateEnteredEventDetails"]["input"])["processedImages"]

    assert [image["key"] for image in images] == [image["key"] for image in example("image-batch")["images"]]
    assert images[0] == {
        "key": "photos/1.jpg", "width": 1024, "height": 723, "thumbnail": "photos/1-small.jpg", "pixels": 1024 * 723,
    }
    assert most_open(events, {"MapIterationStarted"}, {"MapIterationSucceeded"}) <= 10


def test_items_are_tried_again_after_two_and_four_seconds(service):
    items = [{"id": n, "failures": 2 if n == 2 else 0, "token": str(uuid.uuid4())} for n in range(1, 4)]
    begun = time.monotonic()
    result = output(service.run("process-items", {"items": items}))

    assert [(row["id"], row["attempt"]) for row in result] == [(1, 1), (2, 3), (3, 1)]
    assert 5.9 < time.monotonic() - begun < 60


def test_items_fail_after_their_last_attempt(service):
    items = [{"id": 1, "failures": 9, "token": str(uuid.uuid4())}]
    cause = failed(service.run("process-items", {"items": items}), "RuntimeError")

    assert "attempt 4 failed" in cause


def test_a_thousand_items_twenty_five_at_a_time(service):
    arn = service.boto3().start_execution(
        stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:process-many-items",
        input=json.dumps({"items": [{"id": n} for n in range(1000)]}),
    )["executionArn"]
    result = output(service.wait(arn, 180))
    events = service.history(arn)

    assert [row["id"] for row in result] == list(range(1000))
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert most_open(events, {"MapIterationStarted"}, {"MapIterationSucceeded"}) <= 25
    assert sum(event["type"] == "MapIterationSucceeded" for event in events) == 1000


def test_item_selector(service):
    result = output(service.run("item-selector", example("item-selector")))

    assert result["results"] == [
        {"batchId": "batch-7", "index": index, "item": item} for index, item in enumerate(["RED", "GREEN", "BLUE"])
    ]


def test_etl(service):
    result = output(service.run("etl", {"customers": 20, "ordersPerCustomer": 5}))

    assert len(result["rawData"]) == 3
    assert len(result["loaded"]) == 100
    assert all(row["loaded"] for row in result["loaded"])
    assert result["loaded"][0] == {"order": "1-1", "loaded": True, "total": 20}


@pytest.mark.parametrize("broken, succeeds", [(0, True), (10, True), (11, False)])
def test_a_tenth_of_the_records_may_fail(service, broken, succeeds):
    records = [{"id": n, "valid": n >= broken} for n in range(100)]
    execution = service.run("tolerated-failures", {"records": records})
    if succeeds:
        results = output(execution)["results"]
        assert [row["id"] for row in results[broken:]] == list(range(broken, 100))
        assert all(row["Error"] == "InvalidRecord" for row in results[:broken])
    else:
        failed(execution, "States.ExceedToleratedFailureThreshold")


def test_named_errors_are_retried_by_their_own_rules(service):
    errors = ["TooManyRequestsException", "ServiceUnavailableException", "RuntimeError"]
    execution = service.run("retry-named-errors", {"request": "quote", "token": str(uuid.uuid4()), "errors": errors})

    assert output(execution)["service"] == {"answer": "quote granted", "attempts": 4}


def test_other_errors_are_retried_three_times_by_default_settings(service):
    begun = time.monotonic()
    value = {"request": "quote", "token": str(uuid.uuid4()), "errors": ["RuntimeError"] * 9}
    failed(service.run("retry-named-errors", value), "RuntimeError")

    assert 6.9 < time.monotonic() - begun < 15  # 1 + 2 + 4 seconds


def test_a_parallel_of_choice_map_and_parallel(service):
    result = output(service.run("nested", example("nested")))

    assert result == {
        "shipping": {"carrier": "air"},
        "lines": [{"sku": "book", "total": 39.8}, {"sku": "pen", "total": 20}],
        "notified": [{"notified": "the customer of A-1003"}, {"notified": "warehouse", "lines": 2}],
    }
    assert output(service.run("nested", {**example("nested"), "priority": "low"}))["shipping"] == {"carrier": "road"}


def test_a_day_long_wait_is_a_sleeping_row(service):
    arn = service.boto3().start_execution(
        stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:reminder",
        input=json.dumps(example("reminder")),
    )["executionArn"]
    identifier = arn.rsplit(":", 1)[1]

    def row():
        rows = service.sql(
            "SELECT phase, worker IS NULL, wake_at > now() + interval '23 hours' FROM braid.branches"
            f" WHERE execution_id = '{identifier}'"
        )
        return rows == [["W", "t", "t"]]

    wait_until(row, 10, "the row's sleep")
    service.sql(f"UPDATE braid.branches SET wake_at = now() WHERE execution_id = '{identifier}'")
    # The engine wakes up by its poll; the interpreter sees that the day is not over and puts it to sleep again.
    service.boto3().stop_execution(executionArn=arn)
    assert service.wait(arn)["status"] == "ABORTED"


def test_a_day_passes_at_once_in_memory(service):
    text = service.braid(
        "run", EXAMPLES / "reminder.asl.json", "--input", f"@{EXAMPLES / 'reminder.input.json'}",
        "--functions", EXAMPLES / "functions.json", "--skip-waits",
    )

    assert json.loads(text) == {"notified": "Ada"}


def test_every_example_runs_in_memory(service):
    for file in sorted(EXAMPLES.glob("*.asl.json")):
        name = file.name.removesuffix(".asl.json")
        text = service.braid(
            "run", file, "--input", f"@{EXAMPLES / f'{name}.input.json'}",
            "--functions", EXAMPLES / "functions.json", "--skip-waits",
        )
        assert json.loads(text) is not None, name
