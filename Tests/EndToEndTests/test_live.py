"""Two hundred pages that follow what happens: the database is asked once for all of them, and not while nothing happens."""
import asyncio
import json
import time
import urllib.request

import pytest

from fleet import Fleet
from service import ROLE, wait_until

PAGES = 200
SLEEPER = {"StartAt": "Sleep", "States": {"Sleep": {"Type": "Wait", "Seconds": 86400, "End": True}}}
# What pages are told is read by these statements (Store/History/ReadOutlines, Store/Overview/SearchExecutions).
EVENTS = "%AS wanted (id, after)%"
LISTS = "%stopped_at > braid.now()%"


class Page:
    """What a browser's EventSource does, without the browser."""

    def __init__(self, port, path):
        self.port, self.path = port, path
        self.text = ""
        self.changed = asyncio.Event()

    async def follow(self):
        reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        self.writer.write(f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".encode())
        while data := await reader.read(65536):
            self.text += data.decode()
            self.changed.set()

    async def until(self, word):
        async def heard():
            while word not in self.text:
                self.changed.clear()
                await self.changed.wait()
            self.text = self.text[self.text.index(word) + len(word):]
        await asyncio.wait_for(heard(), 60)


@pytest.fixture(scope="module")
def fleet(module_folder):
    fleet = Fleet(module_folder, 1, "", [], settings="shared_preload_libraries = 'pg_stat_statements'\n")
    fleet.postgres.sql("CREATE EXTENSION pg_stat_statements")
    yield fleet
    fleet.stop()


def asked(fleet, statement):
    """How often the database was asked for it."""
    return int(fleet.postgres.sql(f"SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query LIKE '{statement}'")[0][0])


def start(fleet, machine, name):
    answer = fleet.sfn.start_execution(stateMachineArn=machine, name=name, input="{}")
    return answer["executionArn"]


def test_200_pages_cost_the_database_a_query_a_change(fleet):
    machine = fleet.sfn.create_state_machine(name="sleeper", definition=json.dumps(SLEEPER), roleArn=ROLE)["stateMachineArn"]
    followed = start(fleet, machine, "followed")
    start(fleet, machine, "another")
    wait_until(lambda: len(fleet.sfn.get_execution_history(executionArn=followed)["events"]) == 2, 60, "the Wait state")

    async def pages():
        executions = [Page(fleet.port, "/console/executions/sleeper/followed/live") for _ in range(PAGES // 2)]
        lists = [Page(fleet.port, "/console/live") for _ in range(PAGES // 2)]
        following = [asyncio.create_task(page.follow()) for page in executions + lists]
        await asyncio.gather(*(page.until("caught-up") for page in executions + lists))

        # The service says every 15 s that it is still there: nothing happens in between.
        await asyncio.gather(*(page.until("still here") for page in executions + lists))
        before = await asyncio.to_thread(lambda: (asked(fleet, EVENTS), asked(fleet, LISTS)))
        await asyncio.gather(*(page.until("still here") for page in executions + lists))
        after = await asyncio.to_thread(lambda: (asked(fleet, EVENTS), asked(fleet, LISTS)))
        # It is looked every five seconds whether a notification was lost.
        assert all(now - then <= 5 for then, now in zip(before, after)), (before, after)

        # What another process commits is told to all of them, by one statement for each kind of page.
        before = after
        fleet.sfn.stop_execution(executionArn=followed, error="Enough")
        await asyncio.gather(*(page.until("ExecutionAborted") for page in executions))
        await asyncio.gather(*(page.until("event: execution") for page in executions))
        await asyncio.gather(*(page.until("ABORTED") for page in lists))
        after = await asyncio.to_thread(lambda: (asked(fleet, EVENTS), asked(fleet, LISTS)))
        assert all(now - then <= 3 for then, now in zip(before, after)), (before, after)
        for task in following:
            task.cancel()
        for page in executions + lists:
            page.writer.close()

    asyncio.run(pages())


def test_pages_hear_of_what_workers_commit_at_once(fleet):
    definition = {"StartAt": "Ask", "States": {
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:ask", "Next": "Hear"},
        "Hear": {"Type": "Pass", "End": True},
    }}
    fleet.sfn.create_activity(name="ask")
    machine = fleet.sfn.create_state_machine(name="asker", definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]

    async def change(name):
        """How long it takes until a page hears of what a worker has committed."""
        await asyncio.to_thread(start, fleet, machine, name)
        task = await asyncio.to_thread(
            fleet.sfn.get_activity_task, activityArn="arn:aws:states:us-east-1:123456789012:activity:ask"
        )
        page = Page(fleet.port, f"/console/executions/asker/{name}/live")
        following = asyncio.create_task(page.follow())
        await page.until("caught-up")
        began = time.monotonic()
        await asyncio.to_thread(fleet.sfn.send_task_success, taskToken=task["taskToken"], output="1")
        await page.until("ExecutionSucceeded")
        took = time.monotonic() - began
        await page.until("event: execution")
        following.cancel()
        page.writer.close()
        return took

    async def changes():
        return [await change(f"asked-{number}") for number in range(5)]

    # Without being told, the service would look after five seconds, and two seconds after a page has come.
    assert sorted(asyncio.run(changes()))[2] < 1


def test_what_pages_ask_for_again_and_again_is_read_once_for_all(fleet):
    """The overview and the leases, of which every open page asks each few seconds."""
    def read(what):
        with urllib.request.urlopen(f"http://127.0.0.1:{fleet.port}/console/{what}", timeout=30) as answer:
            return json.load(answer)

    counts = "%array_agg(counted.count)%"
    before = asked(fleet, counts)
    for _ in range(PAGES):
        read("overview")
        read("leases")
    assert asked(fleet, counts) - before < PAGES / 10
    # A state machine that is made is seen within the second for which an answer stands.
    fleet.sfn.create_state_machine(name="fresh", definition=json.dumps(SLEEPER), roleArn=ROLE)
    wait_until(lambda: "fresh" in [machine["name"] for machine in read("overview")["machines"]], 30, "the new machine")
