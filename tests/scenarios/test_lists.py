"""Lists, filters and pages; plans and their approval; changes of a task; health and reflection."""

import json
import pathlib
import sys
import unittest
import urllib.error

import grpc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import FreshSuiteCase, SharedSuiteCase  # noqa: E402
from suite import PB, SAMPLE, Suite, task  # noqa: E402

ROADS = task("municipal-06/1")
WATER = task("municipal-07/1")
PROGRESS = PB["progress"]


def short(name):
    """"…/projects/municipal-11/tasks/2" → "municipal-11/2"."""
    parts = name.split("/")
    return f"{parts[5]}/{parts[7]}"


class RegistryLists(SharedSuiteCase):

    @classmethod
    def prepare(cls):
        cls.suite.import_sample()
        cls.tasks = cls.suite.registry("ListTasks", parent=Suite.PROGRAM, pageSize=1000).tasks

    def pages(self, method, field, **fields):
        """All pages of a list, each of them full but the last."""
        items, token, size = [], "", fields["pageSize"]
        while True:
            page = self.suite.registry(method, pageToken=token, **fields)
            items.extend(getattr(page, field))
            token = page.next_page_token
            if not token:
                return items
            self.assertEqual(len(getattr(page, field)), size)

    def test_tasks_come_in_the_lists_order(self):
        self.assertEqual([t.ordinal for t in self.tasks], list(range(1, 30)))
        self.assertEqual([short(t.name) for t in self.tasks][9:13],
                         ["municipal-10/1", "municipal-11/1", "municipal-11/2", "municipal-12/1"])

    def test_pages_of_any_size_give_the_same_list(self):
        for size in (1, 7, 28, 29, 30):
            self.assertEqual(self.pages("ListTasks", "tasks", parent=Suite.PROGRAM, pageSize=size), list(self.tasks))
        projects = self.pages("ListProjects", "projects", parent=Suite.PROGRAM, pageSize=5)
        self.assertEqual(len(projects), 23)
        self.assertEqual([t for p in projects for t in p.tasks], [t.name for t in self.tasks])

    def test_tasks_are_filtered_by_lead_by_unit_and_by_group(self):
        for unit in ("区交通局", "区城市管理局", "区财政局", "各乡镇（街道）", "区数建办", "无此单位"):
            leads = [t for t in self.tasks if unit in t.lead_units]
            either = [t for t in self.tasks if unit in [*t.lead_units, *t.cooperating_units]]
            for field, expected in (("leadUnit", leads), ("unit", either)):
                page = self.suite.registry("ListTasks", parent=Suite.PROGRAM, **{field: unit})
                self.assertEqual(list(page.tasks), expected, f"{field} {unit}")
                self.assertEqual(page.total_size, len(expected))
        for group, count in (("municipal", 14), ("district", 15), ("group-3", 0)):
            page = self.suite.registry("ListTasks", parent=Suite.PROGRAM, group=group, pageSize=2)
            self.assertEqual(page.total_size, count)
            self.assertEqual({t.group for t in page.tasks}, {group} if count else set())
        both = self.suite.registry("ListTasks", parent=Suite.PROGRAM, group="district", leadUnit="区交通局").tasks
        self.assertEqual([short(t.name) for t in both], ["district-06/4"])

    def test_a_filter_is_taken_word_for_word(self):
        for words in ("%", "_", "municipal%", "' OR 1=1 --", "municipa_", "municipal-1", "municipa"):
            for field in ("leadUnit", "unit", "group"):
                page = self.suite.registry("ListTasks", parent=Suite.PROGRAM, **{field: words})
                self.assertEqual(page.total_size, 0, f"{field} {words}")

    def test_a_page_token_belongs_to_its_filter(self):
        token = self.suite.registry("ListTasks", parent=Suite.PROGRAM, group="district", pageSize=2).next_page_token
        self.suite.registry("ListTasks", parent=Suite.PROGRAM, group="district", pageSize=5, pageToken=token)
        for fields in ({"group": "municipal"}, {}, {"group": "district", "unit": "区财政局"}):
            with self.refused("INVALID_ARGUMENT", "BAD_PAGE_TOKEN", "begin again"):
                self.suite.registry("ListTasks", parent=Suite.PROGRAM, pageToken=token, **fields)
        for bad in ("x", "!!!!", "A" * len(token)):
            with self.refused("INVALID_ARGUMENT", "BAD_PAGE_TOKEN"):
                self.suite.registry("ListTasks", parent=Suite.PROGRAM, group="district", pageToken=bad)

    def test_a_negative_page_size_is_refused_and_a_large_one_is_cut(self):
        with self.refused("INVALID_ARGUMENT", "BAD_PAGE_SIZE"):
            self.suite.registry("ListTasks", parent=Suite.PROGRAM, pageSize=-1)
        self.assertEqual(len(self.suite.registry("ListTasks", parent=Suite.PROGRAM, pageSize=2**31 - 1).tasks), 29)

    def test_units_are_those_that_the_list_names(self):
        units = self.pages("ListUnits", "units", parent=Suite.DISTRICT, pageSize=10)
        names = [u.title for u in units]
        self.assertEqual(len(names), len(set(names)))
        named = {u for t in self.tasks for u in [*t.lead_units, *t.cooperating_units]}
        self.assertEqual(set(names), named)
        by_title = {u.title: u for u in units}
        kinds = PB["registry"]
        self.assertEqual(by_title["各乡镇（街道）"].kind, kinds.UNIT_KIND_GROUP_ALL)
        self.assertEqual(by_title["有关乡镇（街道）"].kind, kinds.UNIT_KIND_GROUP_UNRESOLVED)
        self.assertEqual(by_title["区交通局"].kind, kinds.UNIT_KIND_UNIT)
        self.assertIn("区大数据局", by_title["区数建办"].aliases)

    def test_programs_are_listed_by_district_and_over_all(self):
        for parent in (Suite.DISTRICT, "districts/-"):
            programs = self.suite.registry("ListPrograms", parent=parent).programs
            self.assertEqual([p.name for p in programs], [Suite.PROGRAM])
        self.assertEqual(len(self.suite.registry("ListPrograms", parent="districts/110101").programs), 0)
        self.assertEqual([d.title for d in self.suite.registry("ListDistricts").districts], ["武隆区"])

    def test_a_blank_amount_is_absent_and_not_zero(self):
        parking = next(t for t in self.tasks if short(t.name) == "municipal-04/1")
        self.assertFalse(parking.HasField("planned_investment"))
        roads = next(t for t in self.tasks if t.name == ROADS)
        self.assertEqual(roads.planned_investment.fen, 2040 * 10_000 * 100)


class ProgressLists(SharedSuiteCase):

    @classmethod
    def prepare(cls):
        cls.suite.rehearse("2024-10-01")
        cls.all = cls.suite.progress("ListAssessments", parent=Suite.PROGRAM, pageSize=1000).assessments

    def assessments(self, **fields):
        return self.suite.progress("ListAssessments", parent=Suite.PROGRAM, **fields)

    def test_assessments_are_filtered_by_lights(self):
        self.assertEqual(len(self.all), 29)
        for lights in ([1], [6, 5], list(range(1, 9)), [7, 8]):
            found = self.assessments(lights=lights).assessments
            self.assertEqual(list(found), [a for a in self.all if a.light in lights], lights)
        self.assertEqual(sum(len(self.assessments(lights=[n]).assessments) for n in range(1, 9)), 29)

    def test_assessments_are_filtered_by_lead(self):
        found = self.assessments(leadUnit="区城市管理局").assessments
        self.assertEqual(list(found), [a for a in self.all if "区城市管理局" in a.lead_units])
        self.assertGreater(len(found), 3)
        both = self.assessments(leadUnit="区城市管理局", lights=[1, 2]).assessments
        self.assertEqual(list(both), [a for a in found if a.light in (1, 2)])

    def test_assessments_are_filtered_by_reporting_state_of_a_period(self):
        for number in range(1, 8):
            current = self.assessments(reportingStates=[number]).assessments
            self.assertEqual(list(current), [a for a in self.all if a.current_reporting == number])
            previous = self.assessments(reportingStates=[number], reportingPeriod="previous").assessments
            self.assertEqual(list(previous), [a for a in self.all if a.previous_reporting == number])
            named = self.assessments(reportingStates=[number], reportingPeriod="2024-09").assessments
            self.assertEqual(named, previous)
        with self.refused("INVALID_ARGUMENT", "BAD_PERIOD"):
            self.assessments(reportingPeriod="last")

    def test_assessments_are_paged_at_one_instant(self):
        found, token = [], ""
        while True:
            page = self.assessments(pageSize=4, pageToken=token)
            found.extend(page.assessments)
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(found, list(self.all))
        token = self.assessments(pageSize=4, lights=[1, 2]).next_page_token
        for fields in ({}, {"lights": [1]}, {"lights": [2, 1]}, {"lights": [1, 2], "asOf": "2024-09-01T00:00:00Z"}):
            with self.refused("INVALID_ARGUMENT", "BAD_PAGE_TOKEN"):
                self.assessments(pageSize=4, pageToken=token, **fields)

    def test_reports_of_a_task_are_all_versions_and_of_a_program_the_newest(self):
        # The sample: municipal-05/1 has a second version for July; district-07/1's of September was returned.
        versions = self.suite.progress("ListReports", parent=task("municipal-05/1"), period="2024-07").reports
        self.assertEqual([r.version for r in versions], [1, 2])
        newest = self.suite.progress("ListReports", parent=Suite.PROGRAM, period="2024-07", pageSize=1000).reports
        self.assertEqual([r.version for r in newest if "/municipal-05/" in r.name], [2])
        self.assertEqual(len({r.name.split("/reports/")[0] for r in newest}), len(newest))
        returned = self.suite.progress("GetReport", name=f"{task('district-07/1')}/reports/2024-09").report
        self.assertTrue(returned.HasField("return_time") and returned.return_reason)

    def test_reports_are_paged_in_order_of_task_and_period(self):
        whole = self.suite.progress("ListReports", parent=Suite.PROGRAM, pageSize=1000).reports
        self.assertGreater(len(whole), 150)
        found, token = [], ""
        while True:
            page = self.suite.progress("ListReports", parent=Suite.PROGRAM, pageSize=50, pageToken=token)
            found.extend(page.reports)
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(found, list(whole))
        order = [a.name for a in self.all]
        keys = [(order.index(r.name.split("/reports/")[0]), r.name.split("/reports/")[1]) for r in whole]
        self.assertEqual(keys, sorted(keys))
        token = self.suite.progress("ListReports", parent=Suite.PROGRAM, pageSize=50).next_page_token
        with self.refused("INVALID_ARGUMENT", "BAD_PAGE_TOKEN"):
            self.suite.progress("ListReports", parent=Suite.PROGRAM, period="2024-07", pageToken=token)

    def test_pages_show_one_instant_though_reports_come_in_between(self):
        first = self.suite.progress("ListReports", parent=Suite.PROGRAM, pageSize=100)
        rest = self.suite.progress("ListReports", parent=Suite.PROGRAM, pageSize=1000, pageToken=first.next_page_token)
        self.suite.advance("2024-10-01T00:00:01+08:00")
        self.suite.progress("SubmitReport", parent=task("municipal-01/1"), period="2024-10",
                            report={"measures": [{"target": 1, "value": "41"}]})
        again = self.suite.progress("ListReports", parent=Suite.PROGRAM, pageSize=1000,
                                    pageToken=first.next_page_token)
        self.assertEqual(again, rest)


class Plans(FreshSuiteCase):

    def prepare(self):
        self.imported = self.suite.import_sample()
        self.suite.advance("2024-04-01T09:00:00+08:00")

    def file(self, *steps, of=ROADS, **fields):
        milestones = [{"dueOn": day, "percent": percent, "target": target}
                      for day, percent, target in [(*step, 0)[:3] for step in steps]]
        return self.suite.registry("FilePlan", parent=of, revision={"milestones": milestones, **fields}).revision

    def approve(self, number, **fields):
        return self.suite.registry("ApprovePlan", name=f"{ROADS}/revisions/{number}", **fields).revision

    def test_plans_are_numbered_and_in_force_from_their_approval(self):
        first = self.file(("2024-12-31", "100"), ("2024-06-30", "50"), startsOn="2024-04-01", reason="初次填报",
                          posts={"责任人": "工程科科长"})
        self.assertEqual((first.name, first.state), (f"{ROADS}/revisions/1", PB["registry"].PLAN_STATE_FILED))
        self.assertEqual([m.due_on for m in first.milestones], ["2024-06-30", "2024-12-31"])
        self.suite.wait_followed()
        self.assertEqual(self.suite.progress("GetAssessment", name=ROADS).assessment.plan_revision, 0)
        approved = self.approve(1)
        self.assertEqual(approved.state, PB["registry"].PLAN_STATE_APPROVED)
        self.suite.wait_followed()
        self.assertEqual(self.suite.progress("GetAssessment", name=ROADS).assessment.plan_revision, 1)
        self.assertEqual(self.suite.progress("GetAssessment", name=ROADS, asOf="2024-04-01T08:59:59+08:00")
                         .assessment.plan_revision, 0)
        self.file(("2024-12-31", "100"))
        listed = self.suite.registry("ListPlanRevisions", parent=ROADS, pageSize=1)
        self.assertEqual([r.name for r in listed.revisions], [first.name])
        listed = self.suite.registry("ListPlanRevisions", parent=ROADS, pageSize=1, pageToken=listed.next_page_token)
        self.assertEqual([r.name for r in listed.revisions], [f"{ROADS}/revisions/2"])

    def test_percents_that_fall_or_repeat_a_day_are_refused(self):
        with self.refused("INVALID_ARGUMENT", "MILESTONES_FALL", "2024-09-30", "累计"):
            self.file(("2024-06-30", "60"), ("2024-09-30", "59.999999"), ("2024-12-31", "100"))
        with self.refused("INVALID_ARGUMENT", "MILESTONES_FALL", "同一天"):
            self.file(("2024-06-30", "60"), ("2024-06-30", "70"))
        self.file(("2024-06-30", "60", 1), ("2024-06-30", "50", 2), ("2024-09-30", "60", 1))

    def test_milestones_that_make_no_sense_are_refused(self):
        for percent in ("", "100.000001", "-1", "half", "1e1", ".5", "50%"):
            with self.refused("INVALID_ARGUMENT", "BAD_PERCENT", "milestones[0].percent"):
                self.file(("2024-06-30", percent))
        for day in ("2023-12-31", "2025-01-01", "2024-03-14", "2024-06-31", ""):
            with self.refused("INVALID_ARGUMENT", "BAD_DATE", "milestones[0].due_on"):
                self.file((day, "50"))
        with self.refused("INVALID_ARGUMENT", "UNKNOWN_TARGET", "milestones[0].target"):
            self.file(("2024-06-30", "50", 3))
        with self.refused("INVALID_ARGUMENT", "EMPTY_PLAN"):
            self.file()
        with self.refused("INVALID_ARGUMENT", "BAD_DATE", "due_on"):
            self.file(dueOn="2025-01-01")
        with self.refused("NOT_FOUND", "NOT_FOUND", "municipal-99"):
            self.file(("2024-06-30", "50"), of=task("municipal-99/1"))

    def test_a_change_after_the_baseline_needs_a_document(self):
        self.file(("2024-12-31", "100"))
        self.approve(1)
        self.file(("2024-12-31", "90"), reason="汛期影响")
        self.suite.wait_followed()
        with self.refused("FAILED_PRECONDITION", "DOCUMENT_NUMBER_NEEDED", "baseline"):
            self.approve(2)
        self.assertEqual(self.approve(2, documentNumber="武隆府办〔2024〕21号").document_number, "武隆府办〔2024〕21号")

    def test_approving_twice_or_after_a_newer_one_is_refused(self):
        self.file(("2024-12-31", "100"))
        self.file(("2024-11-30", "100"))
        self.file(("2024-10-31", "100"))
        self.approve(2)
        self.suite.wait_followed()
        with self.refused("FAILED_PRECONDITION", "ALREADY_APPROVED", "revisions/2"):
            self.approve(2, documentNumber="x")
        with self.refused("FAILED_PRECONDITION", "SUPERSEDED", "revisions/2"):
            self.approve(1, documentNumber="x")
        with self.refused("NOT_FOUND", "NOT_FOUND", "revisions/9"):
            self.approve(9)
        self.approve(3, documentNumber="x")

    def test_a_draft_takes_no_plans(self):
        request = PB["registry"].ImportProgramRequest(
            parent=Suite.DISTRICT, content=(SAMPLE / "list.csv").read_bytes().replace("2024年".encode(), "2025年".encode()),
            year=2025, document_number="x", issued_on="2025-03-15")
        self.suite.registry("ImportProgram", request)
        self.suite.wait_followed()
        with self.refused("FAILED_PRECONDITION", "NOT_PUBLISHED", "draft"):
            self.file(("2025-06-30", "50"), of=ROADS.replace("/2024/", "/2025/"))

    def test_a_target_is_changed_with_the_etag_and_progress_sees_it(self):
        read = self.suite.registry("GetTask", name=WATER).task
        request = PB["registry"].UpdateTaskRequest(task=read, reason="重新清查")
        request.update_mask.paths.append("targets")
        request.task.targets[0].base = "44"
        request.task.content = "改不了"
        changed = self.suite.registry("UpdateTask", request).task
        self.assertNotEqual(changed.etag, read.etag)
        self.assertEqual((changed.targets[0].base, changed.content), ("44", read.content))
        self.assertEqual(self.suite.registry("GetTask", name=WATER).task, changed)
        before = self.suite.registry("GetTask", name=WATER, asOf="2024-04-01T08:59:59+08:00").task
        self.assertEqual(before, read)
        self.suite.wait_followed()
        with self.refused("INVALID_ARGUMENT", "ABOVE_BASE", "44"):
            self.suite.progress("SubmitReport", parent=WATER, period="2024-04",
                                report={"measures": [{"target": 1, "value": "45"}]})

    def test_changes_of_a_task_that_make_no_sense_are_refused(self):
        read = self.suite.registry("GetTask", name=WATER).task
        self.suite.wait_followed()

        def update(path="targets", **fields):
            request = PB["registry"].UpdateTaskRequest(task=read)
            if path:
                request.update_mask.paths.append(path)
            for field, value in fields.items():
                setattr(request.task.targets[0], field, value)
            self.suite.registry("UpdateTask", request)

        with self.refused("INVALID_ARGUMENT", "UNKNOWN_FIELD", "content"):
            update("content")
        with self.refused("INVALID_ARGUMENT", "FIELD_MISSING", "update_mask"):
            update("")
        for field in ("value", "base", "baseline", "stretch"):
            for value in ("-1", "many", "1e3", "1" * 13, "0.0000001"):
                with self.refused("INVALID_ARGUMENT", "BAD_NUMBER", f"task.targets[0].{field}"):
                    update(**{field: value})
        for field in ("due_on", "base_on"):
            with self.refused("INVALID_ARGUMENT", "BAD_DATE", f"task.targets[0].{field}"):
                update(**{field: "2024-02-30"})
        with self.refused("INVALID_ARGUMENT", "UNKNOWN_TARGET", "task.targets[0]"):
            update(number=0)
        with self.refused("INVALID_ARGUMENT", "BAD_COMPARATOR", "task.targets[0].comparator"):
            update(comparator=PB["registry"].COMPARATOR_MORE_THAN)
        with self.refused("INVALID_ARGUMENT", "UNKNOWN_VALUE", "task.targets[0].kind"):
            update(kind=77)


class HealthAndReflection(SharedSuiteCase):

    def raw(self, name, method, request):
        """An rpc by its path, on plain bytes, by nobody."""
        return self.suite.clients[name].channel.unary_unary(method)(request, timeout=5)

    def test_health_is_served_over_http(self):
        for name in Suite.NAMES:
            health = json.loads(self.suite.http(name, "/healthz"))
            self.assertEqual((health["status"], health["parts"]["database"]), ("SERVING", "OK"))
        self.assertEqual(json.loads(self.suite.http("progress", "/healthz"))["parts"]["feed registry"], "OK")

    def test_other_pages_are_not_found(self):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.suite.http("registry", "/etc/passwd")
        self.assertEqual(caught.exception.code, 404)
        caught.exception.close()

    def test_health_is_served_over_grpc(self):
        for name in Suite.NAMES:
            # HealthCheckRequest {service: ""} → HealthCheckResponse {status: SERVING = 1}
            self.assertEqual(self.raw(name, "/grpc.health.v1.Health/Check", b""), b"\x08\x01")

    def test_reflection_lists_every_service(self):
        own = {"registry": "minsheng.registry.v1.RegistryService", "progress": "minsheng.progress.v1.ProgressService"}
        for name in Suite.NAMES:
            call = self.suite.clients[name].channel.stream_stream(
                "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
            # ServerReflectionRequest {list_services = 7: ""}
            answer = next(call(iter([b"\x3a\x00"]), timeout=5))
            for service in (own[name], "minsheng.common.v1.EventLogService", "minsheng.common.v1.ClockService",
                            "grpc.health.v1.Health"):
                self.assertIn(service.encode(), answer)

    def test_an_unknown_method_is_unimplemented_and_garbage_is_refused(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.raw("progress", "/minsheng.progress.v1.ProgressService/CloseOrder", b"")
        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNIMPLEMENTED)
        with self.nothing_stored(), self.assertRaises(grpc.RpcError):
            self.raw("progress", "/minsheng.progress.v1.ProgressService/SubmitReport", b"\xff\xff\xff")
        self.suite.progress("SummarizeProgram", name=Suite.PROGRAM)


if __name__ == "__main__":
    unittest.main()
