"""Importing a list of 100,000 rows against sqlite3's .import of the same file; import_bench.py says how."""

from table import Result, Row, ratios

ROWS = [Row("import-rows", "导入十万行 (import of 100,000 rows)", "ratio of rates", "sqlite3 .import", required=0.3)]


def measure(run, rows):
    try:
        import import_bench
    except ModuleNotFoundError:
        return [Result(rows[0], [], missing="没有 (not there)")]
    folder = run.folder / "import"
    count = run.size(100_000, 100)
    sample = import_bench.generate(folder / "lists", count)
    pairs = run.pairs(lambda: count / import_bench.by_sqlite(sample, folder),
                      lambda: count / import_bench.by_suite(sample, count, "sqlite")[0])
    return [ratios(rows[0], pairs, "rows/s")]
