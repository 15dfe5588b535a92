"""/metrics: what Prometheus reads, and that the README names every figure."""
import json
import re
import urllib.request

from service import ROOT, Process, free_port, wait_until
from test_activities import asking


def scrape(endpoint):
    """The values by name and labels; each line must be in Prometheus's text format."""
    with urllib.request.urlopen(endpoint + "/metrics", timeout=10) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = answer.read().decode()
    values = {}
    for line in text.splitlines():
        if line.startswith("#"):
            assert re.fullmatch(r"# (HELP \w+ .+|TYPE \w+ (counter|gauge|histogram))", line), line
            continue
        match = re.fullmatch(r'(\w+(?:\{\w+="(?:[^"\\]|\\.)*"(?:,\w+="(?:[^"\\]|\\.)*")*\})?) (\S+)', line)
        assert match, line
        values[match[1]] = float(match[2])
    return values


def test_executions_and_tasks_are_counted(new_service):
    service = new_service().start()
    assert scrape(service.endpoint)['braid_branches_oldest_ready_seconds{lane=""}'] == 0
    service.deploy("order-validation", "process-items")
    good = {"orderId": "x", "cardNumber": "4111111111111111", "items": [], "address": {"postcode": "y"}, "amount": 1}
    service.run("order-validation", {**good, "cardNumber": "1"})
    service.braid("start", "process-items", "--input", "@ops/examples/process-items.input.json", "--wait")
    values = scrape(service.endpoint)
    assert values["braid_executions_started_total"] == 2
    assert values["braid_executions_succeeded_total"] == 1
    assert values["braid_executions_failed_total"] == 1
    assert values["braid_execution_seconds_count"] == 2
    assert values['braid_tasks_total{resource="ValidatePayment",outcome="failed"}'] == 1
    assert values["braid_workers"] == 1 and values["braid_database_up"] == 1
    assert values["braid_commit_batch_size_count"] > 0
    stopped = service.boto3().start_execution(
        stateMachineArn=service.boto3().create_state_machine(
            name="waits", roleArn="arn:aws:iam::1:role/x",
            definition='{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": true}}}',
        )["stateMachineArn"]
    )["executionArn"]
    wait_until(lambda: scrape(service.endpoint).get('braid_branches_sleeping{lane=""}') == 1, 20, "the sleeping branch")
    service.boto3().stop_execution(executionArn=stopped)
    assert scrape(service.endpoint)["braid_executions_aborted_total"] == 1

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in {re.sub(r"_(bucket|sum|count)$", "", key.split("{")[0]) for key in scrape(service.endpoint)}:
        assert f"`{name}`" in readme, f"the README does not tell what {name} is"


def test_attempts_of_activities_are_timed(service):
    sfn = service.boto3()
    activity, machine = asking(sfn)
    for outcome in ("succeeded", "failed"):
        sfn.start_execution(stateMachineArn=machine, input="1")
        token = sfn.get_activity_task(activityArn=activity)["taskToken"]
        if outcome == "succeeded":
            sfn.send_task_success(taskToken=token, output="1")
        else:
            sfn.send_task_failure(taskToken=token, error="No")
        assert scrape(service.endpoint)[f'braid_tasks_total{{resource="{activity}",outcome="{outcome}"}}'] == 1
    assert scrape(service.endpoint)[f'braid_task_seconds_count{{resource="{activity}"}}'] == 2


def test_a_worker_tells_where_it_is_asked(new_service, folder):
    service = new_service().start()
    port = free_port()
    words = ["worker", "--database", service.braid("sql").strip(), "--metrics-listen", f"127.0.0.1:{port}"]
    worker = Process(words, folder / "worker.log")
    try:
        def is_ready():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                    return answer.read() == b"ready\n"
            except OSError:
                return False

        wait_until(is_ready, 30, "the worker's readiness")
        assert scrape(f"http://127.0.0.1:{port}")["braid_workers"] == 2
    finally:
        assert worker.stop() == 0


def test_redrives_and_iterations_of_map_runs_are_counted(new_service):
    service = new_service().start()
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "IsEven",
        "States": {
            "IsEven": {"Type": "Choice", "Default": "Odd", "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "Even"}]},
            "Even": {"Type": "Succeed"},
            "Odd": {"Type": "Fail", "Error": "Odd"},
        },
    }
    client = service.boto3()
    machine = client.create_state_machine(
        name="maps", roleArn="arn:aws:iam::1:role/x",
        definition=json.dumps({"StartAt": "All", "States": {
            "All": {"Type": "Map", "ItemProcessor": processor, "ToleratedFailureCount": 2, "Next": "Fails"},
            "Fails": {"Type": "Fail", "Error": "AtLast"},
        }}),
    )["stateMachineArn"]
    arn = client.start_execution(stateMachineArn=machine, input="[1, 2, 3]")["executionArn"]
    assert service.wait(arn)["error"] == "AtLast"
    client.redrive_execution(executionArn=arn)
    service.wait(arn)
    values = scrape(service.endpoint)
    assert values["braid_executions_redriven_total"] == 1
    assert values['braid_map_run_iterations_total{status="succeeded"}'] == 1
    assert values['braid_map_run_iterations_total{status="failed"}'] == 2
    assert values["braid_executions_started_total"] == 4
