"""Files that cannot be taken as they are: refused with a clear word and nothing stored, or taken with a diagnostic."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import FreshSuiteCase, SharedSuiteCase  # noqa: E402
from suite import PB, SAMPLE, Suite  # noqa: E402

LIST = (SAMPLE / "list.csv").read_bytes()
TEXT = (SAMPLE / "list.txt").read_bytes()
CORRECTIONS = (SAMPLE / "corrections.tsv").read_bytes()
SAID = {"document_number": "（示例）武隆府办发〔2024〕×号", "issued_on": "2024-03-15", "reason": "内容调整",
        "approval": "（示例）政府常务会议纪要×号"}


def altered(before, after, content=LIST):
    changed = content.decode("utf-8-sig").replace(before, after)
    assert changed != content.decode("utf-8-sig"), before
    return changed.encode()


def without_line(start):
    lines = LIST.decode("utf-8-sig").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) < len(lines), start
    return "".join(kept).encode()


def import_file(suite, content=LIST, file_name="list.csv", corrections=CORRECTIONS, identity=None, **fields):
    request = PB["registry"].ImportProgramRequest(
        parent=Suite.DISTRICT, file_name=file_name, content=content, corrections=corrections, illustration=True,
        **{**SAID, **fields})
    return suite.registry("ImportProgram", request, identity=identity)


def diagnostics(response, code):
    return [d for d in response.diagnostics if d.code == code]


class BadFiles(SharedSuiteCase):

    def test_an_empty_file_is_refused(self):
        for content in (b"", b" \r\n\r\n"):
            with self.refused("INVALID_ARGUMENT", "EMPTY_FILE", "空"):
                import_file(self.suite, content)

    def test_a_pdf_is_refused_and_told_from_a_table(self):
        with self.refused("INVALID_ARGUMENT", "NOT_TEXT", "PDF", "Word"):
            import_file(self.suite, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "list.pdf")

    def test_a_word_file_cut_short_is_refused(self):
        whole = (SAMPLE / "list.docx").read_bytes()
        for cut in (whole[:8], whole[:len(whole) // 2], whole[:-30]):
            with self.refused("INVALID_ARGUMENT", "TRUNCATED", "不完整"):
                import_file(self.suite, cut, "list.docx")

    def test_a_file_of_an_old_program_is_refused_with_advice(self):
        with self.refused("INVALID_ARGUMENT", "OLD_FORMAT", "另存为"):
            import_file(self.suite, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "list.doc")

    def test_word_and_excel_files_are_the_same_list(self):
        as_csv = import_file(self.suite, validate_only=True)
        for name in ("list.docx", "list.xlsx"):
            read = import_file(self.suite, (SAMPLE / name).read_bytes(), name, validate_only=True)
            self.assertEqual(([t.name for t in read.tasks], len(read.changes)), ([t.name for t in as_csv.tasks], 0))

    def test_a_file_cut_within_a_character_is_refused(self):
        cut = LIST[:LIST.index("农网巩固提升工程".encode()) + 4]
        with self.refused("INVALID_ARGUMENT", "TRUNCATED", "不完整"):
            import_file(self.suite, cut)

    def test_a_file_cut_within_a_quoted_cell_is_refused(self):
        cut = altered("建设完成2个口袋公园。", "\"建设完成2个口袋公园。")
        with self.refused("INVALID_ARGUMENT", "TRUNCATED"):
            import_file(self.suite, cut)

    def test_a_file_cut_between_two_rows_shows_in_counts_and_totals_and_is_not_taken_unasked(self):
        cut = LIST[:LIST.index("9,高层建筑隐患整治".encode())]
        with self.refused("FAILED_PRECONDITION", "CONFIRM_DIFF"):
            import_file(self.suite, cut, corrections=b"")
        with self.nothing_stored():
            shown = import_file(self.suite, cut, corrections=b"", validate_only=True)
        self.assertTrue(diagnostics(shown, "COUNT_MISMATCH"))
        self.assertTrue(diagnostics(shown, "TOTAL_MISMATCH"))
        removed = [c.name.rsplit("/", 3)[1] for c in shown.changes if c.field == "removed"]
        self.assertEqual(sorted(removed), ["district-09", "district-10"])

    def test_gb18030_is_detected_and_gives_the_same_list(self):
        gb18030 = LIST.decode("utf-8-sig").encode("gb18030")
        with self.nothing_stored():
            read = import_file(self.suite, gb18030)
            as_utf8 = import_file(self.suite, validate_only=True)
        self.assertEqual(len(read.tasks), 29)
        self.assertEqual(list(read.tasks), list(as_utf8.tasks))
        self.assertEqual(len(read.changes), 0)
        self.assertIn("GB18030", diagnostics(read, "ENCODING_CONVERTED")[0].message)

    def test_a_table_without_a_header_is_refused(self):
        headless = b"".join(LIST.splitlines(keepends=True)[:2] + LIST.splitlines(keepends=True)[4:])
        with self.refused("INVALID_ARGUMENT", "NO_TABLE_HEADER", "项目名称"):
            import_file(self.suite, headless)

    def test_a_negative_amount_is_refused_naming_its_cell(self):
        with self.refused("INVALID_ARGUMENT", "NEGATIVE_AMOUNT", "第9行", "-280"):
            import_file(self.suite, altered(",280,区城市管理局", ",-280,区城市管理局"))

    def test_an_amount_that_is_no_number_is_refused_naming_its_cell(self):
        with self.refused("INVALID_ARGUMENT", "BAD_AMOUNT", "第9行", "二百八"):
            import_file(self.suite, altered(",280,区城市管理局", ",二百八,区城市管理局"))

    def test_corrections_of_an_unknown_task_are_refused(self):
        unknown = CORRECTIONS.replace(b"municipal-07/1", b"municipal-77/1")
        with self.refused("FAILED_PRECONDITION", "IMPORT_INCOMPLETE", "UNKNOWN_TASK_IN_CORRECTIONS", "municipal-77/1"):
            import_file(self.suite, corrections=unknown)

    def test_only_the_list_office_imports(self):
        with self.refused("PERMISSION_DENIED", "ROLE_NOT_ALLOWED", "role"):
            import_file(self.suite, identity={"role": "reporter"})


class WhatMustBeToldFirst(SharedSuiteCase):

    @classmethod
    def prepare(cls):
        cls.suite.registry("CreateDistrict", district={"name": Suite.DISTRICT, "title": "武隆区"})
        cls.suite.wait_followed()

    def test_a_missing_document_number_is_asked_for(self):
        with self.refused("FAILED_PRECONDITION", "IMPORT_INCOMPLETE", "DOCUMENT_NUMBER_UNKNOWN", "文号"):
            import_file(self.suite, document_number="")

    def test_a_missing_date_is_asked_for(self):
        with self.refused("FAILED_PRECONDITION", "IMPORT_INCOMPLETE", "ISSUED_ON_UNKNOWN", "成文日期"):
            import_file(self.suite, issued_on="")

    def test_a_missing_money_unit_is_asked_for(self):
        with self.refused("FAILED_PRECONDITION", "IMPORT_INCOMPLETE", "MONEY_UNIT_UNKNOWN", "万元"):
            import_file(self.suite, altered("单位：万元", ""))

    def test_a_date_that_is_none_is_refused(self):
        with self.refused("INVALID_ARGUMENT", "BAD_DATE", "issued_on"):
            import_file(self.suite, issued_on="2024-02-30")

    def test_a_district_that_is_unknown_is_not_found(self):
        request = PB["registry"].ImportProgramRequest(parent="districts/110101", content=LIST, **SAID)
        with self.refused("NOT_FOUND", "NOT_FOUND", "districts/110101"):
            self.suite.registry("ImportProgram", request)

    def test_everything_missing_is_named_at_once_by_validate_only_which_stores_nothing(self):
        with self.nothing_stored():
            shown = import_file(self.suite, altered("单位：万元", ""), document_number="", issued_on="",
                                validate_only=True)
        errors = {d.code for d in shown.diagnostics if d.severity == PB["registry"].SEVERITY_ERROR}
        self.assertEqual(errors, {"DOCUMENT_NUMBER_UNKNOWN", "ISSUED_ON_UNKNOWN", "MONEY_UNIT_UNKNOWN"})
        self.assertFalse(shown.stored)

    def test_validate_only_shows_the_whole_list_and_stores_nothing(self):
        with self.nothing_stored():
            shown = import_file(self.suite, validate_only=True)
        self.assertEqual((len(shown.projects), len(shown.tasks), shown.stored), (23, 29, False))


class TotalsThatDiffer(FreshSuiteCase):

    def prepare(self):
        self.suite.registry("CreateDistrict", district={"name": Suite.DISTRICT, "title": "武隆区"})

    def test_a_totals_mismatch_is_a_diagnostic_naming_the_cells_and_no_refusal(self):
        taken = import_file(self.suite, altered("合  计,,,141859,,", "合  计,,,141860,,"))
        self.assertTrue(taken.stored)
        mismatches = diagnostics(taken, "TOTAL_MISMATCH")
        self.assertTrue(mismatches)
        for diagnostic in mismatches:
            self.assertEqual(diagnostic.severity, PB["registry"].SEVERITY_WARNING)
        self.assertEqual((mismatches[0].place.row, mismatches[0].place.column), (5, 4))
        self.assertIn("141860", mismatches[0].message)
        self.assertIn("141859", mismatches[0].message)
        self.assertEqual(taken.program.declared_total.fen, 141860 * 10_000 * 100)


class ImportAgain(FreshSuiteCase):

    def program(self):
        return self.suite.registry("GetProgram", name=Suite.PROGRAM).program

    def tasks(self):
        return self.suite.registry("ListTasks", parent=Suite.PROGRAM).tasks

    def confirm(self, content, **fields):
        shown = import_file(self.suite, content, validate_only=True, **fields)
        taken = import_file(self.suite, content, etag=shown.program.etag, diff_hash=shown.diff_hash, **fields)
        self.suite.wait_followed()
        return taken

    def test_the_same_file_again_changes_nothing(self):
        with self.nothing_stored():
            for content, name in ((LIST, "list.csv"), (TEXT, "list.txt"), (LIST, "other.csv")):
                again = import_file(self.suite, content, name, request_id=name)
                self.assertEqual((again.stored, len(again.changes), again.diff_hash), (False, 0, ""))
                self.assertEqual(again.program, self.program())
                self.assertEqual(len(again.tasks), 29)

    def test_an_altered_file_must_be_confirmed_with_etag_and_diff_hash(self):
        changed = altered("建设完成2个口袋公园。", "建设完成3个口袋公园。")
        with self.refused("FAILED_PRECONDITION", "CONFIRM_DIFF", "2 places", "diff_hash") as asked:
            import_file(self.suite, changed)
        with self.nothing_stored():
            shown = import_file(self.suite, changed, validate_only=True)
        self.assertEqual([(c.name, c.field, c.before, c.after) for c in shown.changes],
                         [(f"{Suite.PROGRAM}/projects/municipal-03/tasks/1", "content", "建设完成2个口袋公园。",
                           "建设完成3个口袋公园。"),
                          (f"{Suite.PROGRAM}/projects/municipal-03/tasks/1", "targets/1", "口袋公园 ≥ 2个",
                           "口袋公园 ≥ 3个")])
        self.assertEqual(asked.error.metadata, {"etag": shown.program.etag, "diff_hash": shown.diff_hash})
        with self.refused("ABORTED", "STALE_ETAG", "read it again"):
            import_file(self.suite, changed, etag="0123456789abcdef", diff_hash=shown.diff_hash)
        with self.refused("ABORTED", "STALE_ETAG"):
            import_file(self.suite, altered("建设完成2个口袋公园。", "建设完成4个口袋公园。"), etag=shown.program.etag,
                        diff_hash=shown.diff_hash)

        taken = import_file(self.suite, changed, etag=shown.program.etag, diff_hash=shown.diff_hash)
        self.assertTrue(taken.stored)
        self.assertEqual(list(taken.changes), list(shown.changes))
        self.assertNotEqual(taken.program.etag, shown.program.etag)
        self.assertEqual(self.tasks()[2].content, "建设完成3个口袋公园。")
        self.suite.wait_followed()
        with self.refused("ABORTED", "STALE_ETAG"):
            import_file(self.suite, altered("建设完成2个口袋公园。", "建设完成5个口袋公园。"), etag=shown.program.etag,
                        diff_hash="0123456789abcdef")

    def test_a_changed_program_keeps_its_publication(self):
        before = self.program()
        taken = self.confirm(altered("建设完成2个口袋公园。", "建设完成3个口袋公园。"))
        self.assertEqual(taken.program.state, PB["registry"].PROGRAM_STATE_PUBLISHED)
        self.assertEqual(taken.program.publish_time, before.publish_time)

    def test_a_removed_row_is_shown_and_once_confirmed_no_longer_counts(self):
        changed = without_line("13,公益性殡葬")
        shown = import_file(self.suite, changed, validate_only=True)
        self.assertIn(f"{Suite.PROGRAM}/projects/municipal-13/tasks/1",
                      [c.name for c in shown.changes if c.field == "removed"])
        taken = self.confirm(changed)
        self.assertEqual((taken.program.project_count, taken.program.task_count), (22, 28))

        self.assertEqual(len(self.tasks()), 28)
        projects = self.suite.registry("ListProjects", parent=Suite.PROGRAM).projects
        self.assertEqual(len(projects), 22)
        summary = self.suite.progress("SummarizeProgram", name=Suite.PROGRAM)
        self.assertEqual(sum(c.count for c in summary.total.tasks), 28)
        self.assertEqual(sum(c.count for c in summary.total.projects), 22)
        removed = self.suite.registry("GetTask", name=f"{Suite.PROGRAM}/projects/municipal-13/tasks/1").task
        self.assertTrue(removed.removed)
        with self.refused("NOT_FOUND", "UNKNOWN_TASK"):
            self.suite.progress("SubmitReport", parent=removed.name, period="2024-03",
                                report={"measures": [{"target": 1, "value": "0"}]})
        with self.refused("NOT_FOUND", "NOT_FOUND"):
            self.suite.registry("FilePlan", parent=removed.name, revision={"starts_on": "2024-04-01"})

        back = self.confirm(LIST)
        self.assertEqual(back.program.task_count, 29)
        self.assertEqual(len(self.suite.registry("ListProjects", parent=Suite.PROGRAM).projects), 23)
        self.assertTrue(self.suite.verify("registry").ok)
        self.assertTrue(self.suite.verify("progress").ok)

    def test_a_changed_lead_moves_the_task_to_the_other_unit(self):
        self.confirm(altered(",2040,区交通局,", ",2040,区水利局,"))
        led = self.suite.registry("ListTasks", parent=Suite.PROGRAM, lead_unit="区水利局").tasks
        self.assertEqual([t.name.split("/projects/")[1] for t in led], ["municipal-06/tasks/1"])


if __name__ == "__main__":
    unittest.main()
