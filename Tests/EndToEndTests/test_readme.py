"""Every command, program and query of README.md, run as it stands there."""
import importlib.util
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest

from service import BRAID, ENVIRONMENT, ROOT, Process, wait_until

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S)
STAYING = ("braid dev", "braid serve", "braid worker", "braid scheduler")


def blocks(language):
    return [text for name, text in BLOCKS if name == language]


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    """A newcomer's shell: a folder with nothing but ops/ in it, and braid in PATH."""
    home = pathlib.Path(tmp_path_factory.mktemp("readme"))
    (home / "ops").symlink_to(ROOT / "ops")
    return home


def shell(home, script, endpoint, data, check=True, **more):
    environment = {
        **ENVIRONMENT,
        "HOME": os.environ.get("HOME", "/"),
        "PATH": f"{pathlib.Path(BRAID).parent}:{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}",
        "BRAID_ENDPOINT": endpoint,
        "BRAID_DATA_DIR": str(data),
        **more,
    }
    script = script.replace('export PATH="$PWD/.build/release:$PATH"\n', "")
    script = script.replace("http://127.0.0.1:8083", endpoint)
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=home, env=environment, capture_output=True, text=True, timeout=120
    )
    if check:
        assert result.returncode == 0, f"{script}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def runs():
    """What a newcomer runs, in order: language, text, and the output that the README shows right below, if any."""
    found = list(re.finditer(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S))
    for index, block in enumerate(found):
        below = found[index + 1] if index + 1 < len(found) else None
        is_output = below and below[1] == "json" and not README[block.end():below.start()].strip()
        yield block[1], block[2], below[2] if is_output else None


def test_the_commands_in_order(newcomer, new_service):
    service = new_service(functions=None)
    exports = ""
    shown = 0
    for language, text, expected in runs():
        if language == "python":
            result = subprocess.run(
                [sys.executable, "-c", text.replace("http://127.0.0.1:8083", service.endpoint)],
                capture_output=True, text=True, timeout=60, env=ENVIRONMENT,
            )
            assert result.returncode == 0, f"{text}\n{result.stderr}"
            output = result.stdout
        elif language != "sh" or text.strip() in ("ops/start", "ops/test") or "BRAID_DATABASE" in text:
            assert expected is None
            continue
        elif "pip install" in text:
            # What it would fetch is beside this interpreter already.
            wanted = text.split("pip install --quiet ")[1].split("\n")[0].split()
            assert all(importlib.util.find_spec(name) for name in wanted)
            continue
        elif text.startswith("braid dev"):
            service.functions = newcomer / text.split("--functions ")[1].strip()
            service.start()
            continue
        else:
            exports += "".join(line + "\n" for line in text.splitlines() if line.startswith("export AWS_"))
            output = shell(newcomer, exports + text, service.endpoint, service.data)
            if text.startswith("curl"):
                assert [machine["name"] for machine in json.loads(output)["stateMachines"]] == ["greet"]
        if expected is not None:
            assert output == expected, text
            shown += 1
    assert shown == 6

    queries = blocks("sql")
    assert len(queries) >= 5
    for query in queries:
        service.sql(query)
    slowest = service.sql(queries[0])
    assert {(row[0], row[1]) for row in slowest} == {
        ("greet", "GreetEverybody"), ("greet", "Greet"), ("greet", "WriteLetter"), ("order", "Approve"), ("rows", "Rows")
    }
    history = service.sql(queries[3])
    assert history[0][2] == "ExecutionStarted"


def test_the_queries_answer_their_questions(service, newcomer):
    """On a service where something failed, and a Map waits."""
    slowest, failures, waiting, history, failed = blocks("sql")
    service.run("order-validation", {"orderId": "x", "cardNumber": "1", "items": [], "address": {"postcode": "y"},
                                     "amount": 1})
    assert ["order-validation", "ValidatePayment", "PaymentDeclined"] in [row[:3] for row in service.sql(failures)]
    assert any(row[:2] == ["order-validation", "ValidateOrder"] for row in service.sql(slowest))
    definition = {
        "StartAt": "Many",
        "States": {
            "Many": {
                "Type": "Map", "ItemsPath": "$", "MaxConcurrency": 2, "End": True,
                "ItemProcessor": {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}},
            }
        },
    }
    sfn = service.boto3()
    arn = sfn.create_state_machine(name="waits", definition=json.dumps(definition), roleArn="arn:aws:iam::1:role/x")
    execution = sfn.start_execution(stateMachineArn=arn["stateMachineArn"], name="w", input="[1, 2, 3, 4, 5]")
    row = ["w", "Many", "5", "3", "2", "0", "0"]
    wait_until(lambda: row in service.sql(waiting), 10, "the Map's row")
    sfn.stop_execution(executionArn=execution["executionArn"])
    service.sql(history)
    service.sql(failed)


def test_the_functions_file_is_understood(newcomer, new_service):
    text = next(text for text in blocks("json") if '"functions"' in text)
    home = newcomer / "functions-of-readme"
    (home / "handlers").mkdir(parents=True)
    (home / "bin").mkdir()
    (home / "handlers/images.js").write_text("exports.resize = async (event) => event;\n")
    (home / "orders.py").write_text("import os\ndef validate(event, context):\n    return os.environ['STRICT']\n")
    (home / "bin/transcode").write_text("#!/bin/sh\nsleep 600\n")
    (home / "bin/transcode").chmod(0o755)
    (home / "functions.json").write_text(text)
    service = new_service(functions=home / "functions.json").start()
    definition = {"StartAt": "T", "States": {"T": {"Type": "Task", "End": True, "Resource": "arn:aws:states:::lambda:invoke",
                                                   "Parameters": {"FunctionName": "validate"}, "OutputPath": "$.Payload"}}}
    service.boto3().create_state_machine(name="t", definition=json.dumps(definition), roleArn="arn:aws:iam::1:role/x")
    assert json.loads(service.run("t", {})["output"]) == "1"


def test_the_callback_is_a_state(newcomer, folder):
    text = next(text for text in blocks("json") if "waitForTaskToken" in text)
    (folder / "m.json").write_text('{"StartAt": "Ask", "States": {"Ask": %s}}' % text)
    result = subprocess.run([BRAID, "validate", str(folder / "m.json")], capture_output=True, text=True, env=ENVIRONMENT)
    assert result.stdout.endswith("m.json: valid\n") and result.stdout.count("\n") == 1


def test_the_parts_run_by_themselves(newcomer, new_service):
    """The block of 'More than one machine', each command a process around one PostgreSQL."""
    host = new_service(functions=None).start()
    url = host.braid("sql").strip()
    block = next(text for text in blocks("sh") if "BRAID_DATABASE" in text)
    lines = [line for line in block.splitlines() if line.startswith("braid ")]
    assert [line.split()[1] for line in lines] == ["migrate", "serve", "worker", "scheduler"]
    parts = []
    try:
        for line in lines:
            words = line.replace("127.0.0.1:8083", "127.0.0.1:0").replace("hello/", f"{newcomer}/hello/").split()[1:]
            part = Process(words, newcomer / f"{words[0]}.log", {"BRAID_DATABASE": url})
            if words[0] == "migrate":
                assert part.popen.wait(120) == 0, part.text()
            else:
                parts.append(part)
        wait_until(lambda: int(host.sql("SELECT count(*) FROM braid.workers WHERE ended_at IS NULL")[0][0]) >= 2)
        for part in parts:
            assert part.popen.poll() is None, part.text()
    finally:
        statuses = [part.stop(signal.SIGTERM) for part in parts]
    assert statuses == [0, 0, 0]
