#!/usr/bin/env python3
"""Counts a second time, from the event feeds alone, what the services say at an instant.

  oracle.py --registry registry.json --progress progress.json --at 2024-10-01T00:00:00+08:00
  oracle.py … --output json
  oracle.py … --metrics exposition.txt     compares a saved Prometheus exposition; exit 1 on any difference
"""

import argparse
import datetime as dt
import json
import re
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import feed  # noqa: E402
import rules  # noqa: E402


def _text(share):
    return "" if share is None else str(share)


def _day(value):
    return value.isoformat() if value else ""


def _number(value):
    if value is None:
        return ""
    return str(value)


def _target_json(r):
    return {"target": r.number, "light": r.light, "unrated_reason": r.reason, "is_part": r.is_part, "rule": r.rule,
            "plan_source": r.plan_source, "due_on": _day(r.due_on), "stated_value": _number(r.value),
            "stated_period": r.stated_in,
            "planned": _text(r.planned), "planned_percent": rules.one_decimal(r.planned),
            "actual": _text(r.actual), "actual_percent": rules.one_decimal(r.actual),
            "gap": _text(r.gap), "gap_points": rules.one_decimal(r.gap)}


def _counts(order, values):
    found = Counter(values)
    return {name: found.get(name, 0) for name in order}


def _tally(task_rows, project_rows):
    return {
        "tasks": _counts(rules.LIGHTS, (x["light"] for x in task_rows)),
        "projects": _counts(rules.LIGHTS, (x["light"] for x in project_rows)),
        "tasks_on_schedule": sum(x["light"] in rules.GOOD for x in task_rows),
        "tasks_carried": sum(x["light"] in rules.GOOD and x["facts_carried"] for x in task_rows),
        "projects_on_schedule": sum(x["light"] in rules.GOOD for x in project_rows),
        "projects_carried": sum(x["light"] in rules.GOOD and x["facts_carried"] for x in project_rows),
    }


def _shown_gap(result):
    """How far behind the target is that decides the light, in points with one decimal; 0 for grey, unrated and completed."""
    if result.light in (rules.STALE, rules.UNRATED, rules.COMPLETED):
        return Fraction(0)
    gaps = [r.gap for r in result.targets if not r.is_part and r.light == result.light and r.gap is not None]
    return min(Fraction(0), Fraction(rules.one_decimal(min(gaps)))) if gaps else Fraction(0)


def _judgement_in_force(judgements, t):
    for j in reversed(judgements):
        valid_to = feed.day(j.get("valid_to"))
        if valid_to and t < rules.midnight(valid_to + dt.timedelta(days=1)):
            return {"light": feed.enum(j.get("light"), "LIGHT_"), "valid_to": j["valid_to"]}
    return None


def recount_program(state, program, working_days, t):
    all_periods = rules.periods(program.year, program.issued_on)
    current, previous = rules.current_period(all_periods, t), rules.previous_period(all_periods, t)
    judged = rules.judged_period(all_periods, t)
    tasks = sorted((x for x in state.tasks.values()
                    if x.name.startswith(program.name + "/") and not x.removed), key=lambda x: (x.ordinal, x.name))
    task_rows = []
    for task in tasks:
        versions = state.versions.get(task.name, [])
        result = rules.judge_task(all_periods, program.year, task.targets, state.plans.get(task.name), versions, t)

        def reporting(period):
            return rules.reporting_state(all_periods, period, working_days, versions,
                                         (task.name, period.key) in state.exemptions, result, t)

        task_rows.append({
            "name": task.name, "project": task.project, "group": task.group,
            "lead": task.lead_units[0] if task.lead_units else "", "light": result.light,
            "unrated_reason": result.reason, "facts_as_of": result.facts_as_of, "facts_carried": result.carried,
            "judged_period": result.judged_period, "deciding_target": result.deciding_target,
            "shown_gap": str(_shown_gap(result)),
            "completed_on": _day(result.completed_on), "completion_timing": result.timing,
            "plan_revision": state.plans[task.name].revision if task.name in state.plans else 0,
            "targets": [_target_json(r) for r in result.targets],
            "judgement": _judgement_in_force(state.judgements.get(task.name, []), t),
            "current_reporting": reporting(current), "previous_reporting": reporting(previous) if previous else ""})
    groups = {name: group for name, group in program.projects}
    project_names = list(dict.fromkeys([n for n, _ in program.projects] + [x["project"] for x in task_rows]))
    project_rows = []
    for name in project_names:
        own = [x for x in task_rows if x["project"] == name]
        if own:
            # Read: a project is carried when one of its rated tasks is.
            project_rows.append({"name": name, "group": groups.get(name) or own[0]["group"],
                                 "light": rules.project_light([x["light"] for x in own]),
                                 "facts_carried": any(x["facts_carried"] for x in own if x["light"] != rules.UNRATED)})
    group_ids = list(dict.fromkeys([x["group"] for x in project_rows]))
    units = list(dict.fromkeys(x["lead"] for x in task_rows))

    def period_counts(period, key):
        return {"period": period.key, "due_on": _day(rules.due_day(period, working_days)),
                "counts": _counts(rules.STATES, (x[key] for x in task_rows))}

    return {
        "name": program.name, "district": program.district, "year": str(program.year),
        "judged_period": judged.key if judged else "", "task_count": len(task_rows),
        "project_count": len(project_rows), "tasks": task_rows, "projects": project_rows,
        "total": _tally(task_rows, project_rows),
        "groups": {g: _tally([x for x in task_rows if x["group"] == g], [x for x in project_rows if x["group"] == g])
                   for g in group_ids},
        "current": period_counts(current, "current_reporting"),
        "previous": period_counts(previous, "previous_reporting") if previous else None,
        "units": {u: _counts(rules.STATES, (x["current_reporting"] for x in task_rows if x["lead"] == u))
                  for u in units},
        "worst_gaps": {u: str(min(Fraction(x["shown_gap"]) for x in task_rows if x["lead"] == u)) for u in units if u},
        "tasks_without_plan": sum(x["plan_revision"] == 0 for x in task_rows)}


def recount(registry_events, progress_events, at, working_days):
    """at: an RFC 3339 time."""
    t = feed.instant(at)
    state = feed.replay(registry_events, progress_events, t)
    programs = [recount_program(state, p, working_days, t)
                for _, p in sorted(state.programs.items()) if p.published]
    return {"at": at, "programs": programs}


# --- the exposition --------------------------------------------------------------------------------------------

COMPARED = ("minsheng_tasks", "minsheng_projects", "minsheng_reports", "minsheng_unit_reports",
            "minsheng_worst_gap_points")
_SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*")
_LABEL = re.compile(r'\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?')


def parse_exposition(text):
    """{(metric, frozenset of labels): Fraction} of the compared metrics."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#") or not line.startswith("minsheng_"):
            continue
        m = _SAMPLE.fullmatch(line)
        if not m:
            raise ValueError(f"line {number} is no sample: {line}")
        if m.group(1) not in COMPARED:
            continue
        labels, rest, body = {}, 0, m.group(2) or ""
        while rest < len(body.rstrip()):
            one = _LABEL.match(body, rest)
            if not one:
                raise ValueError(f"line {number} has a bad label: {line}")
            labels[one.group(1)] = re.sub(r"\\(.)", lambda x: {"n": "\n"}.get(x.group(1), x.group(1)), one.group(2))
            rest = one.end()
        key = (m.group(1), frozenset(labels.items()))
        if key in found:
            raise ValueError(f"line {number} repeats a series: {line}")
        found[key] = Fraction(repr(float(m.group(3))))  # the shortest decimal: -33.3, not -33.299999999999997
    return found


def expected_metrics(result):
    expected = Counter()

    def add(metric, count, **labels):
        expected[(metric, frozenset(labels.items()))] += count

    for p in result["programs"]:
        for group, tally in p["groups"].items():
            for light in rules.LIGHTS:
                add("minsheng_tasks", tally["tasks"][light], district=p["district"], year=p["year"], group=group,
                    light=light)
                add("minsheng_projects", tally["projects"][light], district=p["district"], year=p["year"], group=group,
                    light=light)
        for which in ("current", "previous"):
            if p[which]:
                for state, count in p[which]["counts"].items():
                    add("minsheng_reports", count, district=p["district"], period=which, state=state)
        for unit, gap in p["worst_gaps"].items():
            add("minsheng_worst_gap_points", Fraction(gap), district=p["district"], year=p["year"], unit=unit)
        for unit, counts in p["units"].items():
            for state, count in counts.items():
                add("minsheng_unit_reports", count, district=p["district"], unit=unit, state=state)
    return dict(expected)


def compare(expected, found):
    """(lines that say what differs, how many values were compared). An absent series is 0."""
    differences = []
    keys = sorted(set(expected) | set(found), key=lambda k: (k[0], sorted(k[1])))
    for key in keys:
        want, have = expected.get(key, 0), found.get(key, 0)
        if want != have:
            labels = ",".join(f'{k}="{v}"' for k, v in sorted(key[1]))
            where = "" if key in found else " (no such series)"
            differences.append(f"{key[0]}{{{labels}}}: recount {want}, exposition {have}{where}")
    return differences, len(keys)


# --- output ----------------------------------------------------------------------------------------------------

def print_table(result, out=sys.stdout):
    for p in result["programs"]:
        total = p["total"]
        print(f"{p['name']} at {result['at']}: judged {p['judged_period'] or '-'}, {p['task_count']} tasks, "
              f"{p['project_count']} projects, on schedule or better {total['tasks_on_schedule']} "
              f"(carried {total['tasks_carried']})", file=out)
        for x in p["tasks"]:
            decides = next((r for r in x["targets"] if r["target"] == x["deciding_target"]), None)
            numbers = (f"#{decides['target']} plan {decides['planned_percent']} actual {decides['actual_percent']} "
                       f"gap {decides['gap_points']} {decides['rule']}" if decides else
                       x["unrated_reason"] or f"{x['completed_on']} {x['completion_timing']}")
            print(f"  {x['name'].split('/projects/')[1].replace('/tasks/', '/'):16} {x['light']:16} "
                  f"{x['facts_as_of'] or '-':10} {x['previous_reporting'] or '-':18} {x['current_reporting']:18} "
                  f"{numbers}", file=out)
        for label, tally in [("total", total)] + sorted(p["groups"].items()):
            print(f"  {label:10} tasks    " + " ".join(f"{k}={v}" for k, v in tally["tasks"].items()), file=out)
            print(f"  {label:10} projects " + " ".join(f"{k}={v}" for k, v in tally["projects"].items()), file=out)
        for which in ("previous", "current"):
            if p[which]:
                print(f"  {which:10} {p[which]['period']} due {p[which]['due_on']} "
                      + " ".join(f"{k}={v}" for k, v in p[which]["counts"].items()), file=out)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--registry", required=True, help="the registry's events, a JSON array")
    parser.add_argument("--progress", required=True, help="progress's events, a JSON array")
    parser.add_argument("--at", required=True, help="RFC 3339 time, e.g. 2024-10-01T00:00:00+08:00")
    parser.add_argument("--holidays", default=str(feed.HOLIDAYS), help="date,kind,name with kind off or work")
    parser.add_argument("--output", choices=("table", "json"), default="table")
    parser.add_argument("--metrics", help="a saved Prometheus text exposition to compare with")
    args = parser.parse_args(argv)
    result = recount(feed.read_events(args.registry), feed.read_events(args.progress), args.at,
                     feed.read_working_days(args.holidays))
    if args.metrics:
        found = parse_exposition(Path(args.metrics).read_text(encoding="utf-8"))
        differences, compared = compare(expected_metrics(result), found)
        for line in differences:
            print(line)
        print(f"compared {compared} values, {len(differences)} differ")
        if not compared or not found:
            print("nothing to compare: the exposition holds none of " + ", ".join(COMPARED))
            return 1
        return 1 if differences else 0
    if args.output == "json":
        json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print_table(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
