"""Corrections, strictness and revisions of a list, over the real services."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import SharedSuiteCase  # noqa: E402
from suite import PB, Suite  # noqa: E402
from test_bad_files import LIST, altered, diagnostics, import_file  # noqa: E402

POND = f"{Suite.PROGRAM}/projects/municipal-07/tasks/1"
COVERS = f"{Suite.PROGRAM}/projects/municipal-05/tasks/1"
PARK = f"{Suite.PROGRAM}/projects/municipal-03/tasks/1"


def corrected(*rows):
    """A table of corrections with the columns task, no, drop, base, value, amount."""
    return ("task\tno\tdrop\tbase\tvalue\tamount\n" + "\n".join("\t".join(row) for row in rows) + "\n").encode()


class Corrections(SharedSuiteCase):

    def task(self, name):
        return self.suite.registry("GetTask", name=name).task

    def confirm(self, content=LIST, **fields):
        shown = import_file(self.suite, content, validate_only=True, **fields)
        taken = import_file(self.suite, content, etag=shown.program.etag, diff_hash=shown.diff_hash, **fields)
        self.suite.wait_followed()
        return taken

    def test_corrections_are_kept_when_a_revised_list_comes_without_them(self):
        self.confirm(corrections=corrected(("municipal-07/1", "1", "", "44", "", ""),
                                           ("municipal-03/1", "", "", "", "", "300万元")))
        self.assertEqual(self.task(POND).targets[0].base, "44")
        self.assertEqual(self.task(PARK).planned_investment.fen, 300_000_000)
        self.confirm(altered("建设完成2个口袋公园。", "建设完成3个口袋公园。"), corrections=b"")
        self.assertEqual(self.task(POND).targets[0].base, "44")
        park = self.task(PARK)
        self.assertEqual((park.targets[0].value, park.planned_investment.fen), ("3", 300_000_000))

    def test_a_correction_of_words_that_changed_is_kept_and_told(self):
        self.confirm(corrections=corrected(("municipal-05/1", "1", "", "", "550", "")))
        self.assertEqual(self.task(COVERS).targets[0].value, "550")
        self.assertEqual(self.task(COVERS).targets[0].confidence, 100)
        shown = import_file(self.suite, altered("完成500个窨井盖整治。", "完成600个窨井盖整治。"), corrections=b"",
                            validate_only=True)
        self.assertIn("600个", diagnostics(shown, "CORRECTION_TEXT_CHANGED")[0].message)
        self.assertEqual(next(t for t in shown.tasks if t.name == COVERS).targets[0].value, "550")

    def test_what_is_changed_by_hand_is_a_correction_as_well(self):
        request = PB["registry"].UpdateTaskRequest(reason="核定", task=self.task(POND))
        request.update_mask.paths.append("targets")
        request.task.targets[0].base = "57"
        self.suite.registry("UpdateTask", request)
        self.suite.wait_followed()
        self.assertEqual({c.target: dict(c.cells)["base"] for c in self.task(POND).corrections}, {1: "57"})
        shown = import_file(self.suite, corrections=b"", validate_only=True)
        self.assertEqual([c for c in shown.changes if c.name == POND], [])

    def test_a_target_is_left_out_and_comes_back(self):
        two = f"{Suite.PROGRAM}/projects/municipal-02/tasks/1"
        self.confirm(corrections=corrected(("municipal-02/1", "1", "yes", "", "", "")))
        self.assertEqual([t.number for t in self.task(two).targets], [2])
        self.confirm(corrections=corrected(("municipal-02/1", "1", "", "", "2", "")))
        self.assertEqual([t.number for t in self.task(two).targets], [1, 2])

    def test_bad_corrections_are_named_all_at_once_and_nothing_is_stored(self):
        with self.nothing_stored(), self.refused("INVALID_ARGUMENT", "BAD_CORRECTIONS", "第2行", "第3行"):
            import_file(self.suite, corrections=b"task\tno\tbase\nx\t1\t4\nmunicipal-07/1\t0\t4\n")
        with self.nothing_stored(), self.refused("FAILED_PRECONDITION", "IMPORT_INCOMPLETE", "BAD_CORRECTION", "value"):
            import_file(self.suite, corrections=corrected(("municipal-07/1", "1", "", "", "many", "")))

    def test_strict_refuses_what_is_doubtful(self):
        with self.nothing_stored(), self.refused("FAILED_PRECONDITION", "IMPORT_INCOMPLETE", "STAGE_UNCLEAR"):
            import_file(self.suite, strict=True)

    def test_a_list_in_force_is_changed_for_a_reason_by_those_who_may(self):
        changed = altered("建设完成2个口袋公园。", "建设完成6个口袋公园。")
        shown = import_file(self.suite, changed, validate_only=True)
        confirmed = {"etag": shown.program.etag, "diff_hash": shown.diff_hash}
        for missing in ("reason", "approval"):
            with self.nothing_stored(), self.refused("FAILED_PRECONDITION", "APPROVAL_NEEDED", missing):
                import_file(self.suite, changed, **{**confirmed, missing: ""})
        before = self.suite.registry("GetProgram", name=Suite.PROGRAM).program.revision
        taken = import_file(self.suite, changed, **confirmed)
        self.suite.wait_followed()
        self.assertEqual(taken.program.revision, before + 1)
        self.assertIn("targets/1", [c.field for c in taken.changes if c.name == PARK])


if __name__ == "__main__":
    unittest.main()
