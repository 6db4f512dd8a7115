"""How soon a new report shows in SummarizeProgram and /metrics, at a million tasks while 16 clients write.

A probe completes a task of group 1, which the other writers leave alone: so the count of completed tasks there is the
probe's own. Measured from sending the report until both have shown it, the asking included."""

import itertools
import re
import statistics
import subprocess
import time

from servers import PB, program
from table import Result, Row

ROWS = [Row("fresh-report-p99", "新报告可见 (report to summary and /metrics, p99, 16 writers)", "ms", required=50,
            at_most=True)]
WRITERS = 16
GROUP = 1
TASKS_PER_PROJECT, GROUPS = 3, 3
COMPLETED = re.compile(rb'^minsheng_tasks\{[^}]*group="group1"[^}]*light="completed"[^}]*\} (\d+)'
                       rb'|^minsheng_tasks\{[^}]*light="completed"[^}]*group="group1"[^}]*\} (\d+)', re.M | re.I)


def probe_tasks(tasks):
    """Tasks of group 1 with a counted target: their names and the whole of it."""
    for task in range(tasks):
        project = task // TASKS_PER_PROJECT
        if project % GROUPS + 1 == GROUP and task % 3 != 0:
            yield f"group{GROUP}-{project + 1}/tasks/{task % TASKS_PER_PROJECT + 1}", 10 + task * 37 % 4990


def completed_in_summary(suite):
    light = PB["progress"].Light.Value("LIGHT_COMPLETED")
    tally = next(tally for tally in suite.summarize()[1].groups if tally.group == f"group{GROUP}")
    return next((count.count for count in tally.tasks if count.light == light), 0)


def completed_in_metrics(suite):
    found = COMPLETED.search(suite.scrape()[1].encode())
    return int(found.group(1) or found.group(2))


def probe_ms(suite, task, value, number):
    """Milliseconds until one report is seen in both. Completed or not before, it is so after."""
    summary, metrics = completed_in_summary(suite), completed_in_metrics(suite)
    begun = time.perf_counter()
    suite.progress("SubmitReport", parent=f"{suite.PROGRAM}/projects/{task}", period="2024-04", request_id=f"probe-{number}",
                   report={"measures": [{"target": 1, "value": str(value)}], "progress_text": "完工"})
    while completed_in_summary(suite) != summary + 1:
        pass
    while completed_in_metrics(suite) != metrics + 1:
        pass
    return (time.perf_counter() - begun) * 1e3


def measure(run, rows):
    suite = run.large()
    probes = probe_tasks(run.tasks_max)
    numbers = itertools.count()
    load = subprocess.Popen([program("submit_load"), "--address", suite.address("progress"), f"--tasks={run.tasks_max}",
                             "--month=4", f"--outstanding={WRITERS}", f"--skip-group={GROUP}", "--seconds=86400"],
                            stdout=subprocess.DEVNULL)
    values, medians = [], []
    try:
        head = suite.log_call("progress", "GetLogHead").position
        begun = time.monotonic()
        for _ in run.each():
            times = sorted(probe_ms(suite, *next(probes), next(numbers)) for _ in range(run.size(200, 5)))
            values.append(times[len(times) * 99 // 100])
            medians.append(statistics.median(times))
        written = suite.log_call("progress", "GetLogHead").position - head
        if load.poll() is not None:
            raise RuntimeError("the writers have stopped")
        return [Result(rows[0], values, {"p50_ms": statistics.median(medians), "probes_per_round": run.size(200, 5),
                                         "writes_per_second": written / (time.monotonic() - begun)})]
    finally:
        load.kill()
        load.wait()
