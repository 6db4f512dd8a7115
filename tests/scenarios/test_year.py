"""The sample's year, at five dates: every count and light agrees with a second count by the oracle, then and afterwards."""

import json
import pathlib
import sys
import unittest
from collections import Counter
from datetime import datetime, timedelta, timezone
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import Refusals, SharedSuiteCase, oracle, tables  # noqa: E402
from suite import PB, Suite  # noqa: E402

DATES = ("2024-04-01", "2024-06-15", "2024-08-01", "2024-10-01", "2025-01-16")
SHANGHAI = timezone(timedelta(hours=8))
PROGRESS = PB["progress"]


def instant(date):
    return f"{date}T00:00:00+08:00"


class Answers:
    """Everything that is asked at one instant."""

    def __init__(self, suite, as_of=None):
        fields = {"asOf": as_of} if as_of else {}
        self.summary = suite.progress("SummarizeProgram", name=Suite.PROGRAM, **fields)
        self.assessments = suite.progress("ListAssessments", parent=Suite.PROGRAM, pageSize=1000, **fields).assessments
        self.one_by_one = [suite.progress("GetAssessment", name=a.name, **fields).assessment for a in self.assessments]
        self.reports = suite.progress("ListReports", parent=Suite.PROGRAM, pageSize=1000, **fields).reports


class AtOneDate(Answers):
    """And what is kept to compare it with."""

    def __init__(self, suite, date):
        super().__init__(suite)
        self.metrics = suite.http("progress", "/metrics")
        (suite.folder / "metrics.txt").write_text(self.metrics)
        self.comparison = oracle(suite, instant(date), "--metrics", str(suite.folder / "metrics.txt"))
        recount = oracle(suite, instant(date), "--output", "json")
        self.recount = json.loads(recount.stdout)["programs"][0]


def light(value):
    return PROGRESS.Light.Name(value).removeprefix("LIGHT_")


def state(value):
    return PROGRESS.ReportingState.Name(value).removeprefix("REPORTING_STATE_") if value else ""


def reason(value):
    return PROGRESS.UnratedReason.Name(value).removeprefix("UNRATED_REASON_") if value else ""


def said_of_task(a):
    """What an assessment says, in the oracle's words."""
    return {
        "name": a.name, "group": a.group, "lead": a.lead_units[0], "light": light(a.light),
        "unrated_reason": reason(a.unrated_reason), "facts_as_of": a.facts_as_of, "facts_carried": a.facts_carried,
        "judged_period": a.judged_period, "completed_on": a.completed_on,
        "completion_timing": a.completion_timing, "plan_revision": a.plan_revision,
        "judgement": {"light": light(a.judgement.light), "valid_to": a.judgement.valid_to} if a.HasField("judgement")
        else None,
        "current_reporting": state(a.current_reporting), "previous_reporting": state(a.previous_reporting)}


def fraction(text):
    return Fraction(text) if text else None


def said_of_target(t):
    return {"target": t.target, "light": light(t.light), "unrated_reason": reason(t.unrated_reason),
            "is_part": t.is_part, "rule": t.rule, "plan_source": t.plan_source, "due_on": t.due_on,
            "stated_period": t.stated_period, "planned_percent": t.planned_percent, "actual_percent": t.actual_percent,
            "gap_points": t.gap_points, "gap": fraction(t.gap_exact)}


def said_of_tally(t):
    return {"tasks": {light(c.light): c.count for c in t.tasks}, "projects": {light(c.light): c.count for c in t.projects},
            "tasks_on_schedule": t.tasks_on_schedule, "tasks_carried": t.tasks_carried,
            "projects_on_schedule": t.projects_on_schedule, "projects_carried": t.projects_carried}


def said_of_period(p):
    return {"period": p.period, "due_on": p.due_on, "counts": {state(c.state): c.count for c in p.counts}}


def gauge_sum(metrics, name):
    return sum(float(l.split()[-1]) for l in metrics.splitlines() if l.startswith(name + "{"))


class Year(SharedSuiteCase):

    @classmethod
    def prepare(cls):
        cls.at = {}
        for date in DATES:
            cls.suite.rehearse(date)
            cls.at[date] = AtOneDate(cls.suite, date)

    def test_the_metrics_add_up_to_29_tasks_and_23_projects(self):
        for date, at in self.at.items():
            self.assertEqual(gauge_sum(at.metrics, "minsheng_tasks"), 29, date)
            self.assertEqual(gauge_sum(at.metrics, "minsheng_projects"), 23, date)

    def test_every_metric_agrees_with_the_oracle(self):
        for date, at in self.at.items():
            self.assertEqual(at.comparison.returncode, 0, f"{date}\n{at.comparison.stdout}")
            self.assertRegex(at.comparison.stdout, r"compared 1\d\d values, 0 differ")

    def test_every_light_and_its_arithmetic_agree_with_the_oracle(self):
        for date, at in self.at.items():
            self.assertEqual(len(at.assessments), 29)
            for answer, recounted in zip(at.assessments, at.recount["tasks"]):
                said = said_of_task(answer)
                self.assertEqual(said, {key: recounted[key] for key in said}, date)
                for target, recounted_target in zip(answer.targets, recounted["targets"], strict=True):
                    said = said_of_target(target)
                    expected = {key: recounted_target[key] for key in said}
                    self.assertEqual(said, {**expected, "gap": fraction(expected["gap"])}, f"{date} {answer.name}")

    def test_the_target_that_decides_carries_the_worst_light_and_of_those_the_widest_gap(self):
        for date, at in self.at.items():
            for answer, recounted in zip(at.assessments, at.recount["tasks"]):
                if not answer.deciding_target:
                    goals = {t.light for t in answer.targets if not t.is_part and t.light != PROGRESS.LIGHT_UNRATED}
                    self.assertLessEqual(goals, {PROGRESS.LIGHT_COMPLETED, PROGRESS.LIGHT_STALE}, f"{date} {answer.name}")
                    continue
                deciding = answer.targets[answer.deciding_target - 1]
                theirs = answer.targets[recounted["deciding_target"] - 1]
                self.assertEqual(deciding.light, theirs.light, f"{date} {answer.name}")
                if theirs.gap_exact and theirs.light != PROGRESS.LIGHT_STALE:
                    self.assertLessEqual(fraction(deciding.gap_exact), fraction(theirs.gap_exact))

    def test_the_summary_agrees_with_the_oracle(self):
        for date, at in self.at.items():
            self.assertEqual(said_of_tally(at.summary.total), at.recount["total"], date)
            self.assertEqual({g.group: said_of_tally(g) for g in at.summary.groups}, at.recount["groups"], date)
            self.assertEqual(said_of_period(at.summary.current), at.recount["current"], date)
            previous = said_of_period(at.summary.previous) if at.summary.HasField("previous") else None
            self.assertEqual(previous, at.recount["previous"], date)
            self.assertEqual((at.summary.judged_period, at.summary.tasks_without_plan),
                             (at.recount["judged_period"], at.recount["tasks_without_plan"]), date)

    def test_the_headline_states_the_counts(self):
        for date, at in self.at.items():
            total = at.summary.total
            self.assertEqual(at.summary.headline, f"23个项目、29项任务：按序时及以上{total.projects_on_schedule}个项目、"
                             f"{total.tasks_on_schedule}项任务（其中{total.tasks_carried}项任务为上月数据）", date)

    def test_one_task_asked_alone_says_what_the_list_says(self):
        for date, at in self.at.items():
            self.assertEqual(list(at.assessments), at.one_by_one, date)

    def test_every_light_is_explained_in_words(self):
        for date, at in self.at.items():
            for answer in at.assessments:
                self.assertTrue(answer.explanation, f"{date} {answer.name}")

    def test_the_year_shows_every_light(self):
        seen = Counter(a.light for at in self.at.values() for a in at.assessments)
        self.assertEqual(sorted(seen), list(range(1, 9)))

    def assert_answers_are_those_given_then(self):
        for date, then in self.at.items():
            now = Answers(self.suite, as_of=instant(date))
            self.assertEqual(now.summary, then.summary, date)
            self.assertEqual(list(now.assessments), list(then.assessments))
            self.assertEqual(now.one_by_one, then.one_by_one)
            self.assertEqual(list(now.reports), list(then.reports))

    def test_asked_afterwards_each_date_gives_what_was_known_then_also_from_another_process(self):
        self.assert_answers_are_those_given_then()
        self.assert_answers_are_those_given_then()  # from the cache
        self.suite.restart()
        self.suite.wait_followed()
        self.assert_answers_are_those_given_then()
        self.assertEqual(Answers(self.suite).summary, self.at[DATES[-1]].summary)

    def test_rehearsing_again_repeats_nothing(self):
        before = {name: tables(self.suite, name) for name in Suite.NAMES}
        for date in (DATES[0], DATES[-1]):
            self.suite.rehearse(date)
        self.assert_same_stored(before, {name: tables(self.suite, name) for name in Suite.NAMES})

    def test_both_logs_verify(self):
        for name in Suite.NAMES:
            answer = self.suite.verify(name)
            self.assertTrue(answer.ok, answer.findings)
            self.assertGreater(answer.rows, 300)


def moment(timestamp):
    return timestamp.seconds * 1_000_000 + timestamp.nanos // 1000


def text(micros):
    at = datetime.fromtimestamp(micros // 1_000_000, timezone.utc) + timedelta(microseconds=micros % 1_000_000)
    return at.isoformat().replace("+00:00", "Z")


class ValidUntil(Refusals, unittest.TestCase):
    """No report after 1 October; the time goes on to March: what changes, changes when it was said to."""

    @classmethod
    def setUpClass(cls):
        cls.suite = Suite()
        cls.addClassCleanup(cls.suite.close)
        cls.suite.rehearse("2024-10-01")
        cls.suite.advance("2025-03-01T00:00:00+08:00")

    def asked(self, micros):
        """{name: assessment without the instant asked}, and the summary likewise."""
        answers = self.suite.progress("ListAssessments", parent=Suite.PROGRAM, pageSize=1000, asOf=text(micros)).assessments
        summary = self.suite.progress("SummarizeProgram", name=Suite.PROGRAM, asOf=text(micros))
        for answer in [*answers, summary]:
            answer.ClearField("as_of")
        return {**{a.name: a for a in answers}, Suite.PROGRAM: summary}

    def assert_fits(self, before, after, at):
        """Between two instants just those answers changed whose time was over."""
        for name, old in before.items():
            over = old.HasField("valid_until") and moment(old.valid_until) <= at
            if over:
                self.assertNotEqual(old, after[name], f"{name} at {text(at)}")
            else:
                self.assertEqual(old, after[name], f"{name} at {text(at)}")

    def test_nothing_differs_just_before_and_something_differs_at_it(self):
        at = int(datetime(2024, 10, 1, tzinfo=SHANGHAI).timestamp()) * 1_000_000
        now, seen = self.asked(at), []
        while True:
            following = [moment(a.valid_until) for a in now.values() if a.HasField("valid_until")]
            if not following or min(following) > int(datetime(2025, 3, 1, tzinfo=SHANGHAI).timestamp()) * 1_000_000:
                break
            at = min(following)
            self.assertNotIn(at, seen)
            seen.append(at)
            self.assert_fits(now, self.asked(at - 1), at - 1)
            after = self.asked(at)
            self.assert_fits(now, after, at)
            now = after
        self.assertGreater(len(seen), 5)

    def test_on_no_morning_does_anything_else_differ(self):
        day = datetime(2024, 10, 1, tzinfo=SHANGHAI)
        before = None
        while day <= datetime(2025, 3, 1, tzinfo=SHANGHAI):
            at = int(day.timestamp()) * 1_000_000
            after = self.asked(at)
            if before:
                self.assert_fits(before, after, at)
            before, day = after, day + timedelta(days=1)

    def test_the_counts_in_memory_move_with_the_clock(self):
        now = self.suite.progress("SummarizeProgram", name=Suite.PROGRAM)
        again = self.suite.progress("SummarizeProgram", name=Suite.PROGRAM, asOf="2025-03-01T00:00:00+08:00")
        self.assertEqual(now, again)
        (self.suite.folder / "metrics.txt").write_text(self.suite.http("progress", "/metrics"))
        compared = oracle(self.suite, "2025-03-01T00:00:00+08:00", "--metrics", str(self.suite.folder / "metrics.txt"))
        self.assertEqual(compared.returncode, 0, compared.stdout)


if __name__ == "__main__":
    unittest.main()
