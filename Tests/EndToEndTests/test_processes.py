"""What happens to processes: ends, crashes, restarts, ports and schemas in the way."""
import json
import os
import pathlib
import signal
import subprocess
import time

import pytest

from service import BRAID, ENVIRONMENT, EXAMPLES, ROLE, ROOT, Process, free_port, wait_until


def define(service, name, function, **more):
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{function}"
    definition = {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": arn, "End": True, **more}}}
    answer = service.boto3().create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
    return answer["stateMachineArn"]


def handlers(folder, code, **settings):
    (folder / "own.py").write_text(code)
    file = folder / "functions.json"
    file.write_text(json.dumps({"functions": {"own": {"runtime": "python", "handler": "own.handler", **settings}}}))
    return file


def children(pid):
    """The processes below one, by pid."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found += [int(stat.parent.name), *children(int(stat.parent.name))]
    return found


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_second_start_finds_everything_and_what_waited_goes_on(new_service, folder):
    file = handlers(folder, "def handler(event, context):\n    return event + 1\n")
    service = new_service(functions=file).start()
    define(service, "count", "own")
    assert service.run("count", 1)["output"] == "2"
    waits = json.dumps({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 4, "End": True}}})
    sfn = service.boto3()
    machine = sfn.create_state_machine(name="waits", definition=waits, roleArn=ROLE)["stateMachineArn"]
    waiting = sfn.start_execution(stateMachineArn=machine, input='"kept"')["executionArn"]
    assert service.stop() == 0

    service.start()
    assert "count" in service.braid("list")
    assert service.run("count", 2)["output"] == "3"
    assert service.wait(waiting)["output"] == '"kept"'


def test_killed_and_started_again_it_adopts_its_postgresql_and_takes_up_the_work(new_service, folder):
    file = handlers(folder, "import time\ndef handler(event, context):\n    time.sleep(1)\n    return event\n", concurrency=4)
    service = new_service(functions=file).start()
    machine = define(service, "slow", "own")
    sfn = service.boto3()
    executions = [sfn.start_execution(stateMachineArn=machine, input=str(n))["executionArn"] for n in range(4)]
    postmaster = [pid for pid in postgres_processes(service)]
    service.kill()
    assert any(is_alive(pid) for pid in postmaster)

    begun = time.monotonic()
    service.start()
    assert [service.wait(arn)["output"] for arn in executions] == ["0", "1", "2", "3"]
    assert time.monotonic() - begun < 60
    assert "adopted" in service.process.text()
    assert service.stop() == 0
    assert not any(is_alive(pid) for pid in postmaster)


def postgres_processes(service):
    return [int(row[0]) for row in service.sql("SELECT pg_backend_pid()")] and [
        int(service.sql("SELECT (regexp_split_to_array(pg_read_file('postmaster.pid'), E'\\n'))[1]")[0][0])
    ]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_handlers_die_with_their_worker(new_service, folder, number):
    file = handlers(folder, "def handler(event, context):\n    return 1\n", concurrency=2)
    service = new_service(functions=file).start()
    define(service, "one", "own")
    service.run("one", 1)
    below = [pid for pid in children(service.pid) if "own" in command_line(pid) or "python" in command_line(pid)]
    assert below
    os.kill(service.pid, number)
    service.process.popen.wait(120)
    wait_until(lambda: not any(is_alive(pid) for pid in below), 10, "the handlers' end")


def command_line(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def test_editing_a_handler_takes_effect(new_service, folder):
    file = handlers(folder, "def handler(event, context):\n    return 'old'\n")
    service = new_service(functions=file).start()
    define(service, "edited", "own")
    assert service.run("edited", {})["output"] == '"old"'
    (folder / "own.py").write_text("def handler(event, context):\n    return 'new'\n")
    wait_until(lambda: service.run("edited", {})["output"] == '"new"', 15, "the new code")


def test_a_function_that_nothing_serves_fails_the_task_and_hints(new_service):
    service = new_service(functions=None).start()
    define(service, "unserved", "nobody")
    execution = service.run("unserved", {})
    assert execution["status"] == "FAILED"
    wait_until(lambda: "nobody" in service.process.text(), 5, "the hint")


def test_what_handlers_print_is_in_the_log(new_service, folder):
    code = "import sys\ndef handler(event, context):\n    print('to out')\n    print('to err', file=sys.stderr)\n    return 1\n"
    service = new_service(functions=handlers(folder, code)).start()
    define(service, "talks", "own")
    service.run("talks", {})
    wait_until(lambda: "to out" in service.process.text() and "to err" in service.process.text(), 5, "the lines")


def test_a_port_in_use(service, folder):
    process = Process(["dev", "--listen", f"127.0.0.1:{service.port}", "--data-dir", str(folder / "d")], folder / "log")
    assert process.popen.wait(120) == 3
    assert f"port {service.port} on 127.0.0.1 is in use" in process.text()
    assert not (folder / "d").exists()


def test_a_data_folder_in_use(service, folder):
    process = Process(["dev", "--listen", "127.0.0.1:0", "--data-dir", str(service.data)], folder / "log")
    assert process.popen.wait(120) == 3
    assert f"process {service.pid}, is running and uses the data folder" in process.text()
    assert "--data-dir" in process.text()


def test_a_data_folder_that_is_something_else(folder):
    (folder / "d").mkdir()
    (folder / "d" / "letter.txt").write_text("dear diary")
    process = Process(["dev", "--listen", "127.0.0.1:0", "--data-dir", str(folder / "d")], folder / "log")
    assert process.popen.wait(120) == 3
    assert "not a PostgreSQL cluster of Braid's" in process.text()


def test_a_newer_and_an_older_schema(new_service, folder):
    service = new_service(functions=None).start()
    url = service.braid("sql").strip()
    service.sql("INSERT INTO braid.migrations (number, name, checksum) VALUES (9999, '9999_later.sql', 'x')")
    for command in (["serve", "--listen", "127.0.0.1:0"], ["worker"], ["scheduler"], ["migrate"]):
        process = Process([*command, "--database", url], folder / "later.log")
        assert process.popen.wait(120) == 3, process.text()
        assert "9999" in process.text() and "newer version" in process.text()
    service.sql("DELETE FROM braid.migrations WHERE number = 9999")
    last = service.sql("DELETE FROM braid.migrations WHERE number = (SELECT max(number) FROM braid.migrations) RETURNING 1")
    assert last
    process = Process(["serve", "--listen", "127.0.0.1:0", "--database", url], folder / "older.log")
    assert process.popen.wait(120) == 3
    assert "braid migrate" in process.text()


def test_a_database_that_is_not_there(folder):
    port = free_port()
    process = Process(["serve", "--listen", "127.0.0.1:0", "--database", f"postgresql://x:secret@127.0.0.1:{port}/x"],
                      folder / "log")
    assert process.popen.wait(120) == 3
    assert "cannot be reached" in process.text() and "secret" not in process.text()


def test_listening_beyond_this_machine_says_what_that_means(new_service, folder):
    process = Process(["dev", "--listen", "0.0.0.0:0", "--data-dir", str(folder / "d")], folder / "log")
    try:
        wait_until(lambda: "not authenticated" in process.text(), 30, "the warning")
    finally:
        assert process.stop() == 0


def test_a_broken_functions_file(folder):
    (folder / "functions.json").write_text('{"functions": {"a": {"runtime": "python", "handler": "a.b", "colour": 1}}}')
    process = Process(["dev", "--listen", "127.0.0.1:0", "--data-dir", str(folder / "d"), "--functions",
                       str(folder / "functions.json")], folder / "log")
    assert process.popen.wait(120) == 2
    assert "/functions/a/colour" in process.text()


def test_what_is_not_to_be_repeated_fails_whoever_is_left_to_say_so(new_service, folder):
    """The only worker that has the function is killed; the one that is left serves no function at all."""
    (folder / "slow.py").write_text("import time\ndef handler(event, context):\n    time.sleep(600)\n")
    (folder / "functions.json").write_text(json.dumps({"functions": {
        "slow": {"runtime": "python", "handler": "slow.handler", "onWorkerLoss": "fail"}}}))
    service = new_service(functions=None).start()
    define(service, "once", "slow")
    worker = Process(["worker", "--database", service.braid("sql").strip(), "--functions", str(folder / "functions.json")],
                     folder / "worker.log")
    try:
        wait_until(lambda: "slow" in str(service.sql("SELECT lanes FROM braid.workers WHERE ended_at IS NULL")))
        arn = service.braid("start", "once").strip()
        wait_until(lambda: any(e["type"] == "LambdaFunctionStarted" for e in service.history(arn)))
    finally:
        worker.popen.kill()
        worker.popen.wait()
    execution = service.wait(arn, 20)
    assert (execution["status"], execution["error"]) == ("FAILED", "States.TaskFailed")
    assert "lost" in execution["cause"]


def test_the_grace_of_functions_that_nobody_serves(new_service, folder):
    (folder / "quick.py").write_text("def handler(event, context):\n    return event\n")
    (folder / "functions.json").write_text('{"functions": {"quick": {"runtime": "python", "handler": "quick.handler"}}}')
    service = new_service(functions=None, words=["--unserved-grace", "2"]).start()
    define(service, "waits", "quick")
    words = ["worker", "--unserved-grace", "2", "--functions", str(folder / "functions.json"),
             "--database", service.braid("sql").strip()]
    worker = Process(words, folder / "worker.log")
    wait_until(lambda: "quick" in str(service.sql("SELECT lanes FROM braid.workers WHERE ended_at IS NULL")))
    assert worker.stop(signal.SIGTERM) == 0
    began = time.monotonic()
    execution = service.run("waits", {}, seconds=20)
    assert (execution["status"], execution["error"]) == ("FAILED", "Lambda.ResourceNotFoundException")
    assert 1 < time.monotonic() - began < 15


def ignore_interrupts():
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def heed_interrupts():
    """As from a terminal, however the tests themselves were started."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_it_ends_by_ctrl_c_also_where_it_was_started_to_ignore_that(folder):
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([BRAID, "dev", "--listen", "127.0.0.1:0", "--data-dir", str(folder / "d")],
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=ENVIRONMENT,
                                   preexec_fn=ignore_interrupts)
    try:
        wait_until(lambda: "Braid is ready" in (folder / "log").read_text(), 60, "its being ready")
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    assert (folder / "log").read_text().endswith("Braid has stopped.\n")


def test_ops_start_shows_an_example_and_finds_everything_again(folder):
    if os.environ.get("BRAID") and not os.environ["BRAID"].startswith(str(ROOT / ".build")):
        pytest.skip("another binary than the one that ops/start builds is tested")
    port = free_port()
    words = [str(ROOT / "ops/start"), "--listen", f"127.0.0.1:{port}", "--data-dir", str(folder / "data")]
    for turn in (1, 2):
        log = folder / f"start-{turn}.log"
        with open(log, "wb") as output:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                       env=ENVIRONMENT, start_new_session=True,
                                       preexec_fn=heed_interrupts if turn == 1 else ignore_interrupts)
        try:
            wait_until(lambda: "goes on until Ctrl-C" in log.read_text() or process.poll() is not None, 600, "the example")
            text = log.read_text()
            assert process.poll() is None, text
            assert '"CONFIRMED"' in text
            listed = subprocess.run([BRAID, "list", "order-validation", "--endpoint", f"http://127.0.0.1:{port}"],
                                    capture_output=True, text=True, env=ENVIRONMENT, timeout=30).stdout
            assert len(listed.splitlines()) == turn
            if turn == 2:
                assert "unchanged" in text
        finally:
            # In the second turn as from a shell that runs no terminal, whose children ignore SIGINT.
            if process.poll() is None:
                process.send_signal(signal.SIGINT if turn == 1 else signal.SIGTERM)
            try:
                assert process.wait(120) == 0, log.read_text()
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise AssertionError(f"ops/start does not end:\n{log.read_text()}") from None
    assert "Braid has stopped." in (folder / "start-2.log").read_text()
    assert "built already" in (folder / "start-2.log").read_text()
    assert EXAMPLES.exists()
