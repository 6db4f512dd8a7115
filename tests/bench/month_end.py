"""The first question after a month's end, at a million tasks against 29. The rehearsals' time is moved over the ends of
April to December; what that call itself does (it is a write) is not counted, what the question still has to do is."""

from million import SMALL
from table import Row, ratios

ROWS = [Row("month-end-summary", "月末后首次汇总 (first SummarizeProgram after a month's end)", "ratio of times", "29 tasks",
            required=1.2, at_most=True),
        Row("month-end-scrape", "月末后首次 /metrics (first scrape after a month's end)", "ratio of times", "29 tasks",
            required=1.2, at_most=True)]
ENDS = [f"2024-{month:02}-01T00:00:00+08:00" for month in range(5, 13)] + ["2025-01-01T00:00:00+08:00"]


def first_micros(suite, end, ask):
    suite.advance(end)
    return ask(suite)[0] * 1e6


def measure(run, rows):
    results = []
    for row in rows:
        ask = (lambda suite: suite.summarize()) if row.name == "month-end-summary" else (lambda suite: suite.scrape())
        small, large = run.seeded(SMALL), run.take_large()
        for suite in (small, large):
            ask(suite)  # the client's first call costs more than a later one
        ends = iter(ENDS)  # both sides of a pair move to the same end
        pairs = []
        for i in run.each():
            end = next(ends, None)
            if end is None:
                break  # the year has nine more ends
            if i % 2 == 0:
                a, b = first_micros(small, end, ask), first_micros(large, end, ask)
            else:
                b, a = first_micros(large, end, ask), first_micros(small, end, ask)
            pairs.append((a, b))
        small.close()
        large.close()
        results.append(ratios(row, pairs, "us"))
    return results
