"""SummarizeProgram and a scrape at a million tasks against 29: one program, the same units."""

import statistics

from servers import SUMMARIZE, output_of, program
from table import Row, ratios

ROWS = [Row("million-summary", "百万任务汇总 (SummarizeProgram at 1,000,000 tasks)", "ratio of times", "29 tasks",
            required=1.2, at_most=True),
        Row("million-scrape", "百万任务 /metrics (scrape at 1,000,000 tasks)", "ratio of times", "29 tasks", required=1.2,
            at_most=True)]
SMALL = 29


def summary_micros(run, suite):
    """The median time of a call when one is under way at a time."""
    return output_of(program("rpc_bench"), "load", "--address", suite.address("progress"), "--method", SUMMARIZE, "--name",
                     suite.PROGRAM, "--outstanding=1", "--channels=1", f"--seconds={run.size(1, 0.1)}",
                     f"--warm-up={run.size(0.2, 0)}")["p50_us"]


def scrape_micros(run, small, large):
    """The median times of scrapes taken in turn, who is first by turns."""
    times = {small: [], large: []}
    for i in range(run.size(200, 6)):
        for suite in (small, large) if i % 2 == 0 else (large, small):
            times[suite].append(suite.scrape()[0])
    return tuple(statistics.median(side) * 1e6 for side in times.values())


def measure(run, rows):
    small, large = run.seeded(SMALL), run.large()
    results = []
    for row in rows:
        if row.name == "million-summary":
            pairs = run.pairs(lambda: summary_micros(run, small), lambda: summary_micros(run, large))
        else:
            pairs = [scrape_micros(run, small, large) for _ in run.each()]
        results.append(ratios(row, pairs, "us"))
    small.close()
    return results
