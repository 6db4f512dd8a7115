"""Reads the event feeds of the registry and of progress (proto JSON) into plain values as they stood at an instant."""

import csv
import datetime as dt
import json
import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import rules

HOLIDAYS = Path(__file__).resolve().parents[2] / "deploy" / "calendar" / "cn-holidays.csv"

_INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|z|[+-]\d\d:\d\d)")
_REPORT = re.compile(r"(?P<task>.+/tasks/[^/]+)/reports/(?P<period>\d{4}-(?:\d\d|final))(?:@(?P<version>\d+))?")


def instant(text):
    """An RFC 3339 time as nanoseconds since the epoch."""
    m = _INSTANT.fullmatch(text)
    if not m:
        raise ValueError(f"not an RFC 3339 time with an offset: {text!r}")
    year, month, day, hour, minute, second = (int(x) for x in m.groups()[:6])
    nanos = int((m.group(7) or "0").ljust(9, "0"))
    days = dt.date(year, month, day).toordinal() - dt.date(1970, 1, 1).toordinal()
    seconds = days * 86400 + hour * 3600 + minute * 60 + second
    if m.group(8) not in "Zz":
        sign = -1 if m.group(8)[0] == "-" else 1
        seconds -= sign * (int(m.group(8)[1:3]) * 3600 + int(m.group(8)[4:6]) * 60)
    return seconds * rules.SECOND + nanos


def day(text):
    return dt.date.fromisoformat(text) if text else None


def number(text):
    return Fraction(text) if text not in ("", None) else None


def enum(text, prefix):
    """"TARGET_KIND_COUNT" -> "COUNT"; absent or UNSPECIFIED -> ""."""
    if not text:
        return ""
    if not isinstance(text, str) or not text.startswith(prefix):
        raise ValueError(f"expected an enum {prefix}…, found {text!r}")
    short = text[len(prefix):]
    return "" if short == "UNSPECIFIED" else short


def read_working_days(path=HOLIDAYS):
    off, work = set(), set()
    with open(path, encoding="utf-8-sig", newline="") as f:
        for row in csv.DictReader(f):
            {"off": off, "work": work}[row["kind"]].add(dt.date.fromisoformat(row["date"]))
    return rules.WorkingDays(off, work)


def read_events(path):
    with open(path, encoding="utf-8") as f:
        events = json.load(f)
    if isinstance(events, dict):
        events = events.get("events", [])
    return events


@dataclass
class Task:
    name: str
    project: str
    group: str
    ordinal: int
    lead_units: list
    content: str
    targets: list
    removed: bool


@dataclass
class Program:
    name: str
    issued_on: dt.date = None
    published: bool = False
    projects: list = field(default_factory=list)  # (name, group), in the list's order

    @property
    def district(self):
        return self.name.split("/")[1]

    @property
    def year(self):
        return int(self.name.split("/")[3])


@dataclass
class State:
    programs: dict = field(default_factory=dict)
    tasks: dict = field(default_factory=dict)
    plans: dict = field(default_factory=dict)  # task -> the newest approved revision
    reports: list = field(default_factory=list)  # (report JSON, when recorded)
    returned: dict = field(default_factory=dict)  # (task, period, version) -> when
    versions: dict = field(default_factory=dict)  # task -> [rules.Version], made of the two above
    exemptions: set = field(default_factory=set)  # (task, period)
    judgements: dict = field(default_factory=dict)  # task -> [judgement JSON], oldest first
    skipped: dict = field(default_factory=dict)  # type -> how many events of it say nothing about lights


def target_of(j):
    return rules.Target(
        number=int(j.get("number", 0)), kind=enum(j.get("kind"), "TARGET_KIND_"),
        comparator=enum(j.get("comparator"), "COMPARATOR_"), value=number(j.get("value")), base=number(j.get("base")),
        baseline=number(j.get("baseline")), survey_days=tuple(day(x) for x in j.get("survey_days", [])),
        due_on=day(j.get("due_on")), part_of=int(j.get("part_of", 0)), indicator=j.get("indicator", ""))


def plan_of(j):
    return rules.Plan(
        milestones=[rules.Milestone(day(m.get("due_on")), Fraction(m.get("percent") or 0) / 100,
                                    int(m.get("target", 0))) for m in j.get("milestones", [])],
        starts_on=day(j.get("starts_on")), due_on=day(j.get("due_on")),
        revision=int(j["name"].rsplit("/", 1)[1]))


def version_of(j, recorded_at, targets):
    m = _REPORT.fullmatch(j["name"])
    kinds = {x.number: x.kind for x in targets}
    values = {}
    for measure in j.get("measures", []):
        n = int(measure.get("target", 0))
        if kinds.get(n) == "EVENT":
            values[n] = rules.STAGE[enum(measure.get("work_stage"), "WORK_STAGE_") or None]
        elif measure.get("value", "") != "":
            values[n] = Fraction(measure["value"])
    return rules.Version(
        period=m["period"], number=int(j.get("version") or m["version"] or 1), recorded_at=recorded_at, values=values,
        started_on=day(j.get("started_on")), nothing_to_report=bool(j.get("nothing_to_report")),
        received_on=day(j.get("received_on")))


def replay(registry_events, progress_events, t):
    """Everything recorded at or before t, and nothing after."""
    state = State()
    merged = [(instant(e["recorded_at"]), which, int(e.get("position", 0)), e)
              for which, events in enumerate((registry_events, progress_events)) for e in events]
    for recorded_at, _, _, event in sorted(merged, key=lambda x: x[:3]):
        if recorded_at <= t:
            _apply(state, recorded_at, event["payload"])
    for j, recorded_at in state.reports:
        # Only now: what a measure means hangs on the target as it stands, and the two logs' clocks may differ a little.
        name = _REPORT.fullmatch(j["name"])["task"]
        if name in state.tasks:
            version = version_of(j, recorded_at, state.tasks[name].targets)
            version.returned_at = state.returned.get((name, version.period, version.number))
            state.versions.setdefault(name, []).append(version)
    return state


def _apply(state, recorded_at, payload):
    kind = payload["@type"].rsplit("/", 1)[1]
    if kind in ("minsheng.registry.v1.ProgramImported", "minsheng.registry.v1.ProgramPublished"):
        j = payload["program"]
        program = state.programs.setdefault(j["name"], Program(j["name"]))
        program.issued_on = day(j.get("issued_on")) or program.issued_on
        if kind.endswith("Published"):
            program.published = True
        else:
            program.projects = [(p["name"], p.get("group", "")) for p in payload.get("projects", [])]
    elif kind == "minsheng.registry.v1.TaskPut":
        j = payload["task"]
        state.tasks[j["name"]] = Task(
            name=j["name"], project=j["name"].split("/tasks/")[0], group=j.get("group", ""),
            ordinal=int(j.get("ordinal", 0)), lead_units=j.get("lead_units", []), content=j.get("content", ""),
            targets=[target_of(x) for x in j.get("targets", [])], removed=bool(j.get("removed")))
    elif kind == "minsheng.registry.v1.PlanApproved":
        state.plans[payload["revision"]["name"].split("/revisions/")[0]] = plan_of(payload["revision"])
    elif kind == "minsheng.progress.v1.ReportSubmitted":
        j = payload["report"]
        state.reports.append((j, recorded_at))
    elif kind == "minsheng.progress.v1.ReportReturned":
        m = _REPORT.fullmatch(payload["name"])
        wanted = int(payload.get("version") or m["version"])
        state.returned[m["task"], m["period"], wanted] = recorded_at
    elif kind == "minsheng.progress.v1.ReportExempted":
        state.exemptions.add((payload["parent"], payload["period"]))
    elif kind == "minsheng.progress.v1.JudgementRecorded":
        state.judgements.setdefault(payload["parent"], []).append(payload["judgement"])
    else:
        state.skipped[kind] = state.skipped.get(kind, 0) + 1
