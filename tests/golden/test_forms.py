"""The published list in every form that offices send it, and in the forms that LibreOffice makes of them: one list."""

import json
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from suite import BUILD, ROOT  # noqa: E402

SAMPLE = ROOT / "deploy" / "samples" / "wulong-2024"
FORMS = ROOT / "tests" / "golden" / "notice" / "forms"
OLD = ("old.doc", "old.xls")  # only LibreOffice reads these


def parse(path):
    return subprocess.run([str(BUILD / "bin" / "minsheng"), "--output", "json", "notice", "parse", str(path)],
                          capture_output=True, text=True)


def program(path):
    """What was read, without where it stood."""
    answer = json.loads(parse(path).stdout)
    for task in answer["tasks"]:
        task.pop("source_row", None)
    return {part: answer[part] for part in ("program", "projects", "tasks", "units")}


class Forms(unittest.TestCase):

    def setUp(self):
        self.published = program(SAMPLE / "list.csv")

    def test_the_list_has_its_rows_and_targets(self):
        self.assertEqual(len(self.published["tasks"]), 29)
        self.assertEqual(sum(len(task["targets"]) for task in self.published["tasks"]), 48)

    def test_every_form_gives_the_same_program(self):
        files = [SAMPLE / name for name in ("list.txt", "list.docx", "list.xlsx")]
        files += [path for path in sorted(FORMS.iterdir()) if path.name not in OLD]
        self.assertEqual(len(files), 8)
        for path in files:
            with self.subTest(path.name):
                self.assertEqual(program(path), self.published)

    def test_files_of_old_programs_are_converted_or_refused_with_advice(self):
        for name in OLD:
            with self.subTest(name):
                if shutil.which("soffice"):
                    self.assertEqual(program(FORMS / name), self.published)
                else:
                    refused = parse(FORMS / name)
                    self.assertIn("CONVERTER_MISSING", refused.stderr)
                    self.assertIn("另存为", refused.stderr)


if __name__ == "__main__":
    unittest.main()
