"""SubmitReport from 64 clients at once, each answer after its fsync, against SQLite alone committing the very rows that
the service stored (event, report, request), one report to an fsync. Both begin with the same seeded database."""

import shutil
import subprocess

from servers import Seeded, cpu_seconds, output_of, program
from table import Row, ratios

ROWS = [Row("durable-submits", "64 个客户端落盘报送 (durable SubmitReport, 64 clients)", "ratio",
            "raw SQLite, one fsync each", required=2, aim=3)]
CLIENTS = 64


def service(run, database, tasks, keep=None):
    """Reports per second of a fresh service, and what one cost its processor; `keep` gets its database afterwards."""
    with Seeded() as suite:
        suite.start_on(database)
        before = cpu_seconds(suite.pid)
        load = output_of(program("submit_load"), "--address", suite.address("progress"), f"--tasks={tasks}", "--month=4",
                         f"--outstanding={CLIENTS}", f"--seconds={run.size(2, 0.2)}", f"--warm-up={run.size(0.5, 0.1)}")
        load["server_cpu_seconds"] = cpu_seconds(suite.pid) - before
        suite.stop("progress")
        if keep:
            for file in (suite.folder / "state").glob("progress.db*"):
                shutil.copy(file, keep)
        return load


def raw(run, database, rows):
    copy = run.folder / "raw.db"
    shutil.copy(database, copy)
    subprocess.run(["sync", str(copy)], check=True)
    figures = output_of(program("raw_commits"), "--rows", rows, "--into", copy, f"--seconds={run.size(2, 0.2)}")
    for file in run.folder.glob("raw.db*"):
        file.unlink()
    return figures["commits_per_second"]


def measure(run, rows):
    tasks = run.size(50_000, 300)
    database = run.database(tasks)
    written = run.folder / "written"
    written.mkdir()
    service(run, database, tasks, keep=written)  # not counted: its rows are what SQLite is given
    pairs = run.pairs(lambda: raw(run, database, written / "progress.db"),
                      lambda: service(run, database, tasks)["calls_per_second"])
    return [ratios(rows[0], pairs, "reports/s")]
