"""100,000 tasks judged at the twelve month ends of their year, on one core."""

import subprocess
import json

from servers import program
from table import Result, Row

ROWS = [Row("judge-year", "十万任务×12 个月重新评判 (100,000 tasks × 12 months, whole assessments)", "s", required=1,
            at_most=True),
        Row("judge-year-lights", "同上，只评灯 (lights only)", "s", required=1, at_most=True)]
FIGURES = {"judge-year": "assess_12_months", "judge-year-lights": "light_at_12_months"}


def figures(run):
    output = subprocess.run([program("judge_bench"), str(run.size(100_000, 100)), "1"], stdout=subprocess.PIPE, text=True,
                            check=True).stdout
    return {row["name"]: row["value"] for row in map(json.loads, output.splitlines())}


def measure(run, rows):
    rounds = [figures(run) for _ in run.each()]
    return [Result(row, [one[FIGURES[row.name]] for one in rounds], {"tasks": rounds[0]["tasks"]}) for row in rows]
