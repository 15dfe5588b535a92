"""What makes the command line comfortable: doctor, top, completion, the manual page."""
import json
import shutil
import subprocess

import pytest

from service import BRAID, ENVIRONMENT, free_port


def test_doctor_finds_nothing_wrong_where_nothing_is(service):
    found = json.loads(service.braid("doctor", "--functions", service.functions, "--json"))
    assert not [finding for finding in found if finding["verdict"] == "problem"]
    good = {finding["subject"] for finding in found if finding["verdict"] == "ok"}
    assert {"database", "schema", "PostgreSQL", "primary", "sessions", "durability", "workers", "functions", "service"} <= good


def test_doctor_says_what_to_do_about_what_is_wrong(service, folder):
    (folder / "functions.json").write_text('{"functions": {"gone": {"runtime": "command", "command": ["./gone"]}}}')
    service.sql("ALTER SYSTEM SET synchronous_commit = 'off'")
    service.sql("SELECT pg_reload_conf()")
    try:
        text = service.braid("doctor", "--functions", folder / "functions.json", status=1)
    finally:
        service.sql("ALTER SYSTEM RESET synchronous_commit")
        service.sql("SELECT pg_reload_conf()")
    assert "problem: function: 'gone'" in text
    assert "problem: durability" in text and "Set both to on" in text


def test_doctor_without_anything_there(folder):
    result = subprocess.run(
        [BRAID, "doctor", "--data-dir", str(folder / "none"), "--endpoint", f"http://127.0.0.1:{free_port()}"],
        capture_output=True, text=True, env=ENVIRONMENT, timeout=60,
    )
    assert result.returncode == 1, result.stderr
    assert "problem: database" in result.stdout and "warning: service: nothing answers" in result.stdout


def test_top_shows_machines_and_what_runs(service):
    service.deploy("order-validation")
    text = service.braid("top", "--once")
    assert "worker alive" in text and "order-validation" in text
    assert json.loads(service.braid("top", "--json"))["overview"]["workers"]


def test_completion_completes_commands_options_and_files(folder):
    script = subprocess.run([BRAID, "completion", "bash"], capture_output=True, text=True, check=True, env=ENVIRONMENT).stdout
    (folder / "flow.asl.json").touch()

    def complete(*words):
        call = "COMP_WORDS=(%s); COMP_CWORD=%d; _braid; printf '%%s\\n' \"${COMPREPLY[@]}\"" % (
            " ".join(repr(word) for word in words), len(words) - 1
        )
        result = subprocess.run(["bash", "-c", script + "\n" + call], capture_output=True, text=True, check=True, cwd=folder)
        return result.stdout.split()

    assert {"deploy", "describe", "dev"} <= set(complete("braid", "de"))
    assert complete("braid", "graph", "--me") == ["--mermaid"]
    assert complete("braid", "deploy", "flow") == ["flow.asl.json"]
    for shell in ("zsh", "fish"):
        if shutil.which(shell):
            text = subprocess.run([BRAID, "completion", shell], capture_output=True, text=True, check=True).stdout
            subprocess.run([shell, "-n"], input=text, text=True, check=True)


def test_the_manual_page_names_every_command():
    page = subprocess.run([BRAID, "man"], capture_output=True, text=True, check=True, env=ENVIRONMENT).stdout
    help_text = subprocess.run([BRAID, "--help"], capture_output=True, text=True, check=True, env=ENVIRONMENT).stdout
    commands = [line.split()[0] for line in help_text.splitlines() if line.startswith("  ") and not line.startswith("   ")]
    assert len(commands) > 15
    for command in commands:
        assert f".B braid {command}" in page.replace("\\-", "-"), command
    if not shutil.which("man") or not shutil.which("groff"):
        pytest.skip("there is no groff")
    result = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=page, capture_output=True, text=True)
    assert result.returncode == 0 and not result.stderr
