#!/usr/bin/env python3
"""Prints the line coverage of each module from llvm-cov's JSON export: coverage.py FILE."""
import json
import sys
from collections import defaultdict

lines = defaultdict(lambda: [0, 0])
for file in json.load(open(sys.argv[1], encoding="utf-8"))["data"][0]["files"]:
    parts = file["filename"].split("/")
    if "Sources" not in parts or ".build" in parts:
        continue
    summary = file["summary"]["lines"]
    row = lines[parts[parts.index("Sources") + 1]]
    row[0] += summary["covered"]
    row[1] += summary["count"]

for module, (covered, count) in sorted(lines.items()):
    print(f"{module:16} {covered:6} of {count:6} lines, {100 * covered / max(count, 1):5.1f} %")
