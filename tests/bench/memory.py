"""Resident memory: of each service with the sample after a minute of calls, and of progress per task of a long list."""

import subprocess

import rpc_bench
from million import SMALL
from servers import program, resident_bytes
from table import Result, Row

ROWS = [Row("memory-registry", "示例清单下 registry 常驻内存 (resident, 29 tasks)", "MiB", required=40, at_most=True),
        Row("memory-progress", "示例清单下 progress 常驻内存 (resident, 29 tasks)", "MiB", required=40, at_most=True),
        Row("memory-per-task", "每任务常驻内存 (progress, per task at 1,000,000)", "bytes")]
METHODS = {"memory-registry": "GetTask", "memory-progress": "GetAssessment"}
MIB = 1 << 20


def after_calls(run, row):
    """The memory at the end of each part of a minute of calls, 64 under way, and scrapes between."""
    suite = run.sample()
    service, method = rpc_bench.METHODS[METHODS[row.name]]
    names = [task.name for task in suite.registry("ListTasks", parent=suite.PROGRAM, page_size=100).tasks]
    values = []
    for _ in run.each():
        subprocess.run([program("rpc_bench"), "load", "--address", suite.address(service), "--method", method, "--name", *names,
                        "--warm-up=0", f"--seconds={run.size(60 / run.rounds, 0.1)}"], stdout=subprocess.DEVNULL, check=True)
        suite.http(service, "/metrics")
        if service == "progress":
            suite.progress("SummarizeProgram", name=suite.PROGRAM)
        values.append(resident_bytes(suite.processes[service].pid) / MIB)
    return Result(row, values, {"after": f"{run.rounds} parts of a minute of {method}"})


def per_task(run, row):
    small, large = run.seeded(SMALL), run.large()
    a, b = resident_bytes(small.pid), resident_bytes(large.pid)
    small.close()
    return Result(row, [(b - a) / (run.tasks_max - SMALL)], {"mib_at_29": a / MIB, "mib_at_most": b / MIB})


def measure(run, rows):
    return [per_task(run, row) if row.name == "memory-per-task" else after_calls(run, row) for row in rows]
