"""tools/bench: that every row can still be measured, what a missed requirement does, and that nothing outlives a run."""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from table import Result, Row, ratios, table  # noqa: E402

BENCH = str(HERE.parents[1] / "tools" / "bench")


def bench(*arguments):
    return subprocess.run([BENCH, *arguments], capture_output=True, text=True)


def processes_of(session):
    """Who still runs in a session."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(stat.parent.name))
    return found


class Whole(unittest.TestCase):
    def test_every_row_is_measured_and_none_is_judged(self):
        run = bench("--quick", "--json", "-")
        self.assertEqual(run.returncode, 0, run.stderr)
        found = json.loads(run.stdout)
        self.assertTrue(found["quick"])
        names = [line.split()[0] for line in bench("--list").stdout.splitlines()]
        self.assertCountEqual([row["name"] for row in found["rows"]], names)
        for row in found["rows"]:
            with self.subTest(row["name"]):
                self.assertLessEqual({"name", "value", "required", "pass", "baseline", "unit"}, set(row))
                self.assertIsNone(row["pass"])
                if "missing" not in row:
                    self.assertTrue(row["spread"][0] <= row["value"] <= row["spread"][1])

    def test_an_interrupted_run_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.Popen([BENCH, "million-summary"], env={**os.environ, "TMPDIR": folder}, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
            said = ""
            while "load" not in said:  # a service is starting, beside a database being made
                said += run.stderr.read(1) or self.fail(said)
            run.send_signal(signal.SIGINT)
            run.communicate()
            self.assertEqual(run.returncode, 130)
            self.assertEqual(processes_of(run.pid), [])
            self.assertEqual(list(pathlib.Path(folder).iterdir()), [])

    def test_help_names_every_option_and_a_wrong_name_is_told(self):
        text = bench("--help").stdout
        for option in re.findall(r'add_argument\("(--[a-z]+)"', pathlib.Path(BENCH).read_text())[1:]:
            self.assertIn(option, text)
        wrong = bench("no-such-row")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("no-such-row", wrong.stderr)


class Verdicts(unittest.TestCase):
    AT_LEAST = Row("more", "多 (more)", "ratio", "echo", required=0.8)
    AT_MOST = Row("less", "少 (less)", "ms", required=50, at_most=True)

    def test_the_median_counts(self):
        self.assertEqual(Result(self.AT_LEAST, [0.1, 0.9, 0.81]).value, 0.81)
        self.assertTrue(Result(self.AT_LEAST, [0.1, 0.9, 0.81]).passed)
        self.assertFalse(Result(self.AT_LEAST, [0.9, 0.79, 0.1]).passed)
        self.assertTrue(Result(self.AT_MOST, [50]).passed)
        self.assertFalse(Result(self.AT_MOST, [50.1]).passed)
        self.assertIsNone(Result(self.AT_MOST, [], missing="not there").passed)

    def test_a_ratio_is_taken_pair_by_pair(self):
        result = ratios(self.AT_LEAST, [(1, 2), (100, 100), (10, 5)], "calls/s")
        self.assertEqual(result.values, [2, 1, 0.5])
        self.assertEqual(result.value, 1)
        self.assertEqual(result.detail["baseline_value"], 10)

    def test_the_table_shows_value_spread_and_verdict(self):
        lines = table([Result(self.AT_LEAST, [0.7, 0.75, 0.9]), Result(self.AT_MOST, [12.5])], judged=True).splitlines()
        self.assertRegex(lines[2], r"^more +0\.750 +≥ 0\.8 +✗ +0\.700–0\.900 +ratio +echo$")
        self.assertRegex(lines[3], r"^less +12\.500 +≤ 50 +✓ +12\.500–12\.500 +ms +—$")
        self.assertNotIn("✗", table([Result(self.AT_LEAST, [0.7])], judged=False))


if __name__ == "__main__":
    unittest.main()
