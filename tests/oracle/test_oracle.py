"""The hand-made vectors: lights a..t, reporting, due days, the comparison with an exposition."""

import contextlib
import datetime as dt
import io
import json
import sys
import tempfile
import unittest
from fractions import Fraction as F
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import feed  # noqa: E402
import oracle  # noqa: E402
import rules  # noqa: E402
from rules import Milestone, Plan, Target, Version  # noqa: E402

YEAR = 2024
PERIODS = rules.periods(YEAR, dt.date(2024, 3, 15))
BY_KEY = {p.key: p for p in PERIODS}
WORKING = feed.read_working_days()


def at(text):
    """A time of Shanghai: "2024-05-01" is its 00:00."""
    return feed.instant((text if "T" in text else text + "T00:00:00") + "+08:00")


def D(text):
    return dt.date.fromisoformat(text)


def count(n, value, **more):
    return Target(n, "COUNT", value=F(value), **more)


def report(period, values, recorded, number=1, **more):
    return Version(period, number, at(recorded), {k: F(v) for k, v in values.items()}, **more)


def judge(targets, versions, t, plan=None):
    return rules.judge_task(PERIODS, YEAR, targets, plan, versions, at(t))


def steps(*pairs, **more):
    return Plan([Milestone(D(day), F(percent) / 100) for day, percent in pairs], revision=1, **more)


class Lights(unittest.TestCase):
    """Rows a..t; the time curve runs over March to December."""

    ROAD = [count(1, 120), count(2, 80, part_of=1)]
    APRIL = report("2024-04", {1: 19, 2: 15}, "2024-04-28T10:00:00")
    MAY = report("2024-05", {1: 40, 2: 40}, "2024-05-20T10:00:00")
    PARKS = steps(("2024-09-30", 50), ("2024-11-30", 100))
    RIVER = [Target(1, "COVERAGE", value=F(50), base=F(40))]

    def test_a_time_curve_and_a_part_of_target(self):
        r = judge(self.ROAD, [self.APRIL], "2024-05-01")
        self.assertEqual(r.light, rules.SLIGHTLY_BEHIND)
        goal, part = r.targets
        self.assertEqual((goal.planned, goal.actual, goal.gap), (F(1, 5), F(19, 120), F(-1, 24)))
        self.assertEqual((rules.one_decimal(goal.actual), rules.one_decimal(goal.gap)), ("15.8", "-4.2"))
        self.assertEqual((part.actual, part.gap, part.light), (F(3, 16), F(-1, 80), rules.SLIGHTLY_BEHIND))
        self.assertTrue(part.is_part)
        self.assertEqual(r.deciding_target, 1)

    def test_a_part_of_target_has_no_say(self):
        r = judge(self.ROAD, [report("2024-04", {1: 60, 2: 0}, "2024-04-28T10:00:00")], "2024-05-01")
        self.assertEqual((r.light, r.targets[1].light), (rules.AHEAD, rules.BEHIND))

    def test_b_a_month_is_judged_when_it_has_ended(self):
        r = judge(self.ROAD, [self.APRIL, self.MAY], "2024-05-25")
        self.assertEqual((r.light, r.facts_as_of, r.targets[0].gap), (rules.SLIGHTLY_BEHIND, "2024-04", F(-1, 24)))
        last = rules.judge_task(PERIODS, YEAR, self.ROAD, None, [self.APRIL, self.MAY], at("2024-06-01") - 1)
        self.assertEqual(last.facts_as_of, "2024-04")

    def test_c_from_the_first_instant_of_june(self):
        r = judge(self.ROAD, [self.APRIL, self.MAY], "2024-06-01")
        self.assertEqual((r.light, r.facts_as_of), (rules.AHEAD, "2024-05"))
        self.assertEqual((r.targets[0].planned, r.targets[0].gap), (F(3, 10), F(1, 30)))

    def test_d_few_objects_without_a_plan(self):
        r = judge([count(1, 2)], [report("2024-04", {1: 0}, "2024-04-28T10:00:00")], "2024-05-01")
        self.assertEqual((r.light, r.reason), (rules.UNRATED, "NO_PLAN"))

    def test_e_milestones_step(self):
        r = judge([count(1, 2)], [report("2024-09", {1: 1}, "2024-09-29T10:00:00")], "2024-10-01", self.PARKS)
        self.assertEqual((r.light, r.targets[0].planned, r.targets[0].gap), (rules.ON_SCHEDULE, F(1, 2), F(0)))

    def test_f_milestone_missed(self):
        r = judge([count(1, 2)], [report("2024-09", {1: 0}, "2024-09-29T10:00:00")], "2024-10-01", self.PARKS)
        self.assertEqual((r.light, r.targets[0].gap), (rules.SEVERELY_BEHIND, F(-1, 2)))

    FIVE = [count(n, v) for n, v in enumerate((3, 15, 400, 30, 81), 1)]

    def test_g_the_worst_goal_decides(self):
        r = judge(self.FIVE, [report("2024-08", {1: 3, 2: 15, 3: 0, 4: 30, 5: 81}, "2024-08-29T10:00:00")],
                  "2024-09-01")
        self.assertEqual((r.light, r.deciding_target, r.targets[2].gap), (rules.SEVERELY_BEHIND, 3, F(-3, 5)))

    def test_h_overdue_whatever_the_gap(self):
        facts = [report("2024-12", {1: 3, 2: 15, 3: 380, 4: 30, 5: 81}, "2024-12-29T10:00:00")]
        r = judge(self.FIVE, facts, "2025-01-01")
        self.assertEqual((r.light, r.deciding_target, r.targets[2].rule), (rules.SEVERELY_BEHIND, 3, "overdue"))
        self.assertEqual(r.targets[2].gap, F(-1, 20))

    def test_i_level_before_its_survey(self):
        level = [Target(1, "LEVEL", value=F("3.7"), survey_days=(D("2024-11-30"),))]
        r = judge(level, [report("2024-06", {}, "2024-06-28T10:00:00")], "2024-07-01")
        self.assertEqual((r.light, r.reason), (rules.UNRATED, "NOT_SURVEYED"))

    def _river(self, reached):
        return judge(self.RIVER, [report("2024-07", {1: reached}, "2024-07-29T10:00:00")], "2024-08-01")

    def test_j_exactly_ten_points(self):
        r = self._river("8")
        self.assertEqual((r.light, r.targets[0].actual, r.targets[0].gap), (rules.BEHIND, F(2, 5), F(-1, 10)))

    def test_k_exactly_thirty_points(self):
        r = self._river("4")
        self.assertEqual((r.light, r.targets[0].gap), (rules.BEHIND, F(-3, 10)))

    def test_l_a_tenth_more_than_thirty(self):
        r = self._river("3.98")
        self.assertEqual((r.light, r.targets[0].gap), (rules.SEVERELY_BEHIND, F(-301, 1000)))

    WELLS = [count(1, 500)]
    AUGUST = report("2024-08", {1: 250}, "2024-08-29T10:00:00")

    def test_m_a_missing_report_leaves_the_light(self):
        r = judge(self.WELLS, [self.AUGUST], "2024-10-01")
        self.assertEqual((r.light, r.facts_as_of, r.carried), (rules.BEHIND, "2024-08", True))
        self.assertEqual((r.targets[0].planned, r.targets[0].gap), (F(3, 5), F(-1, 10)))
        state = rules.reporting_state(PERIODS, BY_KEY["2024-09"], WORKING, [self.AUGUST], False, r, at("2024-10-01"))
        self.assertEqual(state, rules.MISSING)
        before = at("2024-10-01") - 1
        r = rules.judge_task(PERIODS, YEAR, self.WELLS, None, [self.AUGUST], before)
        self.assertEqual(rules.reporting_state(PERIODS, BY_KEY["2024-09"], WORKING, [self.AUGUST], False, r, before),
                         rules.NOT_DUE)

    def test_n_two_periods_old_is_stale(self):
        r = judge(self.WELLS, [self.AUGUST], "2024-11-01")
        self.assertEqual((r.light, r.facts_as_of), (rules.STALE, "2024-08"))

    def test_o_completed_early_and_no_report_owed(self):
        facts = [report("2024-06", {1: 2}, "2024-06-12T09:00:00")]
        r = judge([count(1, 2)], facts, "2024-06-12T09:00:00", steps(("2024-06-30", 100)))
        self.assertEqual((r.light, r.completed_on, r.timing), (rules.COMPLETED, D("2024-06-12"), "early"))
        for period, t in (("2024-07", "2024-07-15"), ("2024-07", "2024-08-01"), ("2024-final", "2025-02-01")):
            r = judge([count(1, 2)], facts, t, steps(("2024-06-30", 100)))
            self.assertEqual(rules.reporting_state(PERIODS, BY_KEY[period], WORKING, facts, False, r, at(t)),
                             rules.EXEMPT)

    def test_p_stage_of_works(self):
        event = [Target(1, "EVENT", "DONE")]
        plan = steps(("2024-06-30", 30), ("2024-12-31", 100))
        facts = [Version("2024-06", 1, at("2024-06-28"), {1: rules.STAGE["PREPARATION"]})]
        r = judge(event, facts, "2024-07-01", plan)
        self.assertEqual((r.light, r.targets[0].gap), (rules.BEHIND, F(-15, 100)))

    def test_q_qualitative_stays_unrated_beside_a_judgement(self):
        r = judge([Target(1, "QUALITATIVE")], [report("2024-06", {}, "2024-06-28T10:00:00")], "2024-07-01")
        self.assertEqual((r.light, r.reason), (rules.UNRATED, "QUALITATIVE"))
        judged = [{"light": "LIGHT_BEHIND", "valid_to": "2024-09-30"}]
        shown = oracle._judgement_in_force
        self.assertEqual(shown(judged, at("2024-10-01") - 1), {"light": "BEHIND", "valid_to": "2024-09-30"})
        self.assertIsNone(shown(judged, at("2024-10-01")))

    def test_r_starts_are_counted(self):
        r = judge([count(1, 41)], [report("2024-06", {1: 20}, "2024-06-28T10:00:00")], "2024-07-01")
        self.assertEqual((r.light, r.targets[0].planned, r.targets[0].actual), (rules.AHEAD, F(2, 5), F(20, 41)))
        self.assertEqual(rules.one_decimal(r.targets[0].actual), "48.8")

    def test_s_before_the_first_period_ended(self):
        r = judge(self.WELLS, [], "2024-03-20")
        self.assertEqual((r.light, r.reason), (rules.UNRATED, "NOT_BEGUN"))
        self.assertEqual(judge(self.WELLS, [], "2024-04-01").light, rules.STALE)

    def test_t_project_takes_the_worst_rated_task(self):
        self.assertEqual(rules.project_light([rules.AHEAD, rules.BEHIND, rules.UNRATED]), rules.BEHIND)
        self.assertEqual(rules.project_light([rules.UNRATED, rules.UNRATED]), rules.UNRATED)
        self.assertEqual(rules.project_light([rules.COMPLETED, rules.COMPLETED]), rules.COMPLETED)
        self.assertEqual(rules.project_light([rules.COMPLETED, rules.UNRATED]), rules.AHEAD)
        self.assertEqual(rules.project_light([rules.STALE, rules.SLIGHTLY_BEHIND]), rules.STALE)
        self.assertEqual(rules.project_light([rules.STALE, rules.BEHIND]), rules.BEHIND)


class MoreLights(unittest.TestCase):
    """Sentences of RULES.md that no vector holds."""

    def test_not_started(self):
        plan = steps(("2024-12-31", 100), starts_on=D("2024-04-15"))
        for period, t, light in (("2024-03", "2024-04-01", rules.ON_SCHEDULE), ("2024-04", "2024-05-01", rules.BEHIND),
                                 ("2024-05", "2024-06-01", rules.BEHIND),
                                 ("2024-06", "2024-07-01", rules.SEVERELY_BEHIND)):
            r = judge([count(1, 2)], [report(period, {1: 0}, period + "-28")], t, plan)
            self.assertEqual(r.light, light, period)
        started = [report("2024-06", {1: 0}, "2024-06-28", started_on=D("2024-06-20"))]
        self.assertEqual(judge([count(1, 2)], started, "2024-07-01", plan).light, rules.ON_SCHEDULE)

    def test_overdue_without_a_plan(self):
        few = [count(1, 2, due_on=D("2024-06-30"))]
        facts = [report("2024-06", {1: 1}, "2024-06-28")]
        self.assertEqual(judge(few, facts, "2024-07-01").light, rules.SEVERELY_BEHIND)
        facts = [report("2024-05", {1: 1}, "2024-05-28")]
        self.assertEqual(judge(few, facts, "2024-06-30T23:59:59").light, rules.UNRATED)

    def test_a_goal_never_stated_is_stale(self):
        r = judge([count(1, 20), count(2, 20)], [report("2024-04", {1: 20}, "2024-04-28")], "2024-05-01")
        self.assertEqual((r.light, r.deciding_target), (rules.STALE, 2))

    def test_rated_goals_reached_but_an_unrated_one_remains(self):
        meals = [count(1, 20), Target(2, "SERVICE")]
        self.assertEqual(judge(meals, [report("2024-04", {1: 20}, "2024-04-28")], "2024-05-01").light, rules.AHEAD)
        self.assertEqual(judge(meals, [report("2024-12", {1: 20}, "2024-12-28")], "2025-01-01").light,
                         rules.ON_SCHEDULE)

    def test_nothing_to_report_carries(self):
        facts = [report("2024-04", {1: 100}, "2024-04-28"),
                 report("2024-05", {}, "2024-05-28", nothing_to_report=True)]
        r = judge([count(1, 500)], facts, "2024-06-01")
        self.assertEqual((r.facts_as_of, r.targets[0].planned, r.targets[0].gap), ("2024-05", F(3, 10), F(-1, 10)))

    def test_a_returned_version_leaves_the_period_without_facts(self):
        facts = [report("2024-04", {1: 100}, "2024-04-28"), report("2024-05", {1: 200}, "2024-05-27"),
                 report("2024-05", {1: 210}, "2024-05-28", number=2, returned_at=at("2024-05-29"))]
        r = judge([count(1, 500)], facts, "2024-06-01")
        self.assertEqual((r.facts_as_of, r.carried, r.targets[0].value), ("2024-04", True, 100))
        self.assertEqual(rules.reporting_state(PERIODS, BY_KEY["2024-05"], WORKING, facts, False, r, at("2024-06-01")),
                         rules.RETURNED)

    def test_level(self):
        days = (D("2024-06-20"),)
        for value, baseline, light in (("3.7", None, rules.COMPLETED), ("3.4", "3.2", rules.SEVERELY_BEHIND),
                                       ("3.6", "3.2", rules.BEHIND), ("3.6", None, rules.SLIGHTLY_BEHIND)):
            level = [Target(1, "LEVEL", value=F("3.7"), baseline=F(baseline) if baseline else None, survey_days=days)]
            facts = [report("2024-06", {1: value}, "2024-06-28")]
            self.assertEqual(judge(level, facts, "2024-07-01").light, light, value)
        facts.append(report("2024-07", {}, "2024-07-28"))
        self.assertEqual(judge(level, facts, "2024-08-01").reason, "NOT_SURVEYED")

    def test_level_where_lower_is_better(self):
        level = [Target(1, "LEVEL", "AT_MOST", value=F(3), survey_days=(D("2024-06-20"),))]
        self.assertEqual(judge(level, [report("2024-06", {1: 3}, "2024-06-28")], "2024-07-01").light, rules.COMPLETED)
        r = judge(level, [report("2024-06", {1: "3.01"}, "2024-06-28")], "2024-07-01")
        self.assertEqual((r.light, r.targets[0].gap), (rules.SEVERELY_BEHIND, F(-1)))

    def test_level_whose_bound_is_not_enough(self):
        for comparator, value, light in (("MORE_THAN", "85.1", rules.SEVERELY_BEHIND), ("MORE_THAN", "85.100001", rules.COMPLETED),
                                         ("LESS_THAN", "85.1", rules.SEVERELY_BEHIND), ("LESS_THAN", "85.099999", rules.COMPLETED)):
            level = [Target(1, "LEVEL", comparator, value=F("85.1"), survey_days=(D("2024-06-20"),))]
            judged = judge(level, [report("2024-06", {1: value}, "2024-06-28")], "2024-07-01")
            self.assertEqual(judged.light, light, (comparator, value))

    def test_frequency(self):
        yearly = [Target(1, "FREQUENCY", value=F(1)), count(2, 20)]
        r = judge(yearly, [report("2024-04", {2: 4}, "2024-04-28")], "2024-05-01")
        self.assertEqual((r.light, r.targets[0].reason), (rules.ON_SCHEDULE, "NOT_DUE"))

    def test_coverage_without_a_base(self):
        r = judge([Target(1, "COVERAGE", "ALL")], [report("2024-04", {1: 4}, "2024-04-28")], "2024-05-01")
        self.assertEqual((r.light, r.reason), (rules.UNRATED, "NO_BASE"))

    def test_completed_in_the_year_after(self):
        facts = [report("2024-12", {1: 19}, "2024-12-28"), report("2024-final", {1: 20}, "2025-01-10")]
        self.assertEqual(judge([count(1, 20)], facts, "2025-01-09").light, rules.SEVERELY_BEHIND)
        r = judge([count(1, 20)], facts, "2025-01-11")
        self.assertEqual((r.light, r.timing, r.facts_as_of), (rules.COMPLETED, "late", "2024-final"))

    def test_the_window_of_a_plan(self):
        plan = Plan(starts_on=D("2024-05-10"), due_on=D("2024-08-31"), revision=1)
        r = judge([count(1, 20)], [report("2024-06", {1: 10}, "2024-06-28")], "2024-07-01", plan)
        self.assertEqual((r.light, r.targets[0].planned), (rules.ON_SCHEDULE, F(1, 2)))

    def test_milestones_of_a_target_and_of_the_task(self):
        plan = Plan([Milestone(D("2024-06-30"), F(1, 2)), Milestone(D("2024-05-31"), F(1, 4), 2)], revision=1)
        r = judge([count(1, 20), count(2, 20)], [report("2024-06", {1: 10, 2: 10}, "2024-06-28")], "2024-07-01", plan)
        self.assertEqual([x.planned for x in r.targets], [F(1, 2), F(1, 4)])

    def test_one_decimal(self):
        for share, text in ((F(1, 3), "33.3"), (F(-1, 24), "-4.2"), (F(5, 10000), "0.1"), (F(4, 10000), "0.0"),
                            (F(-4, 10000), "0.0"), (F(9995, 10000), "100.0"), (None, "")):
            self.assertEqual(rules.one_decimal(share), text)


class Reporting(unittest.TestCase):
    def state(self, period, versions, t, exempted=False):
        r = judge([count(1, 500)], versions, t)
        return rules.reporting_state(PERIODS, BY_KEY[period], WORKING, versions, exempted, r, at(t))

    def test_due_days(self):
        found = {p.key: rules.due_day(p, WORKING).isoformat() for p in PERIODS}
        self.assertEqual(found, {
            "2024-03": "2024-04-01", "2024-04": "2024-04-30", "2024-05": "2024-05-30", "2024-06": "2024-07-01",
            "2024-07": "2024-07-30", "2024-08": "2024-08-30", "2024-09": "2024-09-30", "2024-10": "2024-10-30",
            "2024-11": "2024-12-02", "2024-12": "2024-12-30", "2024-final": "2025-01-15"})

    def test_due_days_of_three_years(self):
        for nominal, after, before in (
                ("2024-03-30", "2024-04-01", "2024-03-29"), ("2024-06-30", "2024-07-01", "2024-06-28"),
                ("2024-11-30", "2024-12-02", "2024-11-29"), ("2025-01-30", "2025-02-05", "2025-01-27"),
                ("2025-03-30", "2025-03-31", "2025-03-28"), ("2025-08-30", "2025-09-01", "2025-08-29"),
                ("2025-11-30", "2025-12-01", "2025-11-28"), ("2026-05-30", "2026-06-01", "2026-05-29"),
                ("2026-08-30", "2026-08-31", "2026-08-28")):
            self.assertEqual(WORKING.on_or_after(D(nominal)), D(after))
            self.assertEqual(WORKING.before(D(nominal)), D(before))
        for day in ("2024-02-29", "2025-02-28", "2026-02-28"):
            self.assertTrue(WORKING.is_working(D(day)), day)
        for year, last in ((2024, 29), (2025, 28), (2026, 28)):
            february = rules.periods(year, D(f"{year}-01-10"))[1]
            self.assertEqual(rules.due_day(february, WORKING), dt.date(year, 2, last))

    def test_every_other_due_day_is_the_thirtieth(self):
        moved = {(2024, 3), (2024, 6), (2024, 11), (2025, 1), (2025, 3), (2025, 8), (2025, 11), (2026, 5), (2026, 8)}
        for year in (2024, 2025, 2026):
            for p in rules.periods(year, dt.date(year, 1, 1))[:-1]:
                due = rules.due_day(p, WORKING)
                self.assertEqual(due != p.nominal_due, (year, p.first_day.month) in moved, p.key)

    def test_on_time_until_the_end_of_the_due_day(self):
        on_time = [report("2024-03", {1: 5}, "2024-04-01T23:59:59")]
        late = [report("2024-03", {1: 5}, "2024-04-02")]
        self.assertEqual(self.state("2024-03", on_time, "2024-05-01"), rules.ON_TIME)
        self.assertEqual(self.state("2024-03", late, "2024-05-01"), rules.LATE)
        self.assertEqual(self.state("2024-03", late, "2024-04-01T23:59:59"), rules.NOT_DUE)
        self.assertEqual(self.state("2024-03", [], "2024-04-02"), rules.MISSING)

    def test_june_is_due_on_the_first_of_july(self):
        self.assertEqual(self.state("2024-06", [report("2024-06", {1: 5}, "2024-07-01T17:00:00")], "2024-08-01"),
                         rules.ON_TIME)

    def test_paper_received_earlier(self):
        paper = [report("2024-04", {1: 5}, "2024-05-06", received_on=D("2024-04-30"))]
        self.assertEqual(self.state("2024-04", paper, "2024-05-07"), rules.ON_TIME)

    def test_the_earliest_version_that_was_not_returned(self):
        first = report("2024-04", {1: 5}, "2024-04-29")
        second = report("2024-04", {1: 5}, "2024-05-06", number=2)
        self.assertEqual(self.state("2024-04", [first, second], "2024-05-07"), rules.ON_TIME)
        first.returned_at = at("2024-04-30")
        self.assertEqual(self.state("2024-04", [first, second], "2024-05-07"), rules.LATE)
        self.assertEqual(self.state("2024-04", [first, second], "2024-05-01"), rules.RETURNED)

    def test_nothing_to_report_and_exempt(self):
        nothing = [report("2024-04", {}, "2024-05-29", nothing_to_report=True)]
        self.assertEqual(self.state("2024-04", nothing, "2024-06-01"), rules.NOTHING_TO_REPORT)
        self.assertEqual(self.state("2024-04", [], "2024-06-01", exempted=True), rules.EXEMPT)
        self.assertEqual(self.state("2024-04", nothing, "2024-06-01", exempted=True), rules.NOTHING_TO_REPORT)

    def test_completed_after_the_due_day_excuses_nothing(self):
        done = [report("2024-05", {1: 500}, "2024-05-20")]
        self.assertEqual(self.state("2024-04", done, "2024-06-01"), rules.MISSING)
        self.assertEqual(self.state("2024-06", done, "2024-06-01"), rules.EXEMPT)

    def test_current_and_previous(self):
        for t, current, previous in (("2024-03-01", "2024-03", None), ("2024-02-01", "2024-03", None),
                                     ("2024-04-01", "2024-04", "2024-03"), ("2024-12-31", "2024-12", "2024-11"),
                                     ("2025-01-01", "2024-final", "2024-12"), ("2025-06-01", "2024-final", "2024-12")):
            self.assertEqual(rules.current_period(PERIODS, at(t)).key, current)
            p = rules.previous_period(PERIODS, at(t))
            self.assertEqual(p.key if p else None, previous)

    def test_judged_period(self):
        for t, key in (("2024-04-01", "2024-03"), ("2025-01-01", "2024-12"), ("2025-01-15T23:59:59", "2024-12"),
                       ("2025-01-16", "2024-final"), ("2026-01-01", "2024-final")):
            self.assertEqual(rules.judged_period(PERIODS, at(t)).key, key)
        self.assertIsNone(rules.judged_period(PERIODS, at("2024-04-01") - 1))

    def test_completeness_and_timeliness(self):
        """29 rows of one month: 26 filed, 22 of them on time."""
        files = (["2024-04-29"] * 22) + (["2024-05-06"] * 4) + ([None] * 3)
        states = [self.state("2024-04", [report("2024-04", {1: 5}, x)] if x else [], "2024-06-01") for x in files]
        on_time, late = states.count(rules.ON_TIME), states.count(rules.LATE)
        self.assertEqual((on_time, late, states.count(rules.MISSING)), (22, 4, 3))
        self.assertEqual((F(on_time + late, 29), F(on_time, 29)), (F(26, 29), F(22, 29)))


# --- feeds and the exposition ----------------------------------------------------------------------------------

PROGRAM = "districts/500156/programs/2024"
TASK = PROGRAM + "/projects/municipal-05/tasks/1"


def event(position, recorded_at, kind, **payload):
    package = "registry" if kind in ("ProgramImported", "ProgramPublished", "TaskPut", "PlanFiled", "PlanApproved",
                                     "UnitsNamed") else "progress"
    return {"position": str(position), "recorded_at": recorded_at,
            "payload": {"@type": f"type.googleapis.com/minsheng.{package}.v1.{kind}", **payload}}


def small_feeds():
    program = {"name": PROGRAM, "issued_on": "2024-03-15", "state": "PROGRAM_STATE_PUBLISHED"}
    task = {"name": TASK, "group": "municipal", "lead_units": ["区城市管理局", "区水利局"], "ordinal": 1,
            "targets": [{"number": 1, "kind": "TARGET_KIND_COUNT", "comparator": "COMPARATOR_AT_LEAST",
                         "value": "500", "stage": "TARGET_STAGE_FINISH"}]}
    project = {"name": TASK.split("/tasks/")[0], "group": "municipal", "number": 5, "tasks": [TASK]}
    registry = [event(1, "2024-03-18T01:00:00Z", "ProgramImported", program=program, projects=[project]),
                event(2, "2024-03-18T01:00:00Z", "UnitsNamed", units=[]),
                event(3, "2024-03-18T01:00:00Z", "TaskPut", task=task),
                event(4, "2024-03-18T01:30:00.5Z", "ProgramPublished", program=program)]
    progress = [event(1, "2024-08-29T02:00:00Z", "ReportSubmitted", report={
        "name": TASK + "/reports/2024-08@1", "version": 1, "measures": [{"target": 1, "value": "250"}]})]
    return registry, progress


class Feeds(unittest.TestCase):
    def run_main(self, *more):
        registry, progress = small_feeds()
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for name, events in (("registry", registry), ("progress", progress)):
                paths.append(Path(folder) / (name + ".json"))
                paths[-1].write_text(json.dumps(events), encoding="utf-8")
            extra = []
            for word in more:
                if word.startswith("minsheng_"):
                    saved = Path(folder) / "exposition.txt"
                    saved.write_text(word, encoding="utf-8")
                    word = str(saved)
                extra.append(word)
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                code = oracle.main(["--registry", str(paths[0]), "--progress", str(paths[1]),
                                    "--at", "2024-10-01T00:00:00+08:00", *extra])
        return code, out.getvalue()

    def exposition(self, **changed):
        registry, progress = small_feeds()
        result = oracle.recount(registry, progress, "2024-10-01T00:00:00+08:00", WORKING)
        lines = []
        for (metric, labels), value in oracle.expected_metrics(result).items():
            text = ",".join(f'{k}="{v}"' for k, v in sorted(labels))
            lines.append(f"{metric}{{{text}}} {changed.pop(metric, value)}")
        return "\n".join(lines) + "\n"

    def test_what_was_known_then(self):
        registry, progress = small_feeds()
        for t, light, facts in (("2024-08-29T10:00:00+08:00", "STALE", ""), ("2024-10-01T00:00:00+08:00", "BEHIND",
                                                                            "2024-08")):
            p = oracle.recount(registry, progress, t, WORKING)["programs"][0]
            self.assertEqual((p["tasks"][0]["light"], p["tasks"][0]["facts_as_of"]), (light, facts))
        self.assertEqual(oracle.recount(registry, progress, "2024-03-18T09:30:00+08:00", WORKING)["programs"], [])

    def test_a_removed_task_no_longer_counts(self):
        registry, progress = small_feeds()
        gone = dict(registry[2]["payload"]["task"], removed=True)
        registry.append(event(5, "2024-09-02T01:00:00Z", "TaskPut", task=gone))
        p = oracle.recount(registry, progress, "2024-10-01T00:00:00+08:00", WORKING)["programs"][0]
        self.assertEqual((p["task_count"], p["project_count"]), (0, 0))

    def test_json(self):
        code, out = self.run_main("--output", "json")
        p = json.loads(out)["programs"][0]
        self.assertEqual(code, 0)
        self.assertEqual(p["tasks"][0]["targets"][0]["gap"], "-1/10")
        self.assertEqual(p["tasks"][0]["targets"][0]["gap_points"], "-10.0")
        self.assertEqual((p["previous"]["period"], p["previous"]["counts"]["MISSING"]), ("2024-09", 1))
        self.assertEqual(p["units"]["区城市管理局"]["NOT_DUE"], 1)

    def test_metrics_that_agree(self):
        code, out = self.run_main("--metrics", self.exposition())
        self.assertEqual(code, 0, out)
        self.assertIn("compared 38 values, 0 differ", out)

    def test_metrics_that_differ(self):
        code, out = self.run_main("--metrics", self.exposition(minsheng_unit_reports=7))
        self.assertEqual(code, 1)
        self.assertIn('unit="区城市管理局"', out)

    def test_a_series_that_should_not_be_there(self):
        more = self.exposition() + 'minsheng_tasks{district="500156",year="2024",group="district",light="AHEAD"} 1\n'
        self.assertEqual(self.run_main("--metrics", more)[0], 1)

    def test_nothing_to_compare_is_a_failure(self):
        self.assertEqual(self.run_main("--metrics", "minsheng_other 1\n")[0], 1)

    def test_instants(self):
        self.assertEqual(feed.instant("1970-01-01T08:00:00+08:00"), 0)
        self.assertEqual(feed.instant("1970-01-01T00:00:01.5Z"), 1_500_000_000)
        with self.assertRaises(ValueError):
            feed.instant("2024-10-01T00:00:00")


if __name__ == "__main__":
    unittest.main()
