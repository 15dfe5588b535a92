#!/usr/bin/env python3
"""Holds a braid against the open conformance cases: conformance.py FOLDER.

Of the cases in FOLDER, those are run that need no service but Lambda and S3, whose buckets are folders. What fails
must stand in conformance-known-failures.txt, and what stands there must fail: the list may only shrink.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from buckets import Buckets  # noqa: E402
from service import Service, free_port  # noqa: E402

KNOWN = pathlib.Path(__file__).with_name("conformance-known-failures.txt")


def selected(case):
    return set(case.get("needs", [])) <= {"lambda", "s3"}


def select(source, target):
    """Writes the selected cases of each family into a folder; returns their ids."""
    ids = []
    for file in sorted(source.glob("*.json")):
        cases = [case for case in json.loads(file.read_text(encoding="utf-8")) if selected(case)]
        if cases:
            (target / file.name).write_text(json.dumps(cases, ensure_ascii=False), encoding="utf-8")
            ids += [case["id"] for case in cases]
    shutil.copytree(source / "functions", target / "functions")
    return ids


def known_failures():
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    return {line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()}


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="braid-conf-"))
    folder.chmod(0o755)
    try:
        cases = folder / "cases"
        cases.mkdir()
        ids = select(source / "cases", cases)
        port = free_port()
        service = Service(folder, functions=None, environment={"LAMBDA_ENDPOINT": f"http://127.0.0.1:{port}"}).start()
        report = folder / "report.json"
        buckets = Buckets(service.data / "objects")
        try:
            with buckets:
                run = subprocess.run(
                    [
                        sys.executable, str(source / "run.py"), "--endpoint", service.endpoint, "--lambda-port", str(port),
                        "--with", f"s3={buckets.endpoint}", "--cases", str(cases), "--json", str(report),
                    ],
                    capture_output=True,
                    text=True,
                    timeout=1200,
                    # Recorded messages are without "(reached max retries: 0)", which botocore's other mode adds to each.
                    env={**os.environ, "AWS_RETRY_MODE": "legacy"},
                )
        finally:
            service.stop()
        if not report.exists():
            print(run.stdout[-4000:], run.stderr[-4000:], sep="\n")
            return 1
        verdicts = {case["id"]: case for case in json.loads(report.read_text())["cases"]}
        return judge(ids, verdicts)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def judge(ids, verdicts):
    known = known_failures()
    failed = {name for name, case in verdicts.items() if case["verdict"] == "failed"}
    passed = {name for name, case in verdicts.items() if case["verdict"] == "passed"}
    surprising = sorted(failed - known)
    for name in surprising:
        print(f"FAILED {name}")
        for line in verdicts[name]["why"]:
            print("  " + line.replace("\n", "\n  ")[:1500])
    mended = sorted(known & passed)
    for name in mended:
        print(f"PASSES {name}: take it off {KNOWN.name}")
    unknown = sorted(known - set(ids))
    for name in unknown:
        print(f"NO SUCH CASE {name}: take it off {KNOWN.name}")
    print(f"{len(passed)} of {len(ids)} cases pass ({100 * len(passed) // max(len(ids), 1)} %), {len(known)} are known to fail")
    print(f"conformance: {len(passed)} passed, {len(surprising) + len(mended) + len(unknown)} failed")
    return 1 if surprising or mended or unknown else 0


if __name__ == "__main__":
    sys.exit(main())
