"""Processes of braid around one PostgreSQL, each its own, so that any of them can be killed."""
import json
import signal
import urllib.error
import urllib.request

import boto3
from botocore.config import Config

from postgres import Postgres
from service import Process, free_port, wait_until


class Fleet:
    """One service, one scheduler and some workers, whose Python functions find a folder for their notes in MARKS."""

    def __init__(self, folder, workers, handlers, functions, words=(), settings=""):
        self.folder = folder
        self.marks = folder / "marks"
        self.marks.mkdir()
        self.words = list(words)
        (folder / "handlers.py").write_text(handlers)
        (folder / "functions.json").write_text(json.dumps({"functions": {
            name: {"runtime": "python", "handler": f"handlers.{name}", "concurrency": 2,
                   "environment": {"MARKS": str(self.marks)}}
            for name in functions
        }}))
        self.postgres = Postgres(folder, settings).start()
        migrate = Process(["migrate", "--database", self.postgres.url], folder / "migrate.log")
        assert migrate.popen.wait(120) == 0, migrate.text()
        self.port = free_port()
        self.serve = self.start("serve", "--listen", f"127.0.0.1:{self.port}")
        self.scheduler = self.start("scheduler")
        self.workers = [self.worker() for _ in range(workers)]
        wait_until(self.is_ready, 60, "the service's readiness")
        self.sfn = boto3.client(
            "stepfunctions", endpoint_url=f"http://127.0.0.1:{self.port}", region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test", config=Config(retries={"max_attempts": 0}),
        )

    def start(self, *words):
        return Process([*words, "--database", self.postgres.url], self.folder / f"{words[0]}.log")

    def worker(self):
        return self.start("worker", "--functions", str(self.folder / "functions.json"), *self.words)

    def living(self):
        return int(self.postgres.sql("SELECT count(*) FROM braid.workers WHERE ended_at IS NULL")[0][0])

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self):
        for process in [*self.workers, self.scheduler, self.serve]:
            if process.popen.poll() is None:
                process.popen.send_signal(signal.SIGCONT)
                process.stop(signal.SIGTERM)
        self.postgres.stop("immediate")
