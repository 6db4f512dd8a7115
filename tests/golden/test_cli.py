"""What the command line prints of the published list, and its help."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from golden import assert_golden  # noqa: E402
from suite import BUILD, ROOT  # noqa: E402

SAMPLE = pathlib.Path("deploy") / "samples" / "wulong-2024"


def minsheng(*arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MINSHENG_")}
    run = subprocess.run([str(BUILD / "bin" / "minsheng"), *arguments], cwd=ROOT, capture_output=True, text=True,
                         env={**environment, "NO_COLOR": "1"}, check=True)
    return run.stdout


def parsed(file):
    return json.loads(minsheng("notice", "parse", str(SAMPLE / file), "--corrections", str(SAMPLE / "corrections.tsv"),
                               "--output", "json"))


def without_places(notice):
    """The list without where it stood in its file."""
    tasks = [{k: v for k, v in task.items() if k != "source_row"} for task in notice["tasks"]]
    diagnostics = [{k: v for k, v in d.items() if k != "place"} for d in notice["diagnostics"]]
    return {**notice, "tasks": tasks, "diagnostics": diagnostics}


class CommandLine(unittest.TestCase):

    def test_the_sample_list_is_read_as_kept(self):
        notice = parsed("list.csv")
        self.assertEqual((len(notice["projects"]), len(notice["tasks"])), (23, 29))
        assert_golden(self, "notice.json", json.dumps(notice, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

    def test_a_copied_web_page_gives_the_same_list_but_for_rows(self):
        self.maxDiff = 8000
        self.assertEqual(without_places(parsed("list.txt")), without_places(parsed("list.csv")))

    def test_the_amounts_add_up_to_what_the_list_declares(self):
        notice = parsed("list.csv")
        groups = {g["id"]: int(g["declared_total"]["fen"]) for g in notice["program"]["groups"]}
        sums = dict.fromkeys(groups, 0)
        for task in notice["tasks"]:
            sums[task["group"]] += int(task.get("planned_investment", {}).get("fen", 0))
        self.assertEqual(sums, groups)
        self.assertEqual(sum(sums.values()), int(notice["program"]["declared_total"]["fen"]))

    def test_the_help_is_the_one_kept(self):
        assert_golden(self, "help.txt", minsheng("--help"))


if __name__ == "__main__":
    unittest.main()
