"""Distributed Maps: large inputs, workers and a PostgreSQL that die under them, changes while they run, redrives."""
import gzip
import json
import os
import pathlib
import time

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from fleet import Fleet
from service import ROLE, Service, wait_until

HANDLERS = '''
import os, time

class Unlucky(Exception):
    pass

def transform(event, context):
    return {"id": int(event["id"]), "total": int(event["amount"]) * 2}

def batch(event, context):
    return [item["n"] for item in event["Items"]]

def whose(event, context):
    time.sleep(0.05)
    return os.getppid()

def unlucky(event, context):
    with open(os.path.join(os.environ["MARKS"], "calls"), "a") as calls:
        calls.write(f"{event}\\n")
    if event % 2 == 1 and not os.path.exists(os.path.join(os.environ["MARKS"], "mended")):
        raise Unlucky("not yet")
    while event < 0 and not os.path.exists(os.path.join(os.environ["MARKS"], "open")):
        time.sleep(0.05)
    return event * 10

def gradual(event, context):
    while event >= 17 and os.path.exists(os.path.join(os.environ["MARKS"], "hold")):
        time.sleep(0.05)
    with open(os.path.join(os.environ["MARKS"], "upto")) as upto:
        if event >= int(upto.read()):
            raise Unlucky("not yet")
    return event * 10
'''

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:"
RESULTS = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "results", "Prefix": "out"}}
ROWS = {
    "Resource": "arn:aws:states:::s3:getObject",
    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
    "Parameters": {"Bucket": "data", "Key": "rows.csv"},
}


def task(function):
    return {"T": {"Type": "Task", "Resource": FUNCTION + function, "End": True}}


def distributed(states, kind="STANDARD", **fields):
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind}, "StartAt": next(iter(states))}
    return {"StartAt": "M", "States": {
        "M": {"Type": "Map", "Label": "L", "ItemProcessor": {**processor, "States": states}, "End": True, **fields}
    }}


class Mapping(Fleet):
    """Two workers that have the functions above and share a folder of objects."""

    def __init__(self, folder):
        self.objects = folder / "objects"
        for name in ("data", "results"):
            (self.objects / name).mkdir(parents=True)
        functions = ["transform", "batch", "whose", "unlucky", "gradual"]
        super().__init__(folder, 2, HANDLERS, functions, words=["--objects", str(self.objects)])
        wait_until(lambda: self.living() == 2, 60, "the workers")

    def put(self, key, data):
        path = self.objects / "data" / key
        path.write_bytes(data if isinstance(data, bytes) else data.encode())

    def run(self, definition, value=None):
        """Starts an execution of a machine of its own; returns its ARN."""
        name = f"m{time.monotonic_ns()}"
        machine = self.sfn.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
        started = self.sfn.start_execution(
            stateMachineArn=machine["stateMachineArn"], input=json.dumps({} if value is None else value)
        )
        return started["executionArn"]

    def asked(self, action, **members):
        """What an action answers, also while PostgreSQL is away."""
        def answer():
            try:
                return getattr(self.sfn, action)(**members)
            except (BotoCoreError, ClientError):
                return None
        return wait_until(answer, 60, f"an answer to {action}")

    def end(self, arn, seconds=60):
        def ended():
            execution = self.asked("describe_execution", executionArn=arn)
            return execution if execution["status"] != "RUNNING" else None
        return wait_until(ended, seconds, f"the end of {arn}")

    def map_run(self, arn):
        runs = wait_until(lambda: self.asked("list_map_runs", executionArn=arn)["mapRuns"], 60, "the map run")
        return runs[0]["mapRunArn"]

    def described(self, run):
        return self.asked("describe_map_run", mapRunArn=run)

    def written(self, output, kind="SUCCEEDED"):
        """All that the files of one kind hold, one file in memory at a time."""
        details = json.loads(output)["ResultWriterDetails"]
        manifest = json.loads((self.objects / details["Bucket"] / details["Key"]).read_text())
        for file in manifest["ResultFiles"][kind]:
            yield from json.loads((self.objects / manifest["DestinationBucket"] / file["Key"]).read_text())

    def kill_holder(self):
        """Kills the worker that sees to the map run, and starts another."""
        pid = wait_until(lambda: self.postgres.sql(
            "SELECT workers.pid FROM braid.branches JOIN braid.workers ON worker_id = branches.worker"
            " WHERE branches.phase = 'D'"
        ), 60, "the lease of the map run")[0][0]
        place = next(place for place, worker in enumerate(self.workers) if worker.popen.pid == int(pid))
        self.workers[place].popen.kill()
        self.workers[place].popen.wait()
        self.workers[place] = self.worker()


@pytest.fixture(scope="module")
def fleet(module_folder):
    fleet = Mapping(module_folder)
    yield fleet
    fleet.stop()


@pytest.mark.parametrize("kind, states", [
    ("STANDARD", {"P": {"Type": "Pass", "End": True}}),
    # Long enough in memory for something to be lost.
    ("EXPRESS", {"W": {"Type": "Wait", "Seconds": 1, "End": True}}),
])
def test_each_row_has_one_result_although_a_worker_and_postgresql_die(fleet, kind, states):
    count = 1_000_000 if os.environ.get("BRAID_LONG") else 20_000
    seconds = 60 + count // 1_000
    fleet.put("rows.csv", "id,name\n" + "".join(f'{n},"row, {n}"\n' for n in range(count)))
    arn = fleet.run(distributed(states, kind, MaxConcurrency=5_000, ItemReader=ROWS, ResultWriter=RESULTS))
    run = fleet.map_run(arn)

    def succeeded(share):
        counts = fleet.described(run)["itemCounts"]
        return counts["succeeded"] >= count * share
    wait_until(lambda: succeeded(0.05), seconds, "the first results")
    fleet.kill_holder()
    wait_until(lambda: succeeded(0.35), seconds, "more results")
    fleet.postgres.stop("immediate")
    fleet.postgres.start()

    execution = fleet.end(arn, seconds)
    assert execution["status"] == "SUCCEEDED", execution
    records = 0
    for record in fleet.written(execution["output"]):
        assert json.loads(record["Input"]) == {"id": f"{records}", "name": f"row, {records}"}
        records += 1
    assert records == count
    counts = fleet.described(run)["itemCounts"]
    assert (counts["succeeded"], counts["total"], counts["running"]) == (count, count, 0)
    children = fleet.sfn.list_executions(mapRunArn=run, maxResults=5)["executions"]
    assert len(children) == 5


def test_the_children_of_a_run_are_shared_by_all_workers_and_listed_by_it(fleet):
    arn = fleet.run(distributed(task("whose")), list(range(60)))
    workers = {worker.popen.pid for worker in fleet.workers}
    assert set(json.loads(fleet.end(arn)["output"])) == workers
    run = fleet.map_run(arn)
    pages = fleet.sfn.get_paginator("list_executions").paginate(
        mapRunArn=run, statusFilter="SUCCEEDED", PaginationConfig={"PageSize": 7}
    )
    children = [child for page in pages for child in page["executions"]]
    assert len({child["executionArn"] for child in children}) == 60
    ends = [child["stopDate"] for child in children]
    assert ends == sorted(ends, reverse=True)
    assert {(child["mapRunArn"], child["itemCount"]) for child in children} == {(run, 1)}
    assert fleet.sfn.list_executions(mapRunArn=run, statusFilter="FAILED")["executions"] == []


def test_concurrency_and_thresholds_change_while_a_run_goes_on(fleet):
    states = {
        "W": {"Type": "Wait", "Seconds": 1, "Next": "C"},
        "C": {"Type": "Choice", "Default": "S",
              "Choices": [{"Variable": "$", "NumericEquals": 0, "Next": "F"}]},
        "F": {"Type": "Fail", "Error": "Zero"}, "S": {"Type": "Succeed"},
    }
    fields = {"MaxConcurrency": 1, "ToleratedFailurePercentage": 100}
    arn = fleet.run(distributed(states, **fields), list(range(1_000)))
    run = fleet.map_run(arn)
    wait_until(lambda: fleet.described(run)["itemCounts"]["failed"] == 1, 60, "the failure")
    assert fleet.described(run)["executionCounts"]["running"] <= 1
    fleet.sfn.update_map_run(mapRunArn=run, maxConcurrency=40)
    wait_until(lambda: fleet.described(run)["executionCounts"]["running"] > 10, 60, "more at once")
    described = fleet.described(run)
    assert (described["maxConcurrency"], described["toleratedFailurePercentage"]) == (40, 100.0)

    fleet.sfn.update_map_run(mapRunArn=run, toleratedFailurePercentage=0.01, toleratedFailureCount=0)
    execution = fleet.end(arn)
    assert (execution["status"], execution["error"]) == ("FAILED", "States.ExceedToleratedFailureThreshold")
    counts = fleet.described(run)["itemCounts"]
    assert (counts["failed"], counts["running"], counts["total"]) == (1, 0, 1_000)
    with pytest.raises(ClientError, match="ValidationException"):
        fleet.sfn.update_map_run(mapRunArn=run, maxConcurrency=2)


def test_batches_of_25_go_to_express_children_whose_handler_reads_items(fleet):
    fleet.put("items.json", json.dumps({"orders": [{"n": n} for n in range(1_003)]}))
    reader = {
        "Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "data", "Key": "items.json"},
        "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/orders"},
    }
    arn = fleet.run(distributed(
        task("batch"), "EXPRESS", MaxConcurrency=40, ItemReader=reader, ItemBatcher={"MaxItemsPerBatch": 25}
    ))
    execution = fleet.end(arn)
    assert execution["status"] == "SUCCEEDED", execution
    batches = json.loads(execution["output"])
    assert [len(batch) for batch in batches] == [25] * 40 + [3]
    assert [n for batch in batches for n in batch] == list(range(1_003))
    described = fleet.described(fleet.map_run(arn))
    assert (described["itemCounts"]["total"], described["executionCounts"]["total"]) == (1_003, 41)


def test_records_are_transformed_by_a_function_at_thousandfold_concurrency(fleet):
    rows = "id,amount\n" + "".join(f"{n},{n * 3}\n" for n in range(1_500))
    fleet.put("records.csv.gz", gzip.compress(rows.encode()))
    reader = {**ROWS, "Parameters": {"Bucket": "data", "Key": "records.csv.gz"}}
    writer = {**RESULTS, "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSON"}}
    arn = fleet.run(distributed(
        task("transform"), "EXPRESS", MaxConcurrency=1_000, ItemReader=reader, ResultWriter=writer
    ))
    execution = fleet.end(arn)
    assert execution["status"] == "SUCCEEDED", execution
    assert list(fleet.written(execution["output"])) == [{"id": n, "total": n * 6} for n in range(1_500)]


def test_large_results_that_come_at_the_same_moment_fit_into_a_small_memory(tmp_path):
    (tmp_path / "objects" / "results").mkdir(parents=True)
    service = Service(tmp_path, functions=None, words=["--objects", str(tmp_path / "objects")]).start()
    try:
        states = {
            "W": {"Type": "Wait", "Seconds": 1, "Next": "P"},
            "P": {"Type": "Pass", "Result": "x" * 200_000, "End": True},
        }
        sfn = service.boto3()
        machine = sfn.create_state_machine(
            name="large", roleArn=ROLE, definition=json.dumps(distributed(states, "EXPRESS", ResultWriter=RESULTS))
        )["stateMachineArn"]
        arn = sfn.start_execution(stateMachineArn=machine, input=json.dumps(list(range(400))))["executionArn"]

        def end():
            execution = sfn.describe_execution(executionArn=arn)
            return execution if execution["status"] != "RUNNING" else None
        execution = wait_until(end, 120, "the end")
        assert execution["status"] == "SUCCEEDED", execution
        status = pathlib.Path(f"/proc/{service.pid}/status").read_text()
        assert int(status.split("VmHWM:")[1].split()[0]) < 200 * 1024
    finally:
        service.stop()


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_a_redrive_runs_only_what_did_not_succeed(fleet, kind):
    for name in ("mended", "calls"):
        (fleet.marks / name).unlink(missing_ok=True)
    fields = {"ToleratedFailurePercentage": 40, "MaxConcurrency": 20, "ResultWriter": RESULTS}
    arn = fleet.run(distributed(task("unlucky"), kind, **fields), list(range(20)))
    failed = fleet.end(arn)
    assert failed["error"] == "States.ExceedToleratedFailureThreshold"
    assert failed["redriveStatus"] == "REDRIVABLE"
    run = fleet.map_run(arn)
    before = fleet.described(run)
    assert (before["status"], before["redriveCount"]) == ("FAILED", 0)
    done = set(map(int, (fleet.marks / "calls").read_text().split()))
    (fleet.marks / "mended").touch()
    (fleet.marks / "calls").unlink()

    fleet.sfn.redrive_execution(executionArn=arn)
    execution = fleet.end(arn)
    assert execution["status"] == "SUCCEEDED", execution
    assert fleet.map_run(arn) == run
    after = fleet.described(run)
    assert (after["status"], after["redriveCount"]) == ("SUCCEEDED", 1)
    assert after["redriveDate"] > after["startDate"]
    for counts in (after["itemCounts"], after["executionCounts"]):
        assert (counts["succeeded"], counts["total"], counts["failed"]) == (20, 20, 0)
        assert (counts["pendingRedrive"], counts["failuresNotRedrivable"]) == (0, 0)
    # None that had succeeded is among those that ran again, each of which ran once.
    again = list(map(int, (fleet.marks / "calls").read_text().split()))
    assert len(again) == len(set(again)) and set(range(20)) - done <= set(again)
    assert before["itemCounts"]["succeeded"] + len(again) == 20
    records = list(fleet.written(execution["output"]))
    assert sorted(json.loads(record["Output"]) for record in records) == [n * 10 for n in range(20)]
    assert list(fleet.written(execution["output"], "FAILED")) == []

    events = fleet.sfn.get_execution_history(executionArn=arn, maxResults=100)["events"]
    redriven = next(event for event in events if event["type"] == "MapRunRedriven")
    assert redriven["mapRunRedrivenEventDetails"] == {"mapRunArn": run, "redriveCount": 1}
    cause = next(event for event in events if event["id"] == redriven["previousEventId"])
    assert cause["type"] == "ExecutionRedriven"
    if kind == "STANDARD":
        listed = fleet.sfn.list_executions(mapRunArn=run, redriveFilter="REDRIVEN")["executions"]
        assert {child["redriveCount"] for child in listed} == {1}
        assert len(fleet.sfn.list_executions(mapRunArn=run)["executions"]) == 20


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_the_results_of_three_attempts_have_each_item_once_although_a_worker_dies_in_the_second(fleet, kind):
    items = range(30)
    fields = {"MaxConcurrency": 3, "ResultWriter": RESULTS}
    (fleet.marks / "upto").write_text("8")
    arn = fleet.run(distributed(task("gradual"), kind, **fields), list(items))
    succeeded = {}
    for attempt, upto in enumerate([8, 19, 30]):
        if attempt > 0:
            (fleet.marks / "upto").write_text(str(upto))
            if attempt == 1:
                (fleet.marks / "hold").touch()
            fleet.sfn.redrive_execution(executionArn=arn)
        if attempt == 1:
            run = fleet.map_run(arn)
            wait_until(lambda: fleet.described(run)["itemCounts"]["succeeded"] == 17, 60, "what is not held")
            fleet.kill_holder()
            (fleet.marks / "hold").unlink()
        execution = fleet.end(arn)
        assert execution["status"] == ("SUCCEEDED" if upto == 30 else "FAILED"), execution
        folder = "out/" + fleet.map_run(arn).split(":")[-1]
        manifest = json.loads((fleet.objects / "results" / folder / "manifest.json").read_text())
        inputs = []
        for name, files in manifest["ResultFiles"].items():
            for file in files:
                data = (fleet.objects / "results" / file["Key"]).read_bytes()
                assert len(data) == file["Size"]
                records = json.loads(data)
                assert {record["Status"] for record in records} <= (
                    {"FAILED", "ABORTED"} if name == "FAILED" else {name}
                )
                inputs += [json.loads(record["Input"]) for record in records]
                # What is there is left as it is; what is new has a folder of its own.
                if file["Key"] not in succeeded:
                    assert file["Key"].startswith(f"{folder}/Redrive-{attempt}/" if attempt else f"{folder}/{name}")
                if name == "SUCCEEDED":
                    assert succeeded.setdefault(file["Key"], data) == data
        assert sorted(inputs) == list(items)
        assert len(succeeded) == attempt + 1
        assert {file["Key"] for file in manifest["ResultFiles"]["SUCCEEDED"]} == set(succeeded)
    assert json.loads(execution["output"])["ResultWriterDetails"]["Key"] == f"{folder}/manifest.json"
    assert manifest["ResultFiles"]["FAILED"] == manifest["ResultFiles"]["PENDING"] == []


def test_children_that_wait_for_their_turn_in_a_redrive_say_so(fleet):
    for name in ("mended", "open"):
        (fleet.marks / name).unlink(missing_ok=True)
    fields = {"ToleratedFailureCount": 2, "MaxConcurrency": 1}
    arn = fleet.run(distributed(task("unlucky"), **fields), [-1, -3, -5])
    assert fleet.end(arn)["status"] == "FAILED"
    (fleet.marks / "mended").touch()
    fleet.sfn.redrive_execution(executionArn=arn)
    run = fleet.map_run(arn)
    wait_until(lambda: fleet.described(run)["executionCounts"]["pendingRedrive"] == 2, 60, "the first's turn")
    waiting = fleet.sfn.list_executions(mapRunArn=run, statusFilter="PENDING_REDRIVE")["executions"]
    assert {child["status"] for child in waiting} == {"PENDING_REDRIVE"}
    # The one whose turn is the last.
    last = fleet.sfn.describe_execution(executionArn=waiting[0]["executionArn"])
    assert (last["input"], last["status"]) == ("-5", "PENDING_REDRIVE")
    assert fleet.sfn.list_executions(mapRunArn=run, statusFilter="FAILED")["executions"] == []
    (fleet.marks / "open").touch()
    assert fleet.end(arn)["output"] == "[-10,-30,-50]"
    assert fleet.described(run)["executionCounts"]["pendingRedrive"] == 0
