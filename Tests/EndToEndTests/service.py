"""A braid of its own for tests: its port, its data folder, its log, and its end by pid."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import boto3
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]
BRAID = os.environ.get("BRAID") or str(ROOT / ".build/release/braid")
EXAMPLES = ROOT / "ops/examples"
ROLE = "arn:aws:iam::123456789012:role/test"

# What the clients need, and nothing that a developer's own settings could change.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "BRAID_"))},
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_PAGER": "",
    "NO_COLOR": "1",
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(condition, seconds=30, what="the condition"):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come true within {seconds} s")


class Process:
    """One process of braid, whose log is a file."""

    def __init__(self, words, log, environment=None):
        self.log = pathlib.Path(log)
        with open(self.log, "ab") as output:
            self.popen = subprocess.Popen(
                [BRAID, *words],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env={**ENVIRONMENT, **(environment or {})},
            )

    def text(self):
        return self.log.read_text(errors="replace")

    def stop(self, number=signal.SIGINT, seconds=120):
        """Ends it in order, and returns its status."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            raise AssertionError(f"braid did not end within {seconds} s; its log:\n{self.text()[-4000:]}") from None


class Service:
    """`braid dev` on a free port."""

    def __init__(self, folder, functions=EXAMPLES / "functions.json", port=None, environment=None, words=()):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.port = port or free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.functions = functions
        self.environment = environment or {}
        self.words = list(words)
        self.process = None

    def start(self, seconds=120):
        words = ["dev", "--listen", f"127.0.0.1:{self.port}", "--data-dir", str(self.data)]
        if self.functions:
            words += ["--functions", str(self.functions)]
        self.process = Process(words + self.words, self.folder / "braid.log", self.environment)
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if self.process.popen.poll() is not None:
                raise AssertionError(f"braid ended with {self.process.popen.returncode}:\n{self.process.text()[-4000:]}")
            if time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"braid was not ready within {seconds} s:\n{self.process.text()[-4000:]}")
            time.sleep(0.05)
        return self

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.endpoint + "/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self, number=signal.SIGINT):
        return self.process.stop(number)

    def kill(self):
        self.process.popen.kill()
        self.process.popen.wait()

    @property
    def pid(self):
        return self.process.popen.pid

    # Clients.

    def boto3(self, name="stepfunctions", config=None):
        return boto3.client(
            name,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=config or Config(retries={"max_attempts": 0}, max_pool_connections=50, inject_host_prefix=False),
        )

    def braid(self, *words, status=0, text=None):
        """Runs a client command; returns what it printed."""
        result = subprocess.run(
            [BRAID, *map(str, words)],
            input=text,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=ROOT,
            env={**ENVIRONMENT, "BRAID_ENDPOINT": self.endpoint, "BRAID_DATA_DIR": str(self.data)},
        )
        assert result.returncode == status, f"{words} ended with {result.returncode}:\n{result.stdout}\n{result.stderr}"
        return result.stdout if status == 0 else result.stdout + result.stderr

    def sql(self, statement):
        """Runs SQL on its database; returns the rows as lists of texts."""
        url = self.braid("sql").strip()
        result = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement, url],
            capture_output=True,
            text=True,
            timeout=60,
            env=ENVIRONMENT,
        )
        assert result.returncode == 0, f"{statement}\n{result.stderr}"
        return [line.split("\t") for line in result.stdout.splitlines()]

    def deploy(self, *names):
        self.braid("deploy", *[EXAMPLES / f"{name}.asl.json" for name in names])

    def run(self, machine, value, seconds=60):
        """Runs an execution to its end; returns what DescribeExecution says."""
        client = self.boto3()
        machine_arn = f"arn:aws:states:us-east-1:123456789012:stateMachine:{machine}"
        started = client.start_execution(stateMachineArn=machine_arn, input=json.dumps(value))
        return self.wait(started["executionArn"], seconds)

    def wait(self, arn, seconds=60):
        client = self.boto3()

        def ended():
            execution = client.describe_execution(executionArn=arn)
            return execution if execution["status"] != "RUNNING" else None

        return wait_until(ended, seconds, f"the end of {arn}")

    def history(self, arn):
        pages = self.boto3().get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]
