"""Reports and other writes that do not fit: refused with a clear word and nothing stored, or answered again."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import FreshSuiteCase, SharedSuiteCase  # noqa: E402
from suite import PB, SAMPLE, RpcError, Suite, task  # noqa: E402

ROADS = task("municipal-06/1")  # 120 km, of which 80 are part of it
PARKS = task("municipal-03/1")  # 2 parks
TOWER = task("district-09/1")  # an event, a count, an event
WATER = task("municipal-07/1")  # coverage with a base of 40
DOUBLE = task("municipal-10/1")  # words without a number


def report(*values, **fields):
    """report(19, 15) states 19 for target 1 and 15 for target 2."""
    return {"measures": [{"target": n, "value": str(v)} for n, v in enumerate(values, 1)], **fields}


class Reporting:

    def submit(self, of=ROADS, period="2024-04", said=None, **fields):
        return self.suite.progress("SubmitReport", parent=of, period=period, report=said or report(19, 15), **fields)


def with_fields(request, **fields):
    other = type(request)()
    other.CopyFrom(request)
    for field, value in fields.items():
        setattr(other, field, value)
    return other


class BadReports(Reporting, SharedSuiteCase):
    """It is 10 May; 19 km were reported for April."""

    @classmethod
    def prepare(cls):
        cls.suite.import_sample()
        cls.suite.advance("2024-05-10T09:00:00+08:00")
        cls.suite.progress("SubmitReport", parent=ROADS, period="2024-04", report=report(19, 15))
        cls.suite.wait_followed()

    def test_a_report_for_a_period_not_begun_is_refused_saying_from_when(self):
        with self.refused("OUT_OF_RANGE", "PERIOD_NOT_BEGUN", "2024", "6", "尚未开始"):
            self.submit(period="2024-06")
        with self.refused("OUT_OF_RANGE", "PERIOD_NOT_BEGUN", "尚未开始"):
            self.submit(period="2024-final")

    def test_a_report_before_the_first_period_is_refused(self):
        with self.refused("OUT_OF_RANGE", "PERIOD_BEFORE_FIRST", "早于首个"):
            self.submit(period="2024-02")

    def test_a_period_that_is_none_is_refused(self):
        for period in ("", "2024-13", "2024-5", "五月", "2024-final "):
            with self.refused("INVALID_ARGUMENT", "BAD_PERIOD", "2024-06"):
                self.submit(period=period)

    def test_a_report_for_an_unknown_task_or_program_is_not_found(self):
        for of in (task("municipal-99/1"), task("municipal-06/2"), ROADS.replace("2024", "2023"),
                   ROADS.replace("500156", "110101")):
            with self.refused("NOT_FOUND", "UNKNOWN_TASK", of):
                self.submit(of)

    def test_a_measure_below_the_last_one_is_refused_without_a_reason(self):
        with self.refused("FAILED_PRECONDITION", "BELOW_LAST", "18公里", "19公里", "更正理由"):
            self.submit(said=report(18, 15))
        with self.refused("FAILED_PRECONDITION", "BELOW_LAST", "18公里", "19公里"):
            self.submit(period="2024-05", said=report(18, 15))
        with self.refused("FAILED_PRECONDITION", "BELOW_LAST", "20公里", "19公里"):
            self.submit(period="2024-03", said=report(20, 15))

    def test_an_unknown_target_is_refused(self):
        with self.refused("INVALID_ARGUMENT", "UNKNOWN_TARGET", "目标3") as caught:
            self.submit(said=report(19, 15, 1))
        self.assertEqual(caught.error.metadata["field"], "measures[2].target")

    def test_a_target_stated_twice_is_refused(self):
        with self.refused("INVALID_ARGUMENT", "TARGET_STATED_TWICE"):
            self.submit(said={"measures": [{"target": 1, "value": "19"}, {"target": 1, "value": "20"}]})

    def test_a_first_report_must_state_every_goal(self):
        with self.refused("INVALID_ARGUMENT", "MEASURE_MISSING", "目标2"):
            self.submit(TOWER, said={"measures": [{"target": 1, "workStage": "WORK_STAGE_STARTED"},
                                                  {"target": 3, "workStage": "WORK_STAGE_STARTED"}]})

    def test_a_measure_without_a_value_is_refused_and_not_taken_as_zero(self):
        with self.refused("INVALID_ARGUMENT", "MEASURE_MISSING", "measures[0]"):
            self.submit(PARKS, said={"measures": [{"target": 1}]})

    def test_numbers_that_are_none_are_refused(self):
        for value in ("十九", "19公里", "1e3", "1,000", " 19", "0.0000001", "9" * 30, "nan", "+19"):
            with self.refused("INVALID_ARGUMENT", "BAD_NUMBER", "measures[0].value"):
                self.submit(said=report(value, 15))

    def test_a_negative_number_is_refused(self):
        with self.refused("INVALID_ARGUMENT", "NEGATIVE_VALUE"):
            self.submit(PARKS, said=report(-1))

    def test_more_than_the_base_is_refused(self):
        with self.refused("INVALID_ARGUMENT", "ABOVE_BASE", "41", "40"):
            self.submit(WATER, said=report(41))

    def test_a_stage_for_a_number_and_a_number_for_a_stage_are_refused(self):
        with self.refused("INVALID_ARGUMENT", "STAGE_MISSING"):
            self.submit(PARKS, said={"measures": [{"target": 1, "value": "1", "workStage": "WORK_STAGE_BUILT"}]})
        with self.refused("INVALID_ARGUMENT", "STAGE_MISSING"):
            self.submit(TOWER, said=report(1, 1, 1))

    def test_an_enumeration_value_that_does_not_exist_is_refused(self):
        for stage in (6, 99, -1, 2**31 - 1):
            with self.refused("INVALID_ARGUMENT", "UNKNOWN_VALUE", "report.measures[0].work_stage"):
                self.submit(TOWER, said={"measures": [{"target": 1, "workStage": stage}]})
        with self.refused("INVALID_ARGUMENT", "UNKNOWN_VALUE", "judgement.light"):
            self.suite.progress("RecordJudgement", parent=ROADS,
                                judgement={"light": 99, "reason": "看过", "validTo": "2024-06-30"})

    def test_nothing_to_report_beside_measures_is_refused(self):
        with self.refused("INVALID_ARGUMENT", "NOTHING_BUT_MEASURES"):
            self.submit(said=report(19, 15, nothingToReport=True))

    def test_work_that_starts_tomorrow_is_refused(self):
        with self.refused("INVALID_ARGUMENT", "STARTED_IN_FUTURE"):
            self.submit(said=report(19, 15, startedOn="2024-05-11"))
        with self.refused("INVALID_ARGUMENT", "BAD_DATE", "started_on"):
            self.submit(said=report(19, 15, startedOn="2024-05-32"))

    def test_ten_megabytes_of_text_in_a_field_are_refused_naming_it(self):
        for field in ("progress_text", "problems", "next_step", "correction_reason"):
            with self.refused("INVALID_ARGUMENT", "FIELD_TOO_LONG", f"report.{field}", str(10 << 20)):
                self.submit(said=report(19, 15, **{field: "x" * (10 << 20)}))
        with self.refused("INVALID_ARGUMENT", "FIELD_TOO_LONG", "request_id"):
            self.submit(request_id="x" * (10 << 20))

    def test_received_on_is_for_the_list_office_alone_and_not_in_the_future(self):
        reporter = {"role": "reporter", "unit": "区交通局"}
        with self.refused("PERMISSION_DENIED", "ROLE_NOT_ALLOWED", "received_on"):
            self.submit(said=report(19, 15, receivedOn="2024-04-29"), identity=reporter)
        with self.refused("INVALID_ARGUMENT", "RECEIVED_IN_FUTURE"):
            self.submit(said=report(19, 15, receivedOn="2024-05-11"))

    def test_what_only_the_list_office_does_is_refused_to_others(self):
        calls = {
            "ReturnReport": {"name": f"{ROADS}/reports/2024-04", "reason": "请核实"},
            "ExemptReport": {"parent": ROADS, "period": "2024-05", "reason": "停工"},
            "RecordJudgement": {"parent": ROADS, "judgement": {"light": "LIGHT_BEHIND", "reason": "看过",
                                                               "validTo": "2024-06-30"}},
        }
        for role in ("reporter", "public", "leader", "", "LIST_OFFICE"):
            # A token that states no role is none.
            none = self.suite.security and role in ("", "LIST_OFFICE")
            refusal = ("UNAUTHENTICATED", "TOKEN_CLAIMS") if none else ("PERMISSION_DENIED", "ROLE_NOT_ALLOWED", "role")
            for method, fields in calls.items():
                with self.refused(*refusal):
                    self.suite.progress(method, identity={"role": role}, **fields)
            for method, fields in {
                    "CreateDistrict": {"district": {"name": "districts/110101", "title": "东城区"}},
                    "PublishProgram": {"name": Suite.PROGRAM, "etag": "x"},
                    "UpdateTask": {"task": {"name": ROADS}, "updateMask": "targets"},
                    "ApprovePlan": {"name": f"{ROADS}/revisions/1"}}.items():
                with self.refused(*refusal):
                    self.suite.registry(method, identity={"role": role}, **fields)

    def test_names_of_another_form_are_refused_saying_which_is_expected(self):
        for name in ("", "x", Suite.PROGRAM, ROADS + "/", ROADS + "/reports", "/" + ROADS,
                     ROADS.replace("500156", "50015a"), ROADS.replace("municipal-06", ""),
                     ROADS.replace("municipal-06", "x" * 101)):
            with self.refused("INVALID_ARGUMENT", "BAD_NAME", "districts/######/programs/####/projects/*/tasks/*"):
                self.submit(name)
            with self.refused("INVALID_ARGUMENT", "BAD_NAME"):
                self.suite.registry("GetTask", name=name)
        with self.refused("INVALID_ARGUMENT", "BAD_NAME", "districts/######"):
            self.suite.registry("CreateDistrict", district={"name": "districts/5001", "title": "某区"})

    def test_an_instant_in_the_future_cannot_be_asked_about(self):
        later = {"asOf": "2024-05-10T01:00:00.000001Z"}
        for method, fields in {"GetAssessment": {"name": ROADS}, "ListAssessments": {"parent": Suite.PROGRAM},
                               "SummarizeProgram": {"name": Suite.PROGRAM}, "ListReports": {"parent": ROADS},
                               "GetReport": {"name": f"{ROADS}/reports/2024-04"}}.items():
            with self.refused("INVALID_ARGUMENT", "AS_OF_IN_FUTURE", "2024-05-10T09:00:00"):
                self.suite.progress(method, **fields, **later)
            self.suite.progress(method, **fields, asOf="2024-05-10T01:00:00Z")

    def test_before_publication_nothing_was_known(self):
        early = "2024-03-15T00:00:00+08:00"
        for method, fields in {"GetAssessment": {"name": ROADS}, "ListAssessments": {"parent": Suite.PROGRAM},
                               "SummarizeProgram": {"name": Suite.PROGRAM}}.items():
            with self.assertRaises(RpcError) as caught:
                self.suite.progress(method, **fields, asOf=early)
            self.assertEqual(caught.exception.code, "NOT_FOUND")

    def test_a_clock_is_never_moved_back(self):
        for name in Suite.NAMES:
            for to in ("2024-05-10T08:59:59.999999+08:00", "1970-01-01T00:00:00Z"):
                with self.refused("INVALID_ARGUMENT", "CLOCK_MOVED_BACK", "never goes back"):
                    self.suite.clients[name].call("ClockService", "AdvanceClock", to=to)

    def test_a_return_needs_a_report_and_a_reason(self):
        with self.refused("NOT_FOUND", "NOT_FOUND", "2024-05"):
            self.suite.progress("ReturnReport", name=f"{ROADS}/reports/2024-05", reason="请核实")
        with self.refused("INVALID_ARGUMENT", "FIELD_MISSING", "reason"):
            self.suite.progress("ReturnReport", name=f"{ROADS}/reports/2024-04")
        with self.refused("INVALID_ARGUMENT", "FIELD_MISSING", "reason"):
            self.suite.progress("ExemptReport", parent=ROADS, period="2024-05")
        with self.refused("OUT_OF_RANGE", "PERIOD_OUTSIDE", "2025-01"):
            self.suite.progress("ExemptReport", parent=ROADS, period="2025-01", reason="停工")

    def test_a_batch_is_all_or_nothing_and_names_its_row(self):
        rows = [{"parent": PARKS, "period": "2024-04", "report": report(1)},
                {"parent": task("municipal-05/1"), "period": "2024-04", "report": report(100)},
                {"parent": ROADS, "period": "2024-04", "report": report(3, 2)}]
        with self.refused("FAILED_PRECONDITION", "BELOW_LAST", "requests[2]", ROADS, "2024-04"):
            self.suite.progress("BatchSubmitReports", parent=Suite.PROGRAM, requests=rows)
        with self.refused("NOT_FOUND", "UNKNOWN_TASK", "requests[1]"):
            self.suite.progress("BatchSubmitReports", parent=Suite.PROGRAM,
                                requests=[rows[0], {**rows[1], "parent": task("municipal-77/1")}])
        with self.refused("FAILED_PRECONDITION", "BELOW_LAST", "requests[1]"):
            self.suite.progress("BatchSubmitReports", parent=Suite.PROGRAM,
                                requests=[rows[0], {**rows[0], "report": report(0)}])
        with self.refused("INVALID_ARGUMENT", "BATCH_SIZE"):
            self.suite.progress("BatchSubmitReports", parent=Suite.PROGRAM)
        with self.refused("INVALID_ARGUMENT", "BATCH_SIZE", "1001"):
            self.suite.progress("BatchSubmitReports", parent=Suite.PROGRAM, requests=[rows[0]] * 1001)

    def test_a_batch_for_one_program_cannot_file_for_another(self):
        with self.refused("INVALID_ARGUMENT", "BAD_NAME", "requests[0]", "programs/2023"):
            self.suite.progress("BatchSubmitReports", parent=Suite.PROGRAM.replace("2024", "2023"),
                                requests=[{"parent": PARKS, "period": "2024-04", "report": report(1)}])


class Accepted(Reporting, FreshSuiteCase):

    def prepare(self):
        self.suite.import_sample()
        self.suite.advance("2024-05-10T09:00:00+08:00")
        self.submit()

    def test_a_lower_measure_with_a_reason_is_version_2_and_counts(self):
        second = self.submit(said=report(18, 15, correctionReason="剔除未验收路段")).report
        self.assertEqual((second.version, second.name), (2, f"{ROADS}/reports/2024-04@2"))
        newest = self.suite.progress("GetReport", name=f"{ROADS}/reports/2024-04").report
        self.assertEqual(newest, second)
        versions = self.suite.progress("ListReports", parent=ROADS).reports
        self.assertEqual([(v.version, v.measures[0].value) for v in versions], [(1, "19"), (2, "18")])
        stated = self.suite.progress("GetAssessment", name=ROADS).assessment.targets[0]
        self.assertEqual((stated.stated_value, stated.stated_period), ("18", "2024-04"))
        self.assertEqual(self.submit(period="2024-05", said=report(18.5, 15)).report.version, 1)

    def test_a_lower_value_for_a_returned_report_needs_no_reason(self):
        self.suite.progress("ReturnReport", name=f"{ROADS}/reports/2024-04", reason="请核实")
        self.assertEqual(self.submit(said=report(12, 9)).report.version, 2)

    def test_a_batch_numbers_versions_within_itself(self):
        rows = [{"parent": PARKS, "period": "2024-04", "report": report(1)},
                {"parent": PARKS, "period": "2024-04", "report": report(2)}]
        filed = self.suite.progress("BatchSubmitReports", parent=Suite.PROGRAM, requests=rows).reports
        self.assertEqual([r.version for r in filed], [1, 2])

    def test_received_on_by_the_list_office_makes_a_report_timely(self):
        late = self.submit(PARKS, said=report(1)).report
        self.assertEqual((late.late, late.received_on), (True, "2024-05-10"))
        timely = self.submit(PARKS, said=report(1, receivedOn="2024-04-30")).report
        self.assertEqual((timely.late, timely.received_on), (False, "2024-04-30"))

    def test_the_same_request_again_is_answered_again(self):
        calls = [
            ("progress", "SubmitReport", {"parent": PARKS, "period": "2024-04", "report": report(1)},
             {"report": report(2)}),
            ("progress", "BatchSubmitReports", {"parent": Suite.PROGRAM, "requests": [
                {"parent": PARKS, "period": "2024-05", "report": report(1)},
                {"parent": ROADS, "period": "2024-05", "report": report(20, 15)}]}, {"requests": [
                    {"parent": PARKS, "period": "2024-05", "report": report(2)}]}),
            ("progress", "ReturnReport", {"name": f"{ROADS}/reports/2024-04", "reason": "请核实"}, {"reason": "请重报"}),
            ("progress", "ExemptReport", {"parent": ROADS, "period": "2024-07", "reason": "停工"}, {"period": "2024-08"}),
            ("progress", "RecordJudgement", {"parent": ROADS, "judgement": {
                "light": "LIGHT_BEHIND", "reason": "看过", "validTo": "2024-06-30"}},
             {"judgement": {"light": "LIGHT_AHEAD", "reason": "看过", "validTo": "2024-06-30"}}),
            ("registry", "CreateDistrict", {"district": {"name": "districts/110101", "title": "东城区"}},
             {"district": {"name": "districts/110102", "title": "西城区"}}),
            ("registry", "FilePlan", {"parent": ROADS, "revision": {"startsOn": "2024-04-01"}},
             {"revision": {"startsOn": "2024-04-02"}}),
            ("registry", "ApprovePlan", {"name": f"{ROADS}/revisions/1"}, {"documentNumber": "〔2024〕9号"}),
        ]
        for service, method, fields, other in calls:
            with self.subTest(method):
                call = getattr(self.suite, service)
                first = call(method, **fields, request_id="once")
                self.suite.wait_followed()
                with self.nothing_stored():
                    self.assertEqual(call(method, **fields, request_id="once"), first)
                with self.refused("ALREADY_EXISTS", "REQUEST_ID_REUSED", "other content"):
                    call(method, **{**fields, **other}, request_id="once")
        for name in Suite.NAMES:
            self.assertTrue(self.suite.verify(name).ok)

    def test_a_repeated_return_is_answered_as_the_first_one_also_after_a_new_version(self):
        fields = {"name": f"{ROADS}/reports/2024-04", "reason": "请核实", "request_id": "once"}
        first = self.suite.progress("ReturnReport", **fields)
        self.submit(said=report(12, 9))
        with self.nothing_stored():
            self.assertEqual(self.suite.progress("ReturnReport", **fields), first)

    def test_a_refused_request_does_not_use_up_its_id(self):
        with self.refused("FAILED_PRECONDITION", "BELOW_LAST"):
            self.submit(said=report(18, 15), request_id="once")
        self.assertEqual(self.submit(said=report(20, 15), request_id="once").report.version, 2)

    def test_the_same_id_from_another_post_is_another_request(self):
        self.submit(PARKS, said=report(1), request_id="once")
        other = self.submit(PARKS, said=report(1), request_id="once", identity={"post": "别处"})
        self.assertEqual(other.report.version, 2)

    def test_a_returned_report_is_not_returned_again(self):
        fields = {"name": f"{ROADS}/reports/2024-04", "reason": "请核实"}
        self.suite.progress("ReturnReport", **fields)
        with self.refused("FAILED_PRECONDITION", "ALREADY_RETURNED"):
            self.suite.progress("ReturnReport", **fields)

    def test_reports_after_the_last_period_are_refused(self):
        self.suite.advance("2025-02-01T00:00:00+08:00")
        self.suite.wait_followed()
        for period in ("2025-01", "2025-02"):
            with self.refused("OUT_OF_RANGE", "PERIOD_AFTER_LAST"):
                self.submit(period=period)

    def test_a_stale_etag_of_a_task_is_refused_with_the_current_one(self):
        read = self.suite.registry("GetTask", name=WATER).task
        change = PB["registry"].UpdateTaskRequest(task=read, reason="重新清查")
        change.update_mask.paths.append("targets")
        change.task.targets[0].base = "44"
        changed = self.suite.registry("UpdateTask", change).task
        self.suite.wait_followed()
        with self.refused("ABORTED", "STALE_ETAG", WATER) as caught:
            self.suite.registry("UpdateTask", change)
        self.assertEqual(caught.error.metadata["etag"], changed.etag)
        change.task.etag = ""
        with self.refused("ABORTED", "STALE_ETAG", "no etag"):
            self.suite.registry("UpdateTask", change)


class Drafts(Reporting, FreshSuiteCase):

    def prepare(self):
        self.imported = self.suite.import_sample(publish=False)
        self.suite.wait_followed()

    def test_a_stale_etag_of_a_draft_does_not_publish_it(self):
        for etag in ("", "0123456789abcdef"):
            with self.refused("ABORTED", "STALE_ETAG") as caught:
                self.suite.registry("PublishProgram", name=Suite.PROGRAM, etag=etag)
            self.assertEqual(caught.error.metadata["etag"], self.imported.program.etag)

    def test_a_published_list_is_not_published_again(self):
        etag = self.suite.registry("PublishProgram", name=Suite.PROGRAM,
                                   etag=self.imported.program.etag).program.etag
        self.suite.wait_followed()
        with self.refused("FAILED_PRECONDITION", "ALREADY_PUBLISHED"):
            self.suite.registry("PublishProgram", name=Suite.PROGRAM, etag=etag)

    def test_the_same_import_publication_update_and_advance_again_are_answered_again(self):
        draft = PB["registry"].ImportProgramRequest(
            parent=Suite.DISTRICT, content=(SAMPLE / "list.csv").read_bytes(), document_number="另一文号",
            issued_on="2024-03-15", etag=self.imported.program.etag, request_id="import")
        draft.diff_hash = self.suite.registry("ImportProgram", with_fields(draft, validate_only=True)).diff_hash
        imported = self.suite.registry("ImportProgram", draft)
        publish = {"name": Suite.PROGRAM, "etag": imported.program.etag, "request_id": "publish"}
        published = self.suite.registry("PublishProgram", **publish)
        # What an import answered is found again by its instant, so that a rehearsal's must move on.
        self.suite.clients["registry"].call("ClockService", "AdvanceClock", to="2024-03-19T00:00:00Z")
        update = PB["registry"].UpdateTaskRequest(task=imported.tasks[6], reason="补目标", request_id="update")
        update.update_mask.paths.append("targets")
        update.task.targets.add(number=9, kind=PB["registry"].TARGET_KIND_COUNT, indicator="整治点", value="3", unit="处",
                                comparator=PB["registry"].COMPARATOR_AT_LEAST)
        updated = self.suite.registry("UpdateTask", update)
        advance = {"to": "2024-03-20T00:00:00Z", "request_id": "advance"}
        clock = self.suite.clients["registry"]
        advanced = clock.call("ClockService", "AdvanceClock", **advance)
        clock.call("ClockService", "AdvanceClock", to="2024-03-21T00:00:00Z")
        self.suite.wait_followed()
        with self.nothing_stored():
            self.assertEqual(self.suite.registry("ImportProgram", draft), imported)
            self.assertEqual(self.suite.registry("PublishProgram", **publish), published)
            self.assertEqual(self.suite.registry("UpdateTask", update), updated)
            self.assertEqual(clock.call("ClockService", "AdvanceClock", **advance), advanced)
        with self.refused("ALREADY_EXISTS", "REQUEST_ID_REUSED"):
            self.suite.registry("ImportProgram", with_fields(draft, document_number="第三文号"))
        with self.refused("ALREADY_EXISTS", "REQUEST_ID_REUSED"):
            clock.call("ClockService", "AdvanceClock", **{**advance, "to": "2024-03-22T00:00:00Z"})

    def test_a_draft_takes_no_reports_and_counts_nothing(self):
        with self.refused("NOT_FOUND", "UNKNOWN_TASK"):
            self.submit(period="2024-03")
        with self.refused("NOT_FOUND", "UNKNOWN_PROGRAM"):
            self.suite.progress("SummarizeProgram", name=Suite.PROGRAM)
        with self.refused("NOT_FOUND", "UNKNOWN_PROGRAM"):
            self.suite.progress("ListAssessments", parent=Suite.PROGRAM)

    def test_an_unknown_program_is_not_found(self):
        with self.refused("NOT_FOUND", "NOT_FOUND", "programs/2031"):
            self.suite.registry("GetProgram", name="districts/500156/programs/2031")


class RealTime(SharedSuiteCase):

    OPTIONS = {"rehearsal": False}

    def test_a_database_on_the_real_time_cannot_be_moved(self):
        for name in Suite.NAMES:
            with self.refused("FAILED_PRECONDITION", "NOT_A_REHEARSAL"):
                self.suite.clients[name].call("ClockService", "AdvanceClock", to="2099-01-01T00:00:00Z")

    def test_a_database_on_the_real_time_does_not_start_as_a_rehearsal_nor_the_other_way_round(self):
        self.suite.kill("progress")
        self.suite.start("progress", wait=False, extra=["--rehearsal"])
        self.assertNotEqual(self.suite.processes["progress"].wait(10), 0)
        self.assertIn("start without --rehearsal", self.suite.log("progress"))
        self.suite.restart("progress")


if __name__ == "__main__":
    unittest.main()
