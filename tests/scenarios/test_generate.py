"""Generated districts through the real suite: loaded at once, and one rehearsed; the oracle counts the same lights."""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import Refusals, oracle  # noqa: E402
from suite import BUILD, PB, Suite  # noqa: E402

YEAR_END = "2025-02-01"
FROM_JANUARY = {name: ["--rehearsal_start=2024-01-01T00:00:00+08:00"] for name in Suite.NAMES}
LIGHT = PB["progress"].Light


class Generated(Refusals, unittest.TestCase):

    def setUp(self):
        self.suite = Suite(flags=FROM_JANUARY)
        self.addCleanup(self.suite.close)
        folder = tempfile.TemporaryDirectory(prefix="minsheng-generate-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def generate(self, name, *options):
        out = self.folder / name
        return out, json.loads(self.suite.cli("generate", "--out", str(out), "-o", "json", *options))

    def load(self, folder):
        self.suite.cli("clock", "advance", YEAR_END)
        return json.loads(self.suite.cli("load", str(folder), "-o", "json"))

    def assert_metrics_agree(self, at):
        self.suite.wait_followed()
        (self.suite.folder / "metrics.txt").write_text(self.suite.http("progress", "/metrics"))
        comparison = oracle(self.suite, f"{at}T00:00:00+08:00", "--metrics", str(self.suite.folder / "metrics.txt"))
        self.assertEqual(comparison.returncode, 0, comparison.stdout + comparison.stderr)
        self.assertRegex(comparison.stdout, r"compared [1-9]\d+ values, 0 differ")

    def programs(self):
        return [p.name for p in self.suite.registry("ListPrograms", parent="districts/-").programs]

    def lights(self, program):
        reply = self.suite.progress("ListAssessments", parent=program, pageSize=1000)
        return {a.name: LIGHT.Name(a.light) for a in reply.assessments}

    def test_two_loaded_districts_have_the_lights_that_the_oracle_counts(self):
        folder, made = self.generate("two", "--districts", "2")
        loaded = self.load(folder)
        self.assertEqual({k: loaded[k] for k in ("tasks", "plans", "reports", "actions")},
                         {k: made[k] for k in ("tasks", "plans", "reports", "actions")})
        self.assertEqual(len(self.programs()), 2)
        self.assert_metrics_agree(YEAR_END)

    def test_a_load_that_is_repeated_stores_nothing(self):
        folder, _ = self.generate("one")
        self.load(folder)
        before = self.stored()
        self.load(folder)
        self.assert_same_stored(before, self.stored())

    def test_a_load_before_the_years_end_is_refused_with_nothing_stored(self):
        folder, _ = self.generate("one")
        before = self.stored()
        code, _, errors = self.suite.cli("load", str(folder), check=False)
        self.assertEqual(code, 1)
        self.assertIn("TOO_EARLY", errors)
        self.assertIn("clock advance", errors)
        self.assert_same_stored(before, self.stored())

    def test_a_rehearsed_year_agrees_with_the_oracle_and_ends_with_the_lights_of_a_load(self):
        folder, _ = self.generate("one")
        sample = next(folder.iterdir())
        for date in ("2024-04-01", "2024-09-01", YEAR_END):
            self.suite.cli("rehearse", str(sample), "--to", date)
            self.assert_metrics_agree(date)
        rehearsed = self.lights(self.programs()[0])
        self.assertGreater(len(set(rehearsed.values())), 2, "a year of several lights")
        with Suite(flags=FROM_JANUARY) as second:
            second.cli("clock", "advance", YEAR_END)
            second.cli("load", str(folder))
            second.wait_followed()
            reply = second.progress("ListAssessments", parent=self.programs()[0], pageSize=1000)
            self.assertEqual({a.name: LIGHT.Name(a.light) for a in reply.assessments}, rehearsed)

    def test_of_a_list_too_long_for_one_answer_the_beginning_is_shown_and_all_is_stored(self):
        folder, _ = self.generate("long", "--projects", "70", "--tasks-per-project", "20", "--reports", "off")
        sample = next(folder.iterdir())
        program = json.loads((sample / "program.json").read_text())
        district = program["district"]["name"]
        self.suite.registry("CreateDistrict", district=program["district"])
        request = PB["registry"].ImportProgramRequest(
            parent=district, file_name="list.csv", content=(sample / "list.csv").read_bytes(), request_id="long",
            document_number=program["document_number"], issued_on=program["issued_on"])
        answer = self.suite.registry("ImportProgram", request)
        self.assertTrue(answer.stored)
        self.assertEqual((len(answer.tasks), answer.program.task_count), (1000, 1400))
        self.assertEqual((len(answer.projects), answer.program.project_count), (70, 70))
        self.assertEqual((answer.unit_count, answer.diagnostic_count), (len(answer.units), len(answer.diagnostics)))
        self.assertEqual(self.suite.registry("ImportProgram", request), answer)  # repeated
        listed = self.suite.registry("ListTasks", parent=answer.program.name, pageSize=1000)
        self.assertEqual(listed.total_size, 1400)
        self.assertEqual(list(answer.tasks), list(listed.tasks))

        arguments = ("notice", "import", str(folder / "changed.csv"), "--district", district.split("/")[1],
                     "--document-number", program["document_number"], "--issued-on", program["issued_on"])
        (folder / "changed.csv").write_text((sample / "list.csv").read_text().replace("。", "！"))
        code, _, errors = self.suite.cli(*arguments, check=False)
        self.assertEqual((code, "CONFIRMATION_NEEDED" in errors), (1, True), errors)
        self.assertEqual(self.suite.registry("GetProgram", name=answer.program.name).program, answer.program)
        shown = self.suite.cli(*arguments, "--dry-run")
        self.assertIn("处变动未列出", shown)
        self.assertIn("已导入", self.suite.cli(*arguments, "--yes"))
        self.assertIn("没有变化", self.suite.cli(*arguments))
        stored = self.suite.registry("ListTasks", parent=answer.program.name, pageSize=1000).tasks
        self.assertTrue(stored[0].content.endswith("！"), stored[0])
        verified = self.suite.verify("registry")
        self.assertTrue(verified.ok, verified.findings)

    def test_the_files_are_taken_by_the_single_commands_too(self):
        folder, made = self.generate("one")
        sample = next(folder.iterdir())
        program = json.loads((sample / "program.json").read_text())
        district = program["district"]["name"].removeprefix("districts/")
        self.suite.cli("clock", "advance", YEAR_END)
        self.suite.cli("district", "create", district, program["district"]["title"])
        self.suite.cli("notice", "import", str(sample / "list.csv"), "--district", district, "--corrections",
                       str(sample / "corrections.tsv"), "--document-number", program["document_number"],
                       "--issued-on", program["issued_on"], "--illustration")
        self.suite.cli("program", "publish")
        task = (sample / "plans.csv").read_text().splitlines()[1].split(",")[0]
        self.suite.cli("plan", "file", task, str(sample / "plans.csv"))
        self.suite.wait_followed()
        imported = self.suite.cli("report", "import", str(sample / "reports.csv"))
        self.assertIn(str(made["reports"]), imported)

    def test_the_same_seed_gives_the_same_bytes_however_many_districts(self):
        one, _ = self.generate("one", "--districts", "1")
        three, _ = self.generate("three", "--districts", "3")
        other, _ = self.generate("other", "--districts", "1", "--seed", "2")
        name = next(one.iterdir()).name
        for file in sorted((one / name).iterdir()):
            self.assertEqual(file.read_bytes(), (three / name / file.name).read_bytes(), file.name)
        self.assertNotEqual((one / name / "list.csv").read_bytes(), (other / name / "list.csv").read_bytes())

    def test_a_folder_that_is_not_empty_is_refused_unless_forced(self):
        out, _ = self.generate("one")
        (out / "100000-2024.partial").mkdir()
        code, _, errors = self.suite.cli("generate", "--out", str(out), check=False)
        self.assertEqual(code, 1)
        self.assertIn("FOLDER_NOT_EMPTY", errors)
        self.assertIn("--force", errors)
        self.generate("one", "--force", "--districts", "2")
        self.assertEqual(len(list(out.glob("*-2024"))), 2)


if __name__ == "__main__":
    unittest.main()
