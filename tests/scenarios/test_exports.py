"""Out again: the list as a file that reads back as itself, and the monthly workbooks that units fill in."""

import json
import pathlib
import shutil
import subprocess
import sys
import unittest

import openpyxl

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import FreshSuiteCase, SharedSuiteCase  # noqa: E402
from suite import SAMPLE, Suite, task  # noqa: E402

PROGRAM = json.loads((SAMPLE / "program.json").read_text())
ROADS = task("municipal-06/1")  # 120 km, of which 80 are part of it
PERIOD = "2024-04"
HEAD_ROW = 4  # of the form


def import_again(suite, file):
    """What an import of the file would change, with all that no list says of itself."""
    shown = suite.cli("notice", "import", str(file), "--district", "500156",
                      "--document-number", PROGRAM["document_number"], "--issued-on", PROGRAM["issued_on"],
                      "--dry-run", "--output", "json")
    return json.loads(shown).get("changes", [])


class Exports(SharedSuiteCase):

    def export(self, name, *options):
        file = self.suite.folder / name
        self.suite.cli("notice", "export", "--to", str(file), *options)
        return file

    def test_the_list_as_csv_reads_back_as_the_same_list(self):
        self.assertEqual(import_again(self.suite, self.export("清单.csv")), [])

    def test_a_change_in_the_file_is_a_difference(self):
        file = self.export("改动.csv")
        file.write_text(file.read_text().replace(",4700,", ",4701,"))
        self.assertEqual([c["field"] for c in import_again(self.suite, file)], ["amount"])

    def test_the_list_as_a_workbook_reads_back_as_the_same_list(self):
        file = self.export("清单.xlsx")
        self.assertEqual(import_again(self.suite, file), [])
        if shutil.which("soffice"):
            self.assertEqual(import_again(self.suite, through_office(file)), [])

    def test_the_workbook_holds_the_notice(self):
        sheet = openpyxl.load_workbook(self.export("看.xlsx")).active
        self.assertEqual(sheet["A2"].value, "武隆区2024年度民生实事目标任务清单")
        self.assertEqual((sheet["A6"].value, sheet["D6"].value), ("合  计", 141859))
        self.assertEqual((sheet["A7"].value, sheet["D7"].value), ("承接市级民生实事（13件）", 8820))
        self.assertEqual(sheet["D8"].value, 4700)
        merged = {str(area) for area in sheet.merged_cells.ranges}
        self.assertLessEqual({"A18:A19", "B18:B19", "C4:D4", "A6:C6"}, merged)
        self.assertEqual((sheet.page_setup.orientation, sheet.page_setup.paperSize), ("landscape", 9))
        self.assertEqual(sheet.print_title_rows, "$4:$5")

    def test_a_file_that_is_there_is_not_replaced_unasked(self):
        file = self.export("一.csv")
        file.write_text("别人的")
        code, _, errors = self.suite.cli("notice", "export", "--to", str(file), check=False)
        self.assertEqual(code, 1)
        self.assertIn("[FILE_EXISTS]", errors)
        self.assertIn("--force", errors)
        self.assertEqual(file.read_text(), "别人的")
        self.export("一.csv", "--force")
        self.assertIn("武隆区", file.read_text())

    def test_any_other_ending_is_a_wrong_command(self):
        code, _, errors = self.suite.cli("notice", "export", "--to", "/tmp/list.pdf", check=False)
        self.assertEqual(code, 2)
        self.assertIn(".xlsx", errors)


def through_office(file):
    """The file as LibreOffice saves it."""
    out = file.parent / "office"
    out.mkdir(exist_ok=True)
    subprocess.run(["soffice", f"-env:UserInstallation=file://{file.parent}/office-profile", "--headless",
                    "--convert-to", "xlsx", "--outdir", str(out), str(file)],
                   check=True, capture_output=True, timeout=120)
    return out / file.name


class Form:
    """A unit's workbook, filled in by the words of its rows and heads."""

    def __init__(self, file):
        self.book = openpyxl.load_workbook(file)
        self.sheet = self.book.active
        self.columns = {cell.value: cell.column for cell in self.sheet[HEAD_ROW] if cell.value}

    def row(self, short, target=1):
        """The row whose key is of this task and target."""
        for row in range(HEAD_ROW + 1, self.sheet.max_row + 1):
            if f"|{short}|{target}|" in str(self.sheet.cell(row, self.columns["识别码"]).value):
                return row
        raise AssertionError(f"no row of {short} {target}")

    def fill(self, short, target=1, **cells):
        """fill("municipal-06/1", 2, 累计完成=15); the name of the last cell, e.g. H6."""
        for head, value in cells.items():
            cell = self.sheet.cell(self.row(short, target), self.columns[head])
            cell.value = value
        return cell.coordinate

    def save(self, file):
        self.book.save(file)
        return file

    def shuffled(self, file):
        """The same words, rows from the last to the first and columns from right to left, one row deleted."""
        rows = [[cell.value for cell in reversed(row)] for row in self.sheet.iter_rows()]
        book = openpyxl.Workbook()
        for row in [["改过位置的表"], *rows[HEAD_ROW - 1:HEAD_ROW], *reversed(rows[HEAD_ROW:])]:
            book.active.append(row)
        book.save(file)
        return file


class Workbooks(FreshSuiteCase):
    """It is 10 May; nothing was reported."""

    def prepare(self):
        self.suite.import_sample()
        self.suite.advance("2024-05-10T09:00:00+08:00")
        self.suite.wait_followed()
        self.folder = self.suite.folder / "月报"

    def workbook(self, unit, period=PERIOD):
        self.suite.cli("report", "workbook", "--period", period, "--unit", unit, "--to", str(self.folder))
        return self.folder / f"{period}-{unit}.xlsx"

    def roads(self):
        form = Form(self.workbook("区交通局"))
        form.fill("municipal-06/1", 1, 累计完成=19, 形象进度="铺设19公里", **{"完成投资(万元)": 120.5}, 状态="正常")
        form.fill("municipal-06/1", 2, 累计完成=15)
        return form

    def refused(self, file, *words):
        with self.nothing_stored():
            code, _, errors = self.suite.cli("report", "import", str(file), check=False)
        self.assertEqual(code, 1)
        for word in words:
            self.assertIn(word, errors)
        return errors

    def assert_roads_are_reported(self):
        report = self.suite.progress("GetReport", name=f"{ROADS}/reports/{PERIOD}").report
        self.assertEqual([(m.target, m.value) for m in report.measures], [(1, "19"), (2, "15")])
        self.assertEqual((report.progress_text, report.completed_investment.fen), ("铺设19公里", 120_500_000))

    def test_every_lead_unit_gets_its_tasks(self):
        out = self.suite.cli("report", "workbook", "--period", PERIOD, "--to", str(self.folder))
        files = sorted(self.folder.glob("*.xlsx"))
        tasks = self.suite.registry("ListTasks", parent=Suite.PROGRAM, pageSize=1000).tasks
        leads = {t.lead_units[0] for t in tasks}
        self.assertEqual({f.stem for f in files}, {f"{PERIOD}-{lead}" for lead in leads})
        self.assertIn(f"已写入{len(leads)}个单位的月报表", out)
        keys = {str(row[-1].value).split("|")[3] for f in files for row in openpyxl.load_workbook(f).active.iter_rows(
            min_row=HEAD_ROW + 1)}
        self.assertEqual(len(keys), 29)
        gone = self.folder / f"{PERIOD}-{tasks[0].lead_units[0]}.xlsx"  # the first that would be written
        gone.unlink()
        code, _, errors = self.suite.cli("report", "workbook", "--period", PERIOD, "--to", str(self.folder), check=False)
        self.assertEqual(code, 1)
        self.assertIn("[FILE_EXISTS]", errors)
        self.assertFalse(gone.exists())

    def test_a_unit_that_leads_nothing_is_told_which_do(self):
        code, _, errors = self.suite.cli("report", "workbook", "--period", PERIOD, "--unit", "区税务局", "--to",
                                         str(self.folder), check=False)
        self.assertEqual(code, 1)
        self.assertIn("区交通局", errors)
        self.assertFalse(self.folder.exists())

    def test_what_is_filled_in_is_reported_and_blank_rows_are_not(self):
        out = self.suite.cli("report", "import", str(self.roads().save(self.folder / "填.xlsx")))
        self.assertIn("已存入1份报告", out)
        self.assertIn("留空的1行没有报送", out)
        self.assert_roads_are_reported()
        self.assertEqual(len(self.suite.progress("ListReports", parent=Suite.PROGRAM).reports), 1)

    def test_the_next_workbook_shows_what_was_reported(self):
        self.suite.cli("report", "import", str(self.roads().save(self.folder / "填.xlsx")))
        form = Form(self.workbook("区交通局", "2024-05"))
        row = form.row("municipal-06/1")
        self.assertEqual(form.sheet.cell(row, form.columns["上次所报"]).value, 19)
        self.assertEqual(form.sheet.cell(row, form.columns["上次报送期"]).value, "2024年4月")
        place = form.fill("municipal-06/1", 1, 累计完成=18)
        self.refused(form.save(self.folder / "少.xlsx"), f"{place}（累计完成）：“18”低于上次所报的19")
        form.fill("municipal-06/1", 1, 更正原因="上次多报1公里")
        self.suite.cli("report", "import", str(form.save(self.folder / "更正.xlsx")))

    def test_nothing_to_report_and_stages_of_work(self):
        form = Form(self.workbook("区住房城乡建委"))
        form.fill("municipal-01/1", 状态="无进展")
        form.fill("district-04/2", 累计完成="开工", 开工日期="2024年4月8日")
        self.suite.cli("report", "import", str(form.save(self.folder / "填.xlsx")))
        nothing = self.suite.progress("GetReport", name=f"{task('municipal-01/1')}/reports/{PERIOD}").report
        self.assertTrue(nothing.nothing_to_report)
        works = self.suite.progress("GetReport", name=f"{task('district-04/2')}/reports/{PERIOD}").report
        self.assertEqual((works.measures[0].work_stage, works.started_on), (2, "2024-04-08"))

    def test_a_dry_run_shows_the_reports_and_files_none(self):
        file = self.roads().save(self.folder / "填.xlsx")
        with self.nothing_stored():
            out = self.suite.cli("report", "import", str(file), "--dry-run")
        for word in ("municipal-06/1", "1=19; 2=15", "120.5", "铺设19公里", "留空的1行", "什么也没有报送"):
            self.assertIn(word, out)

    def test_five_wrong_cells_are_all_named_and_nothing_is_filed(self):
        form = Form(self.workbook("区民政局"))
        places = [form.fill("municipal-11/2", 1, 累计完成="八十六"), form.fill("municipal-11/2", 3, 累计完成=-5),
                  form.fill("municipal-13/1", 1, 累计完成=1, 状态="快了"),
                  form.fill("district-08/2", 1, 累计完成=1, **{"完成投资(万元)": "约20"}),
                  form.fill("district-08/2", 1, 开工日期="上个月")]
        form.fill("municipal-11/2", 2, 累计完成=900)
        form.fill("district-08/2", 2, 累计完成=300)
        errors = self.refused(form.save(self.folder / "错.xlsx"), "有5处错误，什么也没有发送")
        for place in places:
            self.assertIn(f"  {place}（", errors)

    def test_what_cannot_be_read_is_not_taken_for_blank(self):
        form = self.roads()
        formula = form.fill("municipal-06/1", 1, 累计完成="=10+9")  # openpyxl keeps no result
        hidden = form.row("district-06/4")
        form.sheet.row_dimensions[hidden].hidden = True
        self.refused(form.save(self.folder / "藏.xlsx"), f"{formula}：公式没有保存计算结果", f"第{hidden}行：")

    def test_cells_are_found_wherever_they_went(self):
        file = self.roads().shuffled(self.folder / "乱.xlsx")
        self.suite.cli("report", "import", str(file))
        self.assert_roads_are_reported()

    @unittest.skipUnless(shutil.which("soffice"), "without LibreOffice")
    def test_a_workbook_saved_by_libreoffice_is_the_same(self):
        file = through_office(self.roads().save(self.folder / "填.xlsx"))
        self.suite.cli("report", "import", str(file))
        self.assert_roads_are_reported()

    def test_any_other_workbook_is_refused(self):
        file = self.suite.folder / "清单.xlsx"
        self.suite.cli("notice", "export", "--to", str(file))
        self.refused(file, "[NOT_A_REPORT_WORKBOOK]", "minsheng report workbook")


if __name__ == "__main__":
    unittest.main()
