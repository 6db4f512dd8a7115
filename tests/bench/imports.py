"""Importing a list of 100,000 rows against sqlite3's .import of the same file; measured by import_bench.py."""

import pathlib

from servers import output_of
from table import Result, Row

ROWS = [Row("import-rows", "导入十万行 (import of 100,000 rows)", "ratio", "sqlite3 .import", required=0.3)]
SCRIPT = pathlib.Path(__file__).with_name("import_bench.py")


def measure(run, rows):
    if not SCRIPT.exists():
        return [Result(rows[0], [], missing="没有 (not there)")]
    found = output_of("/usr/bin/python3", SCRIPT, f"--rows={run.size(100_000, 100)}", f"--rounds={run.rounds}")
    return [Result(rows[0], found["ratios"], found)]
