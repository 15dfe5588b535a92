"""ops/: what can be run here is run; what cannot is checked by its own linter, or at least parsed."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

from service import BRAID, ENVIRONMENT, ROOT, Process, free_port, wait_until

OPS = ROOT / "ops"
README = (ROOT / "README.md").read_text(encoding="utf-8")
METRICS = set(re.findall(r"^\| `(braid_\w+)`", README, re.M))


def braid_takes(words):
    """Whether the binary knows the command and every option."""
    result = subprocess.run([BRAID, words[0], "--help"], capture_output=True, text=True, env=ENVIRONMENT)
    assert result.returncode == 0, words
    for word in words[1:]:
        if word.startswith("--"):
            assert re.search(rf"^  {word}\b", result.stdout, re.M), f"braid {words[0]} has no {word}"


def environment_is_known(name):
    text = "".join(
        subprocess.run([BRAID, command, "--help"], capture_output=True, text=True, env=ENVIRONMENT).stdout
        for command in ("serve", "worker", "scheduler")
    )
    assert name in text, f"no part takes {name}"


@pytest.mark.parametrize("unit", sorted((OPS / "systemd").glob("*.service")), ids=lambda unit: unit.name)
def test_units(unit, folder):
    text = unit.read_text()
    line = re.search(r"^ExecStart=/usr/local/bin/braid (.+)$", text, re.M)[1]
    braid_takes(line.split())
    for name in re.findall(r"^Environment=(BRAID_\w+)=", text, re.M):
        environment_is_known(name)
    if not shutil.which("systemd-analyze"):
        return
    # It looks for the program and the user: ours stand in for them.
    copy = folder / unit.name
    copy.write_text(text.replace("/usr/local/bin/braid", str(BRAID)).replace("=braid\n", "=root\n"))
    result = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True)
    complaints = [line for line in result.stderr.splitlines() if unit.name in line]
    assert not complaints, result.stderr


def test_the_environment_file():
    for line in (OPS / "systemd/environment.example").read_text().splitlines():
        if line and not line.startswith("#"):
            environment_is_known(line.split("=")[0])


def test_compose():
    compose = yaml.safe_load((OPS / "container/compose.yaml").read_text())
    for name in ("migrate", "serve", "worker", "scheduler"):
        service = compose["services"][name]
        braid_takes(service["command"])
        assert service["environment"]["BRAID_DATABASE"].startswith("postgresql://")
    published = compose["services"]["serve"]["ports"]
    assert all(port.startswith("127.0.0.1:") for port in published), "requests are not authenticated"
    functions = OPS / "container/functions"
    assert json.loads((functions / "functions.json").read_text())["functions"]["greet"]["handler"] == "greetings.greet"


def test_dockerfile():
    text = (OPS / "container/Dockerfile").read_text()
    folders = re.findall(r"^COPY (\w[\w.]*) ", text, re.M)
    assert {"Package.swift", "Sources", "Migrations"} <= set(folders)
    assert all((ROOT / name).exists() for name in folders)
    assert "USER 10001" in text
    # Every library that ops/install installs for building is in the image that builds.
    packages = set(re.findall(r":(lib[\w.+-]+-dev|zlib1g-dev)", (OPS / "install").read_text()))
    assert packages and all(package in text for package in packages)
    if shutil.which("hadolint"):
        subprocess.run(["hadolint", "--ignore", "DL3008", OPS / "container/Dockerfile"], check=True)


def test_kubernetes():
    documents = list(yaml.safe_load_all((OPS / "kubernetes/braid.yaml").read_text()))
    kinds = [document["kind"] for document in documents]
    assert kinds.count("Deployment") == 3 and {"Job", "Service", "NetworkPolicy"} <= set(kinds)
    for document in documents:
        assert document["apiVersion"] and document["metadata"]["name"].startswith("braid")
        if document["kind"] not in ("Deployment", "Job"):
            continue
        template = document["spec"]["template"]
        if document["kind"] == "Deployment":
            labels = document["spec"]["selector"]["matchLabels"]
            assert labels.items() <= template["metadata"]["labels"].items()
        for container in template["spec"]["containers"]:
            braid_takes(container["args"])
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            ports = {port["name"] for port in container.get("ports", [])}
            for probe in ("livenessProbe", "readinessProbe"):
                if document["kind"] == "Deployment":
                    assert container[probe]["httpGet"]["port"] in ports


def test_alerts_and_dashboard_use_metrics_that_there_are():
    alerts = yaml.safe_load((OPS / "prometheus/alerts.yml").read_text())
    expressions = [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    dashboard = json.loads((OPS / "grafana/braid.json").read_text())
    expressions += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    used = {re.sub(r"_(bucket|sum|count)$", "", name) for text in expressions for name in re.findall(r"\bbraid_\w+", text)}
    assert used and used <= METRICS, used - METRICS
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in dashboard["panels"]]
    assert len(set(places)) == len(places) and len({panel["id"] for panel in dashboard["panels"]}) == len(places)
    if shutil.which("promtool"):
        subprocess.run(["promtool", "check", "rules", OPS / "prometheus/alerts.yml"], check=True)


def test_shell_scripts():
    if not shutil.which("shellcheck"):
        pytest.skip("there is no shellcheck")
    scripts = [path for path in (OPS / "start", OPS / "test", OPS / "install", OPS / "swift-path.sh")]
    subprocess.run(["shellcheck", "-x", "-S", "warning", *scripts], check=True, cwd=ROOT)


def test_the_backup_guide_is_walked(new_service, folder):
    """A backup of a service that runs, restored into another database, goes on where it stood."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", (OPS / "guides/backup.md").read_text(), re.M | re.S)
    assert len(blocks) == 2
    service = new_service().start()
    client = service.boto3()
    definition = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 5, "End": True}}}
    arn = client.create_state_machine(name="waits", definition=json.dumps(definition), roleArn="arn:aws:iam::1:role/x")
    client.start_execution(stateMachineArn=arn["stateMachineArn"], name="one", input='{"kept": 1}')
    url = service.braid("sql").strip()
    service.sql("CREATE DATABASE restored TEMPLATE template0")
    binaries = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    restored = url.replace("/braid?", "/restored?")

    def walk(script):
        environment = {
            **ENVIRONMENT, "PATH": f"{pathlib.Path(BRAID).parent}:{binaries}:{os.environ['PATH']}",
            "BRAID_DATA_DIR": str(service.data), "RESTORED": restored,
        }
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], check=True, cwd=folder, env=environment)

    walk(blocks[0])
    walk(blocks[1])
    port = free_port()
    second = Process(["dev", "--database", restored, "--listen", f"127.0.0.1:{port}"], folder / "second.log")
    try:
        def output():
            result = subprocess.run(
                [BRAID, "describe", "waits:one", "--json"], capture_output=True, text=True,
                env={**ENVIRONMENT, "BRAID_ENDPOINT": f"http://127.0.0.1:{port}"},
            )
            return result.returncode == 0 and json.loads(result.stdout).get("output")

        assert json.loads(wait_until(output, 40, "the end of the restored execution")) == {"kept": 1}
    finally:
        assert second.stop() == 0
