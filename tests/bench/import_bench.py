#!/usr/bin/env python3
"""`minsheng notice import` of one large list against `sqlite3 .import` of the same file, rows per second.

    /usr/bin/python3 tests/bench/import_bench.py [--rows 100000] [--pairs 7] [--engine sqlite]

Each run imports into a new registry that knows only the district, and times the CLI from its start to its exit: reading the
file, sending it, parsing, checking, storing every task as an event with its tables, the answer. The baseline is the sqlite3
shell with a new file in WAL mode and synchronous=FULL (what the registry uses) and `.import --csv` of all columns of all rows
below the header: one transaction into one table of text columns, without any check. (Left alone, .import takes the list's
title for the header and keeps one column of six; so the table is made first.) Runs go in pairs, in turn first and second, so that what else
the machine does hits both alike. Prints one JSON object. Programs are taken as by tests/harness/suite.py:
$MINSHENG_BINARY_DIR/bin, else build/release/bin.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from suite import BUILD, Suite  # noqa: E402

REQUIRED = 0.3
TASKS_PER_PROJECT = 20
HEADER_LINES = 4
TICKS = os.sysconf("SC_CLK_TCK")
BASELINE = "sqlite3 .import of the same CSV, all columns, into a new file, journal_mode=WAL, synchronous=FULL"


def cpu_seconds(pid):
    """User and system time that a process has used."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def generate(folder, rows):
    """One list with that many tasks; returns its folder."""
    subprocess.run([str(BUILD / "bin" / "minsheng"), "generate", "--out", str(folder), "--reports=off",
                    "--projects", str(rows // TASKS_PER_PROJECT), "--tasks-per-project", str(TASKS_PER_PROJECT)],
                   check=True, capture_output=True)
    return next(path.parent for path in folder.glob("*/list.csv"))


def by_sqlite(sample, folder):
    """Seconds of one .import."""
    file = folder / "baseline.db"
    for old in folder.glob("baseline.db*"):
        old.unlink()
    begin = time.perf_counter()
    run = subprocess.run(["sqlite3", str(file), "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                          "CREATE TABLE t (no TEXT, name TEXT, content TEXT, total TEXT, leads TEXT, others TEXT)",
                          f".import --csv --skip {HEADER_LINES} {sample / 'list.csv'} t"],
                         check=True, capture_output=True, text=True)
    taken = time.perf_counter() - begin
    assert not run.stderr, run.stderr[:500]  # a row with other columns would be told
    return taken


def by_suite(sample, rows, engine):
    """Seconds of one import by the CLI, and the registry's processor time during it."""
    program = json.loads((sample / "program.json").read_text())
    with Suite(rehearsal=False, start=False, engine=engine) as suite:
        suite.start("registry")
        suite.ports.setdefault("progress", {"grpc": 1, "http": 1})  # named by the CLI's environment, never called
        suite.registry("CreateDistrict", district=program["district"])
        pid = suite.processes["registry"].pid
        before = cpu_seconds(pid)
        begin = time.perf_counter()
        suite.cli("notice", "import", str(sample / "list.csv"), "--district", program["district"]["name"].split("/")[1],
                  "--document-number", program["document_number"], "--issued-on", program["issued_on"], "--illustration")
        taken = time.perf_counter() - begin
        used = cpu_seconds(pid) - before
        stored = suite.registry("GetProgram", name=f"{program['district']['name']}/programs/{program['year']}").program
        assert stored.task_count == rows, stored
        return taken, used


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000, help=f"tasks, a multiple of {TASKS_PER_PROJECT} (100000)")
    parser.add_argument("--pairs", type=int, default=7, help="pairs of runs; the median counts (7)")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite", help="the registry's database (sqlite)")
    arguments = parser.parse_args()
    pairs = []
    with tempfile.TemporaryDirectory(prefix="minsheng-import-") as name:
        folder = pathlib.Path(name)
        sample = generate(folder / "lists", arguments.rows)
        for i in range(arguments.pairs):
            if i % 2 == 0:
                plain = by_sqlite(sample, folder)
                ours = by_suite(sample, arguments.rows, arguments.engine)
            else:
                ours = by_suite(sample, arguments.rows, arguments.engine)
                plain = by_sqlite(sample, folder)
            pairs.append((plain, *ours))
    ratios = sorted(plain / taken for plain, taken, _ in pairs)
    print(json.dumps({
        "name": "import", "value": round(statistics.median(ratios), 3), "required": REQUIRED, "baseline": BASELINE,
        "spread": [round(ratios[0], 3), round(ratios[-1], 3)], "rows": arguments.rows, "pairs": arguments.pairs,
        "engine": arguments.engine,
        "import_seconds": round(statistics.median(taken for _, taken, _ in pairs), 3),
        "baseline_seconds": round(statistics.median(plain for plain, _, _ in pairs), 3),
        "registry_cpu_seconds": round(statistics.median(used for _, _, used in pairs), 3)}))


if __name__ == "__main__":
    main()
