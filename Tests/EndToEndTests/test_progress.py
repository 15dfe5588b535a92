"""What a terminal is told of long work: a line that goes again, and nothing where nobody looks on."""
import json
import os
import pty
import select
import signal
import subprocess
import time

import pytest

from service import BRAID, ENVIRONMENT, ROLE

CLEARED = "\r\x1b[K"


class Terminal:
    """A command whose standard error is a terminal; what it answers goes there too, or is kept apart."""

    def __init__(self, service, *words, answer_apart=False, environment=None):
        self.master, slave = pty.openpty()
        self.text = ""
        self.popen = subprocess.Popen(
            [BRAID, *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if answer_apart else slave,
            stderr=slave,
            env={**ENVIRONMENT, "TERM": "xterm", "BRAID_ENDPOINT": service.endpoint, "BRAID_DATA_DIR": str(service.data),
                 **(environment or {})},
        )
        os.close(slave)

    def read_until(self, condition, seconds=60):
        """Reads what comes until it holds, or until the command has closed the terminal where `condition` is None."""
        deadline = time.monotonic() + seconds
        while condition is None or not condition(self.text):
            left = deadline - time.monotonic()
            assert left > 0, f"in {seconds} s there came only {self.text!r}"
            if not select.select([self.master], [], [], left)[0]:
                continue
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            if not data:
                assert condition is None, f"it ended with {self.text!r}"
                break
            self.text += data.decode()
        return self.text

    def end(self, status=0):
        """All that came, after its end."""
        text = self.read_until(None)
        assert self.popen.wait(120) == status, text
        answer = self.popen.stdout.read().decode() if self.popen.stdout else ""
        os.close(self.master)
        return text, answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGKILL)
            self.popen.wait()


@pytest.fixture
def files(service, folder):
    """Twelve definitions; what is deployed of them is gone afterwards."""
    for number in range(12):
        (folder / f"deployed-{number}.asl.json").write_text('{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}')
    yield sorted(folder.glob("deployed-*.asl.json"))
    sfn = service.boto3()
    for machine in sfn.list_state_machines(maxResults=1000)["stateMachines"]:
        if machine["name"].startswith("deployed-"):
            sfn.delete_state_machine(stateMachineArn=machine["stateMachineArn"])


def seen(text):
    """What is left on the screen: a line that was cleared is not."""
    return [line.split("\x1b[K")[-1] for line in text.replace("\r\n", "\n").split("\n")]


def test_deploying_many_files(service, files):
    text, _ = Terminal(service, "deploy", *files).end()
    assert f"{CLEARED}deploying  [····················]  0 of 12  deployed-0" in text
    lines = seen(text)
    assert len(lines) == 13 and lines[-1] == "", "a line for each, and the progress is gone"
    assert all("deployed-" in line and "of 12" not in line for line in lines[:-1])


def test_nobody_is_told_where_nobody_looks_on(service, files):
    files = files[:3]
    # Neither a program that reads JSON, nor one that reads a pipe, nor a terminal that cannot clear a line.
    text, _ = Terminal(service, "deploy", *files, "--json").end()
    assert len(json.loads(text)) == 3 and "\x1b[K" not in text
    text, _ = Terminal(service, "deploy", *files, environment={"TERM": "dumb"}).end()
    assert text.count("unchanged") == 3 and "\x1b[K" not in text
    result = subprocess.run(
        [BRAID, "deploy", *files], capture_output=True, text=True, timeout=60,
        env={**ENVIRONMENT, "BRAID_ENDPOINT": service.endpoint},
    )
    assert result.returncode == 0 and result.stdout.count("\n") == 3 and not result.stderr


def test_migrating(service):
    name = "progress_of_migration"
    service.sql(f"CREATE DATABASE {name}")
    url = service.braid("sql").strip().replace("/braid?", f"/{name}?")
    assert name in url
    text, answer = Terminal(service, "migrate", "--database", url, answer_apart=True).end()
    assert f"{CLEARED}migrating  [" in text and "0001_control_plane" in text and text.endswith(CLEARED)
    assert answer.startswith("applied 0001_control_plane")
    service.sql(f"DROP DATABASE {name}")


def test_map_runs(service):
    """While `start --wait` and `history --follow` wait for a Distributed Map, whose children wait for this test."""
    sfn = service.boto3()
    activity = sfn.create_activity(name="progress")["activityArn"]
    definition = {
        "StartAt": "Rows",
        "States": {"Rows": {
            "Type": "Map", "Label": "Rows", "End": True,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Ask",
                "States": {"Ask": {"Type": "Task", "Resource": activity, "End": True}},
            },
        }},
    }
    machine = sfn.create_state_machine(name="progress", roleArn=ROLE, definition=json.dumps(definition))["stateMachineArn"]
    words = ["start", "progress", "--input", "[1, 2, 3]", "--name", "shown", "--wait"]
    with Terminal(service, *words, answer_apart=True) as starting:
        starting.read_until(lambda text: "Rows  [····················]  0 of 3" in text)
        with Terminal(service, "history", "progress:shown", "--follow") as following:
            following.read_until(lambda text: "Rows  [····················]  0 of 3" in text)
            for count in range(3):
                if count == 1:
                    starting.read_until(lambda text: "Rows  [######··············]  1 of 3" in text)
                task = sfn.get_activity_task(activityArn=activity)
                sfn.send_task_success(taskToken=task["taskToken"], output=str(count))
            text, answer = starting.end()
            assert sorted(json.loads(answer)) == [0, 1, 2] and text.endswith(CLEARED)
            lines = seen(following.end()[0])
            assert "ExecutionSucceeded" in lines[-2] and lines[-1] == ""
            assert not any(" of 3" in line for line in lines)
    sfn.delete_activity(activityArn=activity)
    sfn.delete_state_machine(stateMachineArn=machine)
