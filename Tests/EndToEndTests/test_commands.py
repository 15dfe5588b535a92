"""The client commands of braid against a running service, and what they say when something is wrong."""
import json
import socket
import subprocess

import pytest

from postgres import Postgres
from service import BRAID, ENVIRONMENT, EXAMPLES, ROLE, ROOT, free_port


def braid(*words, environment=None):
    result = subprocess.run(
        [BRAID, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        # Were a service to start against expectation, it would be nobody's.
        env={**ENVIRONMENT, "BRAID_LISTEN": "127.0.0.1:0", "BRAID_DATA_DIR": "/nowhere/data", **(environment or {})},
    )
    return result.returncode, result.stdout, result.stderr


def test_start_describe_history_and_list(service):
    example = f"@{EXAMPLES / 'order-validation.input.json'}"
    output = service.braid("start", "order-validation", "--input", example, "--name", "seen", "--wait")
    assert json.loads(output)["status"] == "CONFIRMED"

    described = json.loads(service.braid("describe", "order-validation:seen", "--json"))
    assert (described["name"], described["status"]) == ("seen", "SUCCEEDED")
    assert "ValidateOrder" in service.braid("describe", "order-validation:seen", "--definition")
    assert "order-validation" in service.braid("list")
    assert "seen" in service.braid("list", "order-validation", "--status", "SUCCEEDED")
    lines = service.braid("history", "order-validation:seen").splitlines()
    assert "ExecutionStarted" in lines[0] and "ExecutionSucceeded" in lines[-1]
    assert any("LambdaFunctionSucceeded" in line and "CheckInventory" in line for line in lines)
    events = [json.loads(line) for line in service.braid("history", "order-validation:seen", "--json").splitlines()]
    assert [event["id"] for event in events] == list(range(1, len(lines) + 1))


def test_the_children_of_a_map_run_are_listed_and_described(service):
    def processor(kind):
        return {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": kind}, "StartAt": "IsOne",
            "States": {
                "IsOne": {"Type": "Choice", "Default": "Good", "Choices": [{"Variable": "$", "NumericEquals": 1, "Next": "Bad"}]},
                "Good": {"Type": "Succeed"}, "Bad": {"Type": "Fail", "Error": "One"},
            },
        }
    sfn = service.boto3()
    for kind in ("STANDARD", "EXPRESS"):
        name = f"children-{kind.lower()}"
        definition = {"StartAt": "M", "States": {
            "M": {"Type": "Map", "ToleratedFailureCount": 1, "ItemProcessor": processor(kind), "End": True}
        }}
        sfn.create_state_machine(name=name, roleArn=ROLE, definition=json.dumps(definition))
        service.braid("start", name, "--input", "[0, 1, 2]", "--name", "one", "--wait")
        children = json.loads(service.braid("list", "--map-run", f"{name}:one", "--json"))
        assert sorted(child["status"] for child in children) == ["FAILED", "SUCCEEDED", "SUCCEEDED"]
        run = children[0]["mapRunArn"]
        lines = service.braid("list", "--map-run", run, "--status", "FAILED").splitlines()
        failed = next(child for child in children if child["status"] == "FAILED")
        assert len(lines) == 1 and failed["name"] in lines[0]
        assert "One" in service.braid("describe", failed["executionArn"], status=1)
        assert len(service.braid("list", "--map-run", f"{name}:", "--limit", "2").splitlines()) == 2
    assert "either" in service.braid("list", "children-standard", "--map-run", run, status=2)
    service.braid("start", "order-validation", "--input", f"@{EXAMPLES / 'order-validation.input.json'}", "--wait")
    assert "no Distributed Map" in service.braid("list", "--map-run", "order-validation:", status=1)


def test_follow_ends_with_the_execution(service):
    arn = service.braid("start", "image-processing", "--input", '{"image": "x"}').strip()
    lines = service.braid("history", arn, "--follow").splitlines()
    assert "ExecutionSucceeded" in lines[-1]


def test_an_execution_that_fails_ends_the_commands_with_1(service):
    value = json.dumps({**json.loads((EXAMPLES / "order-validation.input.json").read_text()), "cardNumber": "1"})
    text = service.braid("start", "order-validation", "--input", value, "--wait", status=1)
    assert "FAILED: PaymentDeclined" in text
    service.braid("describe", "order-validation:", status=1)


def test_stop(service):
    arn = service.braid("start", "reminder").strip()
    service.braid("stop", arn, "--error", "Enough", "--cause", "seen it")
    described = json.loads(service.braid("describe", arn, "--json", status=1))
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "Enough", "seen it")


def test_stopping_what_has_ended_says_so(service):
    ended = service.braid("start", "reminder").strip()
    service.braid("stop", ended)
    text = service.braid("stop", ended, status=1)
    assert "had already ended, ABORTED" in text
    error = json.loads(service.braid("stop", ended, "--json", status=1))
    assert "already ended" in error["error"]["message"]
    runs = service.braid("start", "reminder").strip()
    later = service.braid("start", "reminder").strip()
    service.braid("stop", later)
    # The latest that runs, not the latest.
    assert service.braid("stop", "reminder").strip() == f"stopped {runs}"


def test_an_integration_that_nothing_performs_is_deployed_with_a_warning(service, folder):
    (folder / "queue.asl.json").write_text(json.dumps({"StartAt": "Send", "States": {"Send": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True,
        "Parameters": {"QueueUrl": "u", "MessageBody": "b"}}}}, indent=2))
    status, output, _ = braid("validate", folder / "queue.asl.json")
    assert status == 0 and "queue.asl.json:6:7: warning: NO_DRIVER: nothing in Braid performs" in output
    assert service.braid("deploy", folder / "queue.asl.json").startswith("created")
    text = service.braid("start", "queue", "--wait", status=1)
    assert "FAILED: States.TaskFailed" in text
    assert "nothing in Braid performs this integration" in service.process.text()


def test_every_bad_file_is_told_before_anything_is_deployed(service, folder):
    good = folder / "fine.asl.json"
    good.write_text('{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}')
    files = [good]
    for name in ("one", "two"):
        files.append(folder / f"{name}.asl.json")
        files[-1].write_text('{"StartAt": "X", "States": {"S": {"Type": "Pass"}}}')
    files.append(folder / "none.json")
    text = service.braid("deploy", *files, status=2)
    for file in files[1:]:
        assert str(file) in text
    assert "\nfine" not in service.braid("list")


def test_a_long_payload_is_cut_unless_all_of_it_is_wanted(service):
    value = json.dumps({"image": "x" * 9000})
    service.braid("start", "image-processing", "--input", value, "--name", "long", "--wait")
    text = service.braid("describe", "image-processing:long")
    assert "x" * 4500 not in text and "--full shows all" in text
    assert "x" * 9000 in service.braid("describe", "image-processing:long", "--full")


def test_standard_input_and_a_name_that_is_nearly_right(service):
    assert service.braid("start", "item-selector", "--input", "-", "--wait", text=(
        EXAMPLES / "item-selector.input.json").read_text())
    assert "Did you mean 'item-selector'?" in service.braid("start", "item-selectr", status=1)


def test_deploying_the_same_again_changes_nothing(service, folder):
    file = folder / "deployed.asl.json"
    file.write_text('{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}')
    assert service.braid("deploy", file).startswith("created")
    assert service.braid("deploy", file).startswith("unchanged")
    file.write_text('{"StartAt": "S", "States": {"S": {"Type": "Pass", "End": true}}}')
    assert service.braid("deploy", file).startswith("updated")
    file.write_text('{"StartAt": "X", "States": {"S": {"Type": "Pass", "End": true}}}')
    assert "not valid; nothing was deployed" in service.braid("deploy", file, status=1)


def test_a_template_is_deployed_and_run(service, folder):
    (folder / "machine.asl.yaml").write_text(
        "StartAt: Notify\nStates:\n  Notify:\n    Type: Task\n    Resource: ${NotifyArn}\n    End: true\n"
    )
    (folder / "template.yaml").write_text(
        "Resources:\n"
        "  NotifyCustomer:\n    Type: AWS::Serverless::Function\n    Properties: {Handler: x.y}\n"
        "  Templated:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n"
        "      Name: templated\n      DefinitionUri: machine.asl.yaml\n"
        "      DefinitionSubstitutions: {NotifyArn: !GetAtt NotifyCustomer.Arn}\n"
    )
    service.braid("deploy", folder / "template.yaml")
    assert json.loads(service.braid("start", "templated", "--input", '{"customer": "Ada"}', "--wait")) == {
        "notified": "Ada"
    }


def test_no_service_there():
    status, _, error = braid("list", "--endpoint", f"http://127.0.0.1:{free_port()}")
    assert status == 3
    assert "braid dev" in error


def test_something_else_there():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        client = subprocess.Popen(
            [BRAID, "list", "--endpoint", f"http://127.0.0.1:{listener.getsockname()[1]}"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
        )
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nConnection: close\r\n\r\nsorry")
        connection.close()
        _, error = client.communicate(timeout=30)
    assert client.returncode == 3
    assert "not Braid" in error


@pytest.mark.parametrize(
    "words, status, says",
    [
        (["valdate", "x"], 2, "did you mean 'validate'?"),
        (["validate"], 2, "FILE is missing"),
        (["validate", "/nowhere.json"], 2, "there is no file /nowhere.json"),
        (["start", "m", "--input", "{"], 2, "the input is not JSON"),
        (["dev", "--listen", "nonsense"], 2, "--listen takes HOST:PORT"),
        (["dev", "--functions", "/nowhere.json"], 2, "/nowhere.json"),
        (["run", "README.md"], 2, "is not"),
        (["list", "--endpoint", "nonsense"], 2, "nonsense"),
        (["serve", "--database", "foo"], 2, "a URL such as postgresql://"),
        (["dev", "--functions", "/tmp"], 2, "it is a folder"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(words, status, says):
    code, output, error = braid(*words)
    assert (code, output) == (status, "")
    assert says in error and "\n\n" not in error


def test_every_command_has_help():
    _, text, _ = braid("--help")
    names = [line.split()[0] for line in text.splitlines() if line.startswith("  ") and line.split()]
    assert {"dev", "serve", "worker", "scheduler", "migrate", "validate", "run", "deploy", "start"} <= set(names)
    for name in names:
        status, help_text, _ = braid(name, "--help")
        assert status == 0 and f"Usage: braid {name}" in help_text


@pytest.mark.parametrize("scenario", ["chain", "latency", "functions"])
def test_the_bench_tells_what_it_measured_and_what_that_cost(scenario):
    words = ["bench", scenario, "--executions", 5, "--tasks", 2, "--json"]
    result = subprocess.run([BRAID, *map(str, words)], capture_output=True, text=True, timeout=120, env=ENVIRONMENT)
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["scenario"], told["executions"], told["fsync"]) == (scenario, 5, "on")
    assert told["synchronous_commit"] == "on"
    for figure in ["per_second", "limit_per_second", "p99_ms", "round_trips_per_batch", "wal_bytes_per_transition"]:
        assert told[figure] > 0, figure


def test_the_bench_of_map_runs_tells_what_both_kinds_of_children_did_and_cost():
    words = ["bench", "map-run", "--items", "300", "--json"]
    result = subprocess.run([BRAID, *words], capture_output=True, text=True, timeout=240, env=ENVIRONMENT)
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["scenario"], told["items"]) == ("map-run", 300)
    for run in ["express_pass", "express_function", "standard_pass", "standard_function"]:
        for figure in ["per_second", "rows_per_item", "wal_bytes_per_item", "memory_mb", "postgres_memory_mb"]:
            assert told[f"{run}_{figure}"] > 0, (run, figure)
    for state in ["pass", "function"]:
        express, standard = (told[f"{kind}_{state}_per_second"] for kind in ["express", "standard"])
        assert told[f"ratio_{state}"] == pytest.approx(express / standard, rel=0.01)


def test_a_soak_tells_whether_memory_grows():
    words = ["bench", "soak", "--seconds", "3", "--executions", "50", "--tasks", "2", "--json"]
    result = subprocess.run([BRAID, *words], capture_output=True, text=True, timeout=120, env=ENVIRONMENT)
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["executions"] >= 50 and told["seconds"] >= 3
    assert 0 < told["memory_warm_mb"] <= told["memory_most_mb"]
    assert told["growth"] == pytest.approx(told["memory_end_mb"] / told["memory_warm_mb"], abs=0.01)
    assert 0 < told["heap_end_mb"] < told["memory_end_mb"]
    assert "heap_bytes_per_execution" in told


def test_growth_is_told_beside_an_empty_database_of_the_same_server():
    words = ["bench", "growth", "--executions", "100", "--history", "300", "--sleepers", "100", "--seconds", "1"]
    result = subprocess.run([BRAID, *words, "--json"], capture_output=True, text=True, timeout=240, env=ENVIRONMENT)
    assert result.returncode == 0, result.stderr
    rounds = json.loads(result.stdout)["rounds"]
    assert list(dict.fromkeys(row["round"] for row in rounds)) == [
        "empty", "with 300 history rows", "with 100 sleeping branches too", "a definition of 500 states", "a snapshot held open",
    ]
    for row in rounds:
        assert row["ratio_to_empty"] == pytest.approx(row["per_second"] / row["empty_per_second"], rel=0.02), row
        assert row["cpu_us"] > 0 and row["cpu_to_empty"] > 0, row


def test_the_bench_refuses_a_server_that_does_not_keep_what_it_commits(folder):
    postgres = Postgres(folder).start()
    try:
        postgres.sql("ALTER SYSTEM SET synchronous_commit = off")
        postgres.sql("SELECT pg_reload_conf()")
        status, answer, complaint = braid("bench", "chain", "--executions", 1, "--database", postgres.url)
        assert (status, answer) == (1, "")
        assert "synchronous_commit is off" in complaint
    finally:
        postgres.stop()
