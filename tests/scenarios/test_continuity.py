"""A list that goes on from last year's: what is linked, what was promised and reached, and what is left, over the real services."""

import datetime
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import FreshSuiteCase, SharedSuiteCase  # noqa: E402
from suite import PB, Suite  # noqa: E402

HEAD = """武隆区{year}年度民生实事目标任务清单
单位：万元
序号,项目名称,{year}年工作内容及资金计划,,牵头单位,协作单位
,,形象进度,总投资,,
合  计,,,600,,
承接市级民生实事（6件）,,,600,,
"""
BEFORE = HEAD + """1,城镇老旧小区改造,改造城镇老旧小区30个。,100,区住房城乡建委,区财政局
2,推进农村黑臭水体治理,治理50%以上农村黑臭水体。,100,区生态环境局,区水利局
3,发展婴幼儿照护服务,普惠托位占比达到35%。,100,区卫生健康委,区教委
4,实施农村公路安全防护工程,实施农村公路安全防护工程100.5公里。,100,区交通局,区财政局
5,建设城市公园,建设完成2个口袋公园。,100,区城市管理局,区财政局
6,残疾人关爱服务,新增残疾人就业15人。,100,区残联,区财政局
"""
NOW = HEAD + """1,建设老年食堂,建成老年食堂4家。,100,区民政局,区财政局
2,城镇老旧小区改造,加装电梯5部，改造城镇老旧小区41个。,100,区住房城乡建委,区财政局
3,推进农村黑臭水体治理攻坚,治理100%以上农村黑臭水体。,100,区生态环境局,区水利局
4,发展婴幼儿照护服务,普惠托位占比达到40%。,100,区卫生健康委,区教委
5,实施农村公路安全防护工程,实施农村公路安全防护工程120公里。,100,区交通局,区财政局
6,改善办学条件,续建学校2所。,100,区教委,区财政局
"""
COURTS, WATER, CARE, ROADS, SCHOOLS = (f"municipal-0{number}/1" for number in (2, 3, 4, 5, 6))
CORRECTIONS = "task\tno\tbase\tbase_on\nmunicipal-02/1\t1\t44\t2023-12-31\n".encode()


def name(year, short):
    """(2025, "municipal-02/1") → its resource name."""
    project, number = short.split("/")
    return f"{Suite.DISTRICT}/programs/{year}/projects/{project}/tasks/{number}"


def import_list(suite, text, year, corrections=b"", **fields):
    request = PB["registry"].ImportProgramRequest(
        parent=Suite.DISTRICT, file_name="list.csv", content=text.format(year=year).encode(), corrections=corrections,
        document_number=f"（示例）武隆府办发〔{year}〕×号", issued_on=f"{year}-03-15", illustration=True, **fields)
    return suite.registry("ImportProgram", request)


def publish(suite, imported):
    suite.registry("PublishProgram", name=imported.program.name, etag=imported.program.etag)
    suite.wait_followed()


def report(suite, short, period, value):
    suite.progress("SubmitReport", parent=name(period[:4], short), period=period,
                   report={"measures": [{"target": 1, "value": value}]})


def figures(target):
    return {field.name: value for field, value in target.ListFields()}


class Continuation(SharedSuiteCase):

    @classmethod
    def prepare(cls):
        suite = cls.suite
        suite.registry("CreateDistrict", district={"name": Suite.DISTRICT, "title": "武隆区"})
        publish(suite, import_list(suite, BEFORE, 2024, CORRECTIONS))
        suite.advance("2024-07-05T09:00:00+08:00")
        for short, value in (("municipal-01/1", "12"), ("municipal-02/1", "18"), ("municipal-04/1", "60.25")):
            report(suite, short, "2024-06", value)
        suite.advance("2025-01-03T09:00:00+08:00")
        for short, value in (("municipal-01/1", "28"), ("municipal-03/1", "33.3"), ("municipal-04/1", "100.500")):
            report(suite, short, "2024-12", value)
        report(suite, "municipal-04/1", "2024-final", "101")
        suite.progress("ReturnReport", name=f"{name(2024, 'municipal-04/1')}/reports/2024-final", reason="数字有误")
        suite.advance("2025-03-20T09:00:00+08:00")
        cls.imported = import_list(suite, NOW, 2025)
        publish(suite, cls.imported)
        suite.advance("2025-03-25T09:00:00+08:00")
        report(suite, "municipal-01/1", "2024-final", "29")
        suite.advance("2025-04-01T09:00:00+08:00")

    def continuation(self, short, year=2025, **fields):
        return self.suite.progress("GetContinuation", name=name(year, short), **fields).continuation

    def test_a_count_leaves_what_is_missing(self):
        found = self.continuation(COURTS)
        self.assertEqual((found.name, found.task, found.content),
                         (name(2025, COURTS), name(2024, "municipal-01/1"), "改造城镇老旧小区30个。"))
        self.assertEqual([figures(t) for t in found.targets], [{
            "number": 2, "before": 1, "indicator": "改造城镇老旧小区", "promised": "30", "reached": "29",
            "reached_period": "2024-final", "unfinished": "1", "unit": "个"}])

    def test_coverage_leaves_a_share_of_its_base(self):
        self.assertEqual([figures(t) for t in self.continuation(WATER).targets], [{
            "number": 1, "before": 1, "indicator": "农村黑臭水体治理", "promised": "50", "reached": "18",
            "reached_period": "2024-06", "unfinished": "9.1", "unfinished_exact": "1/11", "unit": "%"}])

    def test_a_level_proposes_its_baseline(self):
        self.assertEqual([figures(t) for t in self.continuation(CARE).targets], [{
            "number": 1, "before": 1, "indicator": "普惠托位占比", "promised": "35", "reached": "33.3",
            "reached_period": "2024-12", "unit": "%", "baseline": "33.3"}])

    def test_a_returned_report_does_not_count_and_what_is_reached_leaves_nothing(self):
        found = self.continuation(ROADS).targets[0]
        self.assertEqual((found.promised, found.reached, found.reached_period, found.unfinished),
                         ("100.5", "100.5", "2024-12", "0"))

    def test_as_of_an_earlier_instant(self):
        for at, reached, period, left in (("2025-03-25T08:59:59+08:00", "28", "2024-12", "2"),
                                          ("2025-03-25T09:00:00+08:00", "29", "2024-final", "1")):
            found = self.continuation(COURTS, asOf=at)
            self.assertEqual(found.as_of.ToSeconds(), int(datetime.datetime.fromisoformat(at).timestamp()))
            target = found.targets[0]
            self.assertEqual((target.reached, target.reached_period, target.unfinished), (reached, period, left))
        for at, reason in (("2025-03-20T08:59:59+08:00", "UNKNOWN_TASK"), ("2024-12-31T00:00:00+08:00", "UNKNOWN_TASK")):
            with self.refused("NOT_FOUND", reason, "tasks/1"):
                self.continuation(COURTS, asOf=at)
        with self.refused("INVALID_ARGUMENT", "AS_OF_IN_FUTURE"):
            self.continuation(COURTS, asOf="2025-04-01T09:00:01+08:00")

    def test_a_task_that_goes_on_from_none_has_none(self):
        for year, short in ((2025, "municipal-01/1"), (2025, SCHOOLS), (2024, "municipal-01/1")):
            with self.refused("NOT_FOUND", "CONTINUES_NOTHING", name(year, short)):
                self.continuation(short, year)
        with self.refused("NOT_FOUND", "UNKNOWN_TASK"):
            self.continuation("municipal-99/1")
        with self.refused("INVALID_ARGUMENT", "BAD_NAME"):
            self.suite.progress("GetContinuation", name=Suite.PROGRAM)

    def test_the_import_tells_what_is_linked_and_what_was_not_found(self):
        codes = {d.place.words: d.code for d in self.imported.diagnostics if d.code.startswith("CONTINU")}
        self.assertEqual(codes, {"城镇老旧小区改造": "CONTINUED", "推进农村黑臭水体治理攻坚": "CONTINUED",
                                 "发展婴幼儿照护服务": "CONTINUED", "实施农村公路安全防护工程": "CONTINUED",
                                 "改善办学条件": "CONTINUATION_UNKNOWN"})
        warned = next(d for d in self.imported.diagnostics if d.code == "CONTINUATION_UNKNOWN")
        self.assertEqual(warned.severity, PB["registry"].SEVERITY_WARNING)
        self.assertIn("上年清单", warned.message)

    def test_the_public_reads_it_where_both_lists_are_published(self):
        public = {"role": "public", "unit": ""}
        self.assertEqual(self.continuation(COURTS, identity=public).targets[0].unfinished, "1")
        self.assertFalse(self.suite.registry("GetTask", name=name(2025, COURTS), identity=public).task.HasField("continues"))

    def test_the_command_line_shows_it(self):
        def shown(short, *options):
            return self.suite.cli("--program", f"{Suite.DISTRICT}/programs/2025", "tasks", "get", short, *options)
        text = shown(COURTS)
        self.assertIn("延续上年任务 2024年 municipal-01/1  改造城镇老旧小区30个。", text)
        self.assertEqual(text.splitlines()[-1].split(), ["2", "1", "改造城镇老旧小区", "30个", "29个（2024-final）", "1个", "—"])
        self.assertIn("28个（2024-12）", shown(COURTS, "--as-of", "2025-03-24"))
        self.assertEqual(shown(WATER).splitlines()[-1].split()[3:], ["50%", "18（2024-06）", "9.1个百分点", "—"])
        self.assertEqual(shown(CARE).splitlines()[-1].split()[3:], ["35%", "33.3%（2024-12）", "—", "33.3%"])
        self.assertNotIn("延续", shown(SCHOOLS))


class Links(FreshSuiteCase):

    def prepare(self):
        self.suite.registry("CreateDistrict", district={"name": Suite.DISTRICT, "title": "武隆区"})

    def before_of(self, short):
        return self.suite.registry("GetTask", name=name(2025, short)).task.continues.task

    def confirm(self, text, year):
        shown = import_list(self.suite, text, year, validate_only=True)
        taken = import_list(self.suite, text, year, etag=shown.program.etag, diff_hash=shown.diff_hash,
                            reason="内容调整", approval="（示例）政府常务会议纪要×号")
        return shown, taken

    def test_a_list_that_comes_again_keeps_its_links(self):
        publish(self.suite, import_list(self.suite, BEFORE, 2024))
        publish(self.suite, import_list(self.suite, NOW, 2025))
        with self.nothing_stored():
            self.assertFalse(import_list(self.suite, NOW, 2025).stored)
        shown, _ = self.confirm(NOW.replace("小区41个", "小区43个"), 2025)
        self.assertEqual([c.field for c in shown.changes], ["content", "targets/2"])
        self.assertEqual(self.before_of(COURTS), name(2024, "municipal-01/1"))
        self.assertEqual(self.before_of(ROADS), name(2024, "municipal-04/1"))

    def test_a_list_that_came_before_last_years_is_linked_when_it_comes_again(self):
        publish(self.suite, import_list(self.suite, NOW, 2025))
        import_list(self.suite, BEFORE, 2024)
        shown, taken = self.confirm(NOW, 2025)
        self.assertEqual({c.name: (c.field, c.after) for c in shown.changes}[name(2025, COURTS)],
                         ("continues", name(2024, "municipal-01/1")))
        self.assertTrue(taken.stored)
        self.assertEqual(self.before_of(COURTS), name(2024, "municipal-01/1"))

    def test_last_years_draft_tells_officials_its_promises_and_the_public_nothing(self):
        drafted = import_list(self.suite, BEFORE, 2024)
        publish(self.suite, import_list(self.suite, NOW, 2025))
        ask = {"method": "GetContinuation", "name": name(2025, COURTS)}
        self.assertEqual([figures(t) for t in self.suite.progress(**ask).continuation.targets], [{
            "number": 2, "before": 1, "indicator": "改造城镇老旧小区", "promised": "30", "unit": "个"}])
        with self.refused("NOT_FOUND", "CONTINUES_NOTHING"):
            self.suite.progress(**ask, identity={"role": "public", "unit": ""})
        publish(self.suite, drafted)
        self.suite.progress(**ask, identity={"role": "public", "unit": ""})


if __name__ == "__main__":
    unittest.main()
