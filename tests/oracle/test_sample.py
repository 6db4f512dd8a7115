"""Keeps deploy/samples/wulong-2024 honest without the services: turns its files into the events that the services would
write, checks every rule that a report has to meet, and recounts every month's start."""

import csv
import datetime as dt
import io
import json
import re
import sys
import unittest
from collections import Counter
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import feed  # noqa: E402
import oracle  # noqa: E402
import rules  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "deploy" / "samples" / "wulong-2024"
TARGETS = ROOT / "tests" / "golden" / "notice" / "wulong-2024.targets.tsv"
PUBLISHED_AT = "2024-03-18T09:00:00+08:00"
STAGES = {"前期": "PREPARATION", "开工": "STARTED", "过半": "HALFWAY", "完工": "BUILT", "验收": "ACCEPTED"}
MONTH_STARTS = [f"2024-{m:02d}-01T00:00:00+08:00" for m in range(4, 13)] + [
    "2025-01-01T00:00:00+08:00", "2025-01-16T00:00:00+08:00"]
PROGRAM = "districts/500156/programs/2024"


def task_name(short):
    project, number = short.split("/")
    return f"{PROGRAM}/projects/{project}/tasks/{number}"


def read_csv(name):
    with open(SAMPLE / name, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def read_targets():
    """{"municipal-01/1": [row]}."""
    found = {}
    with open(TARGETS, encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            found.setdefault(row["task"], []).append(row)
    return found


def read_list():
    """(groups, projects, tasks) of list.csv."""
    with open(SAMPLE / "list.csv", encoding="utf-8-sig", newline="") as f:
        rows = list(csv.reader(f))
    groups, projects, tasks, group, number = [], [], [], "", 0
    for source_row, row in enumerate(rows, 1):
        cells = [c.strip() for c in row] + [""] * 6
        declared = re.fullmatch(r"(.+)（(\d+)件）", cells[0])
        if declared:
            group = "municipal" if "市级" in declared[1] else "district"
            groups.append({"id": group, "title": declared[1], "declared_count": int(declared[2])})
        elif group and cells[2]:
            if cells[0]:
                number, part = int(cells[0]), 1
                projects.append({"name": f"{PROGRAM}/projects/{group}-{number:02d}", "group": group,
                                 "number": number, "title": cells[1], "tasks": []})
            else:
                part += 1
            name = f"{projects[-1]['name']}/tasks/{part}"
            projects[-1]["tasks"].append(name)
            task = {"name": name, "project_title": projects[-1]["title"], "group": group, "content": cells[2],
                    "lead_units": cells[4].split("、"), "source_row": source_row, "ordinal": len(tasks) + 1}
            if cells[3]:
                task["planned_investment"] = {"currency": "CNY", "fen": str(int(cells[3]) * 1_000_000)}
            tasks.append(task)
    return groups, projects, tasks


def target_json(row):
    j = {"number": int(row["no"]), "kind": "TARGET_KIND_" + row["kind"].upper(), "indicator": row["indicator"]}
    if row["comparator"]:
        j["comparator"] = "COMPARATOR_" + row["comparator"].upper()
    if row["stage"]:
        j["stage"] = "TARGET_STAGE_" + row["stage"].upper()
    for key in ("value", "unit", "stretch", "base", "base_on", "due_on", "note"):
        if row[key]:
            j[key] = row[key]
    if row["part_of"]:
        j["part_of"] = int(row["part_of"])
    if row["survey_days"]:
        j["survey_days"] = [x.strip() for x in row["survey_days"].split(";")]
    return j


def measures_of(row):
    """"1=19; 2=开工" -> [(1, "19"), (2, "开工")]."""
    return [(int(a), b) for a, b in (x.strip().split("=") for x in row["measures"].split(";") if x.strip())]


def report_json(row, kinds, version):
    measures = []
    for target, value in measures_of(row):
        measures.append({"target": target, "work_stage": "WORK_STAGE_" + STAGES[value]}
                        if kinds[target] == "event" else {"target": target, "value": value})
    j = {"name": f"{task_name(row['task'])}/reports/{row['period']}@{version}", "version": version,
         "progress_text": row["progress_text"]}
    if measures:
        j["measures"] = measures
    if row["self_rating"]:
        j["self_rating"] = "SELF_RATING_" + {"正常": "NORMAL", "有困难": "DIFFICULT"}[row["self_rating"]]
    if row["nothing_to_report"]:
        j["nothing_to_report"] = True
    if row["completed_investment"]:
        fen = Fraction(row["completed_investment"]) * 1_000_000
        j["completed_investment"] = {"currency": "CNY", "fen": str(int(fen))}
    for key in ("started_on", "problems", "next_step", "correction_reason", "received_on"):
        if row[key]:
            j[key] = row[key]
    return j


def build_feeds():
    """(the registry's events, progress's events), each in order of time."""
    program = {**json.loads((SAMPLE / "program.json").read_text(encoding="utf-8")), "name": PROGRAM}
    program.pop("district")
    groups, projects, tasks = read_list()
    targets = read_targets()
    short = {task["name"]: key for key in targets for task in tasks if task["name"] == task_name(key)}
    registry, progress = [], []
    program = {**program, "groups": groups, "state": "PROGRAM_STATE_DRAFT"}
    program.pop("year")
    registry.append((PUBLISHED_AT, "registry.v1.ProgramImported", {"program": program, "projects": projects}))
    for task in tasks:
        put = {**task, "targets": [target_json(x) for x in targets[short[task["name"]]]]}
        registry.append((PUBLISHED_AT, "registry.v1.TaskPut", {"task": put}))
    registry.append((PUBLISHED_AT, "registry.v1.ProgramPublished",
                     {"program": {**program, "state": "PROGRAM_STATE_PUBLISHED"}}))
    revisions = {}
    for row in read_csv("plans.csv"):
        revisions.setdefault((row["filed_at"], row["task"]), []).append(row)
    numbers = Counter()
    for (filed_at, task), rows in sorted(revisions.items()):
        numbers[task] += 1
        revision = {"name": f"{task_name(task)}/revisions/{numbers[task]}", "starts_on": rows[0]["starts_on"],
                    "due_on": rows[0]["due_on"], "reason": rows[0]["reason"],
                    "document_number": rows[0]["document_number"], "state": "PLAN_STATE_FILED",
                    "milestones": [{"due_on": r["milestone_on"], "percent": r["percent"], "text": r["text"],
                                    "responsible_post": r["responsible_post"], "target": int(r["target"])}
                                   for r in rows]}
        registry.append((filed_at, "registry.v1.PlanFiled", {"revision": revision}))
        if rows[0]["approved_at"]:
            registry.append((rows[0]["approved_at"], "registry.v1.PlanApproved",
                             {"revision": {**revision, "state": "PLAN_STATE_APPROVED"}}))
    versions = Counter()
    moves = [(r["filed_at"], "report", r) for r in read_csv("reports.csv")]
    moves += [(r["at"], r["action"], r) for r in read_csv("actions.csv")]
    for at, what, row in sorted(moves, key=lambda x: feed.instant(x[0])):
        name = f"{task_name(row['task'])}/reports/{row['period']}"
        if what == "report":
            versions[name] += 1
            kinds = {int(x["no"]): x["kind"] for x in targets[row["task"]]}
            progress.append((at, "progress.v1.ReportSubmitted",
                             {"report": report_json(row, kinds, versions[name])}))
        elif what == "return":
            progress.append((at, "progress.v1.ReportReturned",
                             {"name": name, "version": versions[name], "reason": row["reason"]}))
        elif what == "exempt":
            progress.append((at, "progress.v1.ReportExempted",
                             {"parent": task_name(row["task"]), "period": row["period"], "reason": row["reason"]}))
        elif what == "judge":
            progress.append((at, "progress.v1.JudgementRecorded",
                             {"parent": task_name(row["task"]),
                              "judgement": {"light": "LIGHT_" + row["light"], "reason": row["reason"],
                                            "valid_to": row["valid_to"]}}))
        else:
            raise ValueError(f"actions.csv: {what}")
    return _numbered(registry), _numbered(progress)


def _numbered(events):
    ordered = sorted(events, key=lambda e: feed.instant(e[0]))
    prefix = "type.googleapis.com/minsheng."
    return [{"position": str(n), "recorded_at": at, "payload": {"@type": prefix + kind, **body}}
            for n, (at, kind, body) in enumerate(ordered, 1)]


class Sample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.feeds = build_feeds()
        cls.working = feed.read_working_days()
        cls.targets = read_targets()
        cls.kinds = {(t, int(x["no"])): x["kind"] for t, rows in cls.targets.items() for x in rows}
        cls.reports = sorted(read_csv("reports.csv"), key=lambda r: feed.instant(r["filed_at"]))
        cls.periods = {p.key: p for p in rules.periods(2024, dt.date(2024, 3, 15))}
        cls.lead = {t["name"]: t["lead_units"][0] for t in read_list()[2]}

    def recount(self, at):
        return oracle.recount(*self.feeds, at, self.working)["programs"][0]

    # the list

    def test_29_tasks_and_23_projects_at_any_instant(self):
        for day in ("2024-04-01", "2024-06-15", "2024-08-01", "2024-10-01", "2025-01-16"):
            p = self.recount(day + "T00:00:00+08:00")
            self.assertEqual((p["task_count"], p["project_count"]), (29, 23), day)
            self.assertEqual((sum(p["total"]["tasks"].values()), sum(p["total"]["projects"].values())), (29, 23))
            self.assertEqual({g: sum(t["tasks"].values()) for g, t in p["groups"].items()},
                             {"municipal": 14, "district": 15})
            for which in ("current", "previous"):
                self.assertEqual(sum(p[which]["counts"].values()), 29)
            self.assertEqual(sum(sum(x.values()) for x in p["units"].values()), 29)

    def test_groups_and_sums_of_the_list(self):
        groups, projects, tasks = read_list()
        self.assertEqual([(g["id"], g["declared_count"]) for g in groups], [("municipal", 13), ("district", 10)])
        for group, total in (("municipal", 8820), ("district", 133039)):
            fen = sum(int(t["planned_investment"]["fen"]) for t in tasks
                      if t["group"] == group and "planned_investment" in t)
            self.assertEqual(fen, total * 1_000_000)
        self.assertEqual(sum("planned_investment" not in t for t in tasks), 2)

    def test_text_and_csv_hold_the_same_rows(self):
        text = (SAMPLE / "list.txt").read_text(encoding="utf-8")
        self.assertTrue(text.startswith("武隆区2024年度民生实事目标任务清单\n"))
        for task in read_list()[2]:
            self.assertIn(task["content"], text)
        for name in ("list.txt", "list.csv", "reports.csv", "plans.csv", "actions.csv", "program.json", "README.md"):
            content = (SAMPLE / name).read_text(encoding="utf-8")
            self.assertNotRegex(content, r"@\w|联系人|联系电话|\b1\d{10}\b|\d{3,4}-\d{7,8}\b", name)

    def test_every_task_has_targets(self):
        self.assertEqual({task_name(t) for t in self.targets}, {t["name"] for t in read_list()[2]})
        for task, rows in self.targets.items():
            self.assertEqual([int(x["no"]) for x in rows], list(range(1, len(rows) + 1)), task)
            for x in rows:
                target = feed.target_of(target_json(x))
                self.assertEqual(target.value is not None, x["comparator"] == "at_least", (task, x["no"]))
                if target.kind == "COVERAGE":
                    self.assertTrue(target.base, (task, x["no"]))

    # plans

    def test_plans(self):
        limit = self.working.plus(dt.date(2024, 3, 15), 15)
        self.assertEqual(limit, dt.date(2024, 4, 8))
        revisions = {}
        for row in read_csv("plans.csv"):
            revisions.setdefault((row["task"], row["filed_at"]), []).append(row)
        in_time, late, count = 0, 0, Counter(task for task, _ in revisions)
        first = {}
        for (task, filed_at), rows in sorted(revisions.items(), key=lambda x: feed.instant(x[0][1])):
            self.assertEqual(len({(r["approved_at"], r["starts_on"], r["due_on"], r["reason"], r["document_number"])
                                  for r in rows}), 1, task)
            filed, approved = feed.instant(filed_at), feed.instant(rows[0]["approved_at"])
            self.assertLess(filed, approved)
            self.office_hours(filed_at)
            self.office_hours(rows[0]["approved_at"])
            if task in first:
                self.assertTrue(rows[0]["reason"] and rows[0]["document_number"], task)
                self.assertLess(first[task], filed)
            else:
                in_time += rules.civil_day(filed) <= limit
                late += rules.civil_day(filed) > limit
            first.setdefault(task, approved)
            numbers = {int(x["no"]) for x in self.targets[task]}
            by_target = {}
            for r in sorted(rows, key=lambda r: r["milestone_on"]):
                self.assertTrue("2024-01-01" <= r["milestone_on"] <= "2024-12-31", task)
                self.assertIn(int(r["target"]), numbers | {0})
                percent = Fraction(r["percent"])
                self.assertTrue(by_target.get(r["target"], 0) <= percent <= 100, (task, r["milestone_on"]))
                by_target[r["target"]] = percent
                self.assertTrue(r["text"] and r["responsible_post"].startswith(self.lead[task_name(task)]))
        self.assertEqual(late, 3)
        self.assertGreaterEqual(in_time, 15)
        self.assertEqual([task for task, n in count.items() if n > 1], ["district-04/2"])
        self.assertGreaterEqual(29 - len(count), 6)

    def office_hours(self, at):
        day = rules.civil_day(feed.instant(at))
        self.assertTrue(self.working.is_working(day), at)
        self.assertRegex(at, r"T(09|10|11|14|15|16|17):\d\d:00\+08:00$")

    # reports

    def test_reports_are_acceptable(self):
        returned = {(r["task"], r["period"]): feed.instant(r["at"]) for r in read_csv("actions.csv")
                    if r["action"] == "return"}
        history = {}  # task -> the reports filed so far
        for r in self.reports:
            where = (r["task"], r["period"], r["filed_at"])
            at, period = feed.instant(r["filed_at"]), self.periods[r["period"]]
            self.assertGreaterEqual(at, rules.midnight(period.first_day), where)
            self.office_hours(r["filed_at"])
            self.assertEqual(r["unit"], self.lead[task_name(r["task"])], where)
            self.assertTrue(r["progress_text"], where)
            measures = measures_of(r)
            self.assertEqual(len(dict(measures)), len(measures), where)
            before = history.setdefault(r["task"], [])
            if r["nothing_to_report"]:
                self.assertEqual((measures, r["started_on"], r["completed_investment"]), ([], "", ""), where)
                self.assertTrue(before, where)
            for n, value in measures:
                kind = self.kinds[r["task"], n]
                self.assertIn(kind, ("count", "coverage", "level", "frequency", "event"), where)
                self.assertEqual(kind == "event", value in STAGES, where)
                if kind == "level":
                    days = next(x for x in self.targets[r["task"]] if int(x["no"]) == n)["survey_days"].split(";")
                    self.assertTrue(any(period.first_day <= dt.date.fromisoformat(d.strip()) <= period.last_day
                                        for d in days), where)
            if not before:
                wanted = {int(x["no"]) for x in self.targets[r["task"]]
                          if x["kind"] in ("count", "coverage", "event")}
                self.assertEqual(wanted - {n for n, _ in measures}, set(), where)
            standing = [b for b in before if returned.get((b["task"], b["period"]), at + 1) > at
                        or feed.instant(b["filed_at"]) > returned[b["task"], b["period"]]]
            standing = [b for b in standing if self.periods[b["period"]].index <= period.index]
            for n, value in measures:
                stated = [dict(measures_of(b))[n] for b in standing if n in dict(measures_of(b))]
                if stated and self.kinds[r["task"], n] != "level" and not r["correction_reason"]:
                    self.assertGreaterEqual(self.amount(value), self.amount(stated[-1]), where)
            if r["started_on"]:
                self.assertLessEqual(dt.date.fromisoformat(r["started_on"]), rules.civil_day(at), where)
            if r["completed_investment"]:
                self.assertRegex(r["completed_investment"], r"^\d+(\.\d{1,6})?$")
            before.append(r)
        corrected = [r for r in self.reports if r["correction_reason"]]
        self.assertGreaterEqual(len(corrected), 1)
        for r in corrected:
            earlier = [b for b in self.reports if (b["task"], b["period"]) == (r["task"], r["period"])]
            self.assertLess(self.amount(dict(measures_of(r))[1]), self.amount(dict(measures_of(earlier[0]))[1]))

    @staticmethod
    def amount(value):
        return rules.STAGE[STAGES[value]] if value in STAGES else Fraction(value)

    def test_completed_investment_never_falls(self):
        last = {}
        for r in self.reports:
            if r["completed_investment"] and not r["correction_reason"]:
                self.assertGreaterEqual(Fraction(r["completed_investment"]), last.get(r["task"], 0), r["task"])
            last[r["task"]] = Fraction(r["completed_investment"] or last.get(r["task"], 0))

    def test_actions(self):
        rows = read_csv("actions.csv")
        self.assertEqual(Counter(r["action"] for r in rows), {"return": 2, "exempt": 2, "judge": 1})
        resubmitted = []
        for r in rows:
            self.office_hours(r["at"])
            self.assertTrue(r["reason"])
            same = [x for x in self.reports if (x["task"], x["period"]) == (r["task"], r["period"])]
            if r["action"] == "return":
                self.assertTrue(any(feed.instant(x["filed_at"]) < feed.instant(r["at"]) for x in same))
                resubmitted.append(any(feed.instant(x["filed_at"]) > feed.instant(r["at"]) for x in same))
            elif r["action"] == "exempt":
                self.assertEqual(same, [])
            else:
                self.assertEqual(self.kinds[r["task"], 1], "qualitative")
                self.assertIn(r["light"], rules.LIGHTS)
        self.assertEqual(sorted(resubmitted), [False, True])

    # the year

    def test_every_light_and_every_status_occurs(self):
        lights, states, table = set(), set(), io.StringIO()
        print(f"\n{'at':12}" + "".join(f"{x:>17}" for x in rules.LIGHTS), file=table)
        for at in MONTH_STARTS:
            p = self.recount(at)
            total = p["total"]["tasks"]
            lights |= {k for k, n in total.items() if n}
            for which in ("current", "previous"):
                states |= {k for k, n in p[which]["counts"].items() if n}
            print(f"{at[:10]:12}" + "".join(f"{total[x]:17}" for x in rules.LIGHTS), file=table)
        print(f"\n{'previous':12}" + "".join(f"{x:>19}" for x in rules.STATES), file=table)
        for at in MONTH_STARTS:
            p = self.recount(at)["previous"]
            print(f"{p['period']:12}" + "".join(f"{p['counts'][x]:19}" for x in rules.STATES), file=table)
        print(table.getvalue())
        self.assertEqual(lights, set(rules.LIGHTS))
        self.assertEqual(states, set(rules.STATES))

    def test_the_default_date_shows_a_mixture(self):
        p = self.recount("2024-10-01T00:00:00+08:00")
        self.assertGreaterEqual(sum(n > 0 for n in p["total"]["tasks"].values()), 6)
        for state in ("ON_TIME", "MISSING", "NOTHING_TO_REPORT", "EXEMPT", "RETURNED"):
            self.assertGreater(p["previous"]["counts"][state], 0, state)
        self.assertGreater(p["total"]["tasks_carried"], 0)
        judged = [x for x in p["tasks"] if x["judgement"]]
        self.assertEqual([(x["light"], x["judgement"]["light"]) for x in judged],
                         [("UNRATED", "SLIGHTLY_BEHIND")])

    def test_what_the_year_is_meant_to_show(self):
        """The special cases, by task and month's start."""
        def row(short, day):
            return next(x for x in self.recount(day + "T00:00:00+08:00")["tasks"] if x["name"] == task_name(short))

        river = row("municipal-07/1", "2024-08-01")
        self.assertEqual((river["light"], river["targets"][0]["gap"]), ("BEHIND", "-1/10"))
        meals = row("district-08/2", "2024-08-01")
        self.assertEqual((meals["light"], meals["targets"][1]["gap"]), ("BEHIND", "-3/10"))
        care = row("municipal-11/2", "2024-08-01")
        self.assertEqual((care["light"], care["targets"][0]["gap"]), ("ON_SCHEDULE", "0"))
        toilets = row("district-06/2", "2024-07-01")
        self.assertEqual((toilets["light"], toilets["targets"][0]["rule"]), ("SEVERELY_BEHIND", "not_started"))
        access = row("municipal-12/1", "2025-01-01")
        self.assertEqual((access["light"], access["targets"][2]["rule"]), ("SEVERELY_BEHIND", "overdue"))
        self.assertEqual(row("municipal-12/1", "2025-01-16")["completion_timing"], "late")
        self.assertEqual(row("municipal-13/1", "2025-01-01")["completion_timing"], "on_time")
        self.assertEqual(row("municipal-03/1", "2024-09-01")["completion_timing"], "early")
        self.assertEqual(row("municipal-13/1", "2024-06-01")["unrated_reason"], "NO_PLAN")
        self.assertEqual(row("municipal-09/1", "2024-06-01")["unrated_reason"], "NOT_SURVEYED")
        self.assertEqual(row("municipal-09/1", "2024-07-01")["light"], "BEHIND")
        self.assertEqual(row("district-06/1", "2024-10-01")["light"], "STALE")
        self.assertEqual(row("district-04/2", "2024-09-01")["plan_revision"], 2)


if __name__ == "__main__":
    unittest.main()
