"""The rules of services/progress/RULES.md, written a second time.

Pure functions over plain values: no files, no feeds, no clock. Every verdict is made with Fraction. Percentages are
fractions of one (Fraction(1, 2) is 50 %); instants are integers, nanoseconds since 1970-01-01T00:00:00Z.
Where RULES.md leaves something open, the comment says "Read:" and how it was read.
"""

import calendar as _calendar
import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

SECOND = 10**9
DAY = 86400 * SECOND
SHANGHAI = 8 * 3600 * SECOND

COMPLETED, AHEAD, ON_SCHEDULE = "COMPLETED", "AHEAD", "ON_SCHEDULE"
SLIGHTLY_BEHIND, BEHIND, SEVERELY_BEHIND = "SLIGHTLY_BEHIND", "BEHIND", "SEVERELY_BEHIND"
STALE, UNRATED = "STALE", "UNRATED"
LIGHTS = [COMPLETED, AHEAD, ON_SCHEDULE, SLIGHTLY_BEHIND, BEHIND, SEVERELY_BEHIND, STALE, UNRATED]
WORST_FIRST = [SEVERELY_BEHIND, BEHIND, STALE, SLIGHTLY_BEHIND, ON_SCHEDULE, AHEAD, COMPLETED]
GOOD = {COMPLETED, AHEAD, ON_SCHEDULE}

NOT_DUE, ON_TIME, LATE, MISSING = "NOT_DUE", "ON_TIME", "LATE", "MISSING"
NOTHING_TO_REPORT, EXEMPT, RETURNED = "NOTHING_TO_REPORT", "EXEMPT", "RETURNED"
STATES = [NOT_DUE, ON_TIME, LATE, MISSING, NOTHING_TO_REPORT, EXEMPT, RETURNED]

STAGE = {None: Fraction(0), "PREPARATION": Fraction(15, 100), "STARTED": Fraction(30, 100),
         "HALFWAY": Fraction(60, 100), "BUILT": Fraction(90, 100), "ACCEPTED": Fraction(1)}


# --- civil time ------------------------------------------------------------------------------------------------

def midnight(day):
    """00:00 of a civil day of Shanghai, as an instant."""
    return (day.toordinal() - dt.date(1970, 1, 1).toordinal()) * DAY - SHANGHAI


def civil_day(instant):
    """The civil day of Shanghai that holds an instant."""
    return dt.date.fromordinal(dt.date(1970, 1, 1).toordinal() + (instant + SHANGHAI) // DAY)


def month_number(day):
    return day.year * 12 + day.month - 1


@dataclass(frozen=True)
class Period:
    index: int
    key: str
    first_day: dt.date
    last_day: dt.date
    month: int  # number of the month that a plan is looked up with
    nominal_due: dt.date

    @property
    def end(self):
        return midnight(self.last_day + dt.timedelta(days=1))


def periods(year, issued_on):
    """Months from the notice's month to December, then the final account."""
    result = []
    for number in range(month_number(issued_on), year * 12 + 12):
        y, m = divmod(number, 12)
        m += 1
        days = _calendar.monthrange(y, m)[1]
        result.append(Period(len(result), f"{y:04d}-{m:02d}", dt.date(y, m, 1), dt.date(y, m, days), number,
                             dt.date(y, m, min(30, days))))
    result.append(Period(len(result), f"{year:04d}-final", dt.date(year + 1, 1, 1), dt.date(year + 1, 1, 15),
                         year * 12 + 11, dt.date(year + 1, 1, 15)))
    return result


def judged_period(all_periods, t):
    ended = [p for p in all_periods if p.end <= t]
    return ended[-1] if ended else None


def current_period(all_periods, t):
    begun = [p for p in all_periods if midnight(p.first_day) <= t]
    return begun[-1] if begun else all_periods[0]


def previous_period(all_periods, t):
    current = current_period(all_periods, t)
    return all_periods[current.index - 1] if current.index > 0 else None


class WorkingDays:
    """Weekdays, less the holidays, plus the make-up workdays."""

    def __init__(self, off=(), work=()):
        self.off, self.work = frozenset(off), frozenset(work)

    def is_working(self, day):
        return day in self.work or (day.weekday() < 5 and day not in self.off)

    def on_or_after(self, day):
        while not self.is_working(day):
            day += dt.timedelta(days=1)
        return day

    def before(self, day):
        day -= dt.timedelta(days=1)
        while not self.is_working(day):
            day -= dt.timedelta(days=1)
        return day

    def plus(self, day, count):
        """The count-th working day after a day."""
        while count > 0:
            day = self.on_or_after(day + dt.timedelta(days=1))
            count -= 1
        return day


def due_day(period, working_days):
    return working_days.on_or_after(period.nominal_due)


# --- what is judged --------------------------------------------------------------------------------------------

@dataclass
class Target:
    number: int
    kind: str  # COUNT, COVERAGE, LEVEL, FREQUENCY, EVENT, QUALITATIVE, SERVICE
    comparator: str = "AT_LEAST"  # AT_LEAST, AT_MOST, DONE, ALL; levels also MORE_THAN, LESS_THAN
    value: Fraction = None
    base: Fraction = None
    baseline: Fraction = None
    survey_days: tuple = ()
    due_on: dt.date = None
    part_of: int = 0
    indicator: str = ""

    @property
    def is_goal(self):
        return self.part_of == 0

    @property
    def rateable(self):
        return self.kind not in ("QUALITATIVE", "SERVICE")


@dataclass
class Milestone:
    due_on: dt.date
    percent: Fraction  # of one
    target: int = 0


@dataclass
class Plan:
    milestones: list = field(default_factory=list)
    starts_on: dt.date = None
    due_on: dt.date = None
    revision: int = 0


@dataclass
class Version:
    """One version of one period's report."""
    period: str
    number: int
    recorded_at: int
    values: dict = field(default_factory=dict)  # target -> Fraction; an event's is its stage's fraction
    started_on: dt.date = None
    nothing_to_report: bool = False
    received_on: dt.date = None  # None: the civil day of recording
    returned_at: int = None


def newest_versions(versions, t):
    """Of each period the newest version known at t."""
    newest = {}
    for v in versions:
        if v.recorded_at <= t and (v.period not in newest or v.number > newest[v.period].number):
            newest[v.period] = v
    return newest


def is_returned(version, t):
    return version.returned_at is not None and version.returned_at <= t


def accepted_reports(versions, t):
    """Of each period the version whose facts count; a returned newest version leaves the period without."""
    return {key: v for key, v in newest_versions(versions, t).items() if not is_returned(v, t)}


class Facts:
    """What the accepted reports say up to and including a period; values not stated are carried."""

    def __init__(self, all_periods, accepted, upto):
        self.values, self.stated_in, self.started_on = {}, {}, None
        for p in all_periods[:upto.index + 1]:
            report = accepted.get(p.key)
            if report is None or report.nothing_to_report:
                continue
            for number, value in report.values.items():
                self.values[number], self.stated_in[number] = value, p.key
            if report.started_on is not None:
                self.started_on = report.started_on


# --- one target ------------------------------------------------------------------------------------------------

def target_due_day(target, plan, year):
    if target.due_on:
        return target.due_on
    if plan and plan.due_on:
        return plan.due_on
    return dt.date(year, 12, 31)


def milestones_of(target, plan):
    if not plan:
        return []
    own = [m for m in plan.milestones if m.target == target.number]
    return own or [m for m in plan.milestones if m.target == 0]


def percent_of_milestones(milestones, day):
    past = [m for m in sorted(milestones, key=lambda m: m.due_on) if m.due_on <= day]
    return past[-1].percent if past else Fraction(0)


def time_curve(first, last, month):
    """(m-s+1)/(f-s+1) over months, within 0..1. A window that ends before it starts is all planned at its end."""
    if last < first:
        return Fraction(1 if month >= last else 0)
    return min(Fraction(1), max(Fraction(0), Fraction(month - first + 1, last - first + 1)))


def actual_of(target, value):
    """The actual share, uncapped where it is shown uncapped. None when it cannot be computed."""
    if value is None or not target.rateable:
        return None
    if target.kind == "EVENT":
        return value
    if target.comparator == "AT_MOST" and target.kind != "COVERAGE":
        return Fraction(1 if value <= target.value else 0)
    if target.kind == "COUNT":
        return value / target.value if target.value else Fraction(1)
    if target.kind == "FREQUENCY":
        return min(Fraction(1), value / target.value)
    if target.kind == "COVERAGE":
        if not target.base:
            return None
        share = Fraction(1) if target.comparator == "ALL" else target.value / 100
        return (value / target.base) / share
    assert target.kind == "LEVEL", target.kind
    if target.comparator == "MORE_THAN":
        return Fraction(1 if value > target.value else 0)
    if target.comparator == "LESS_THAN":
        return Fraction(1 if value < target.value else 0)
    if value >= target.value:
        return Fraction(1)
    if target.baseline is not None:
        # Read: a baseline at or above the value gives no scale; not met is then 0.
        if target.baseline >= target.value:
            return Fraction(0)
        return min(Fraction(1), max(Fraction(0), (value - target.baseline) / (target.value - target.baseline)))
    return min(Fraction(1), value / target.value)


def is_reached(target, value):
    if value is None or not target.rateable:
        return False
    if target.comparator == "AT_MOST":
        if target.kind == "COVERAGE":
            return bool(target.base) and value / target.base <= target.value / 100
        return value <= target.value
    actual = actual_of(target, value)
    return actual is not None and actual >= 1


def light_of_gap(gap):
    if gap < Fraction(-30, 100):
        return SEVERELY_BEHIND
    if gap <= Fraction(-10, 100):
        return BEHIND
    if gap < 0:
        return SLIGHTLY_BEHIND
    return ON_SCHEDULE if gap == 0 else AHEAD


def worst(lights):
    return min(lights, key=WORST_FIRST.index)


@dataclass
class TargetResult:
    number: int
    light: str = UNRATED
    reason: str = ""
    rated: bool = False
    planned: Fraction = None
    actual: Fraction = None
    gap: Fraction = None
    plan_source: str = ""
    rule: str = "unrated"
    value: Fraction = None
    stated_in: str = ""
    due_on: dt.date = None
    is_part: bool = False
    reached: bool = False


def plan_of(target, plan, all_periods, year, q):
    """Planned share at q's month end and where it comes from; (None, "") when nothing says it before the due day."""
    due = target_due_day(target, plan, year)
    if target.kind == "LEVEL":
        return Fraction(1), "survey"
    if target.kind == "FREQUENCY":
        return Fraction(1), "due_day"
    steps = milestones_of(target, plan)
    if steps:
        return percent_of_milestones(steps, q.last_day), "milestones"
    if target.kind == "COVERAGE" or (target.kind == "COUNT" and target.value is not None and target.value >= 10):
        start = plan.starts_on if plan and plan.starts_on else all_periods[0].first_day
        return time_curve(month_number(start), month_number(due), q.month), "time_curve"
    return Fraction(1), "due_day"


def judge_target(target, plan, all_periods, year, q, facts, t):
    due = target_due_day(target, plan, year)
    value = facts.values.get(target.number)
    r = TargetResult(target.number, due_on=due, is_part=not target.is_goal, value=value,
                     stated_in=facts.stated_in.get(target.number, ""))
    if not target.rateable:
        r.reason = "QUALITATIVE"
        return r
    r.actual, r.reached = actual_of(target, value), is_reached(target, value)
    past_due = t >= midnight(due + dt.timedelta(days=1))
    # Read: "an overdue target with facts": a value of this target is stated or carried.
    overdue = past_due and value is not None and not r.reached
    has_steps = bool(milestones_of(target, plan))

    if target.kind == "COUNT":
        r.rated = has_steps or (target.value is not None and target.value >= 10) or overdue
        r.reason = "NO_PLAN"
    elif target.kind == "EVENT":
        r.rated = has_steps or overdue
        r.reason = "NO_PLAN"
    elif target.kind == "COVERAGE":
        r.rated = bool(target.base)
        r.reason = "NO_BASE"
    elif target.kind == "FREQUENCY":
        r.rated = r.reached or overdue
        r.reason = "NOT_DUE"
    else:
        days = target.survey_days or (due,)
        r.rated = any(q.first_day <= d <= q.last_day for d in days) or r.reached or overdue
        r.reason = "NOT_SURVEYED"
    if not r.rated:
        return r
    r.reason = ""
    r.planned, r.plan_source = plan_of(target, plan, all_periods, year, q)
    if value is None:
        r.light, r.rule = STALE, "no_facts"
        return r
    r.gap = min(Fraction(1), r.actual) - r.planned
    if r.reached:
        r.light, r.rule = COMPLETED, "reached"
    elif overdue:
        r.light, r.rule = SEVERELY_BEHIND, "overdue"
    else:
        r.light, r.rule = light_of_gap(r.gap), "gap"
        floor = not_started_floor(plan, q, facts)
        if floor and WORST_FIRST.index(floor) < WORST_FIRST.index(r.light):
            r.light, r.rule = floor, "not_started"
    return r


def not_started_floor(plan, q, facts):
    """BEHIND in the first two months after the planned start without one, SEVERELY_BEHIND from the third."""
    if not plan or not plan.starts_on:
        return None
    if facts.started_on is not None and facts.started_on <= q.last_day:
        return None
    # Read: an event's stage counts as its percent, so 前期 (15) is not "0 or none".
    if any(value != 0 for value in facts.values.values()):
        return None
    months = q.month - month_number(plan.starts_on) + 1
    if months < 1:
        return None
    return BEHIND if months <= 2 else SEVERELY_BEHIND


# --- one task --------------------------------------------------------------------------------------------------

@dataclass
class TaskResult:
    light: str
    reason: str = ""
    facts_as_of: str = ""
    judged_period: str = ""
    carried: bool = False
    deciding_target: int = 0
    targets: list = field(default_factory=list)
    completed_on: dt.date = None
    timing: str = ""


def is_complete(targets, facts):
    goals = [x for x in targets if x.is_goal]
    return bool(goals) and all(g.rateable and is_reached(g, facts.values.get(g.number)) for g in goals)


def judge_task(all_periods, year, targets, plan, versions, t):
    """plan: the newest revision approved at or before t, or None. versions: all; those after t are not looked at."""
    targets = sorted(targets, key=lambda x: x.number)
    goals = [x for x in targets if x.is_goal]
    accepted = accepted_reports(versions, t)
    judged = judged_period(all_periods, t)
    result = TaskResult(UNRATED, judged_period=judged.key if judged else "")

    def judge_all(q, facts):
        result.targets = [judge_target(x, plan, all_periods, year, q, facts, t) for x in targets]
        return [r for r in result.targets if not r.is_part]

    # 1. COMPLETED, by the newest accepted report of any period
    with_report = [p for p in all_periods if p.key in accepted]
    if with_report:
        newest = with_report[-1]
        if is_complete(targets, Facts(all_periods, accepted, newest)):
            judge_all(newest, Facts(all_periods, accepted, newest))
            first = newest
            for p in reversed(with_report):
                if not is_complete(targets, Facts(all_periods, accepted, p)):
                    break
                first = p
            result.light = COMPLETED
            result.facts_as_of = newest.key
            result.completed_on = civil_day(accepted[first.key].recorded_at)
            last_due = max(target_due_day(g, plan, year) for g in goals)
            result.timing = ("early" if result.completed_on < last_due
                             else "on_time" if result.completed_on == last_due else "late")
            return result

    # 2. not begun
    if judged is None:
        result.reason = "NOT_BEGUN"
        result.targets = [TargetResult(x.number, reason="NOT_BEGUN", is_part=not x.is_goal,
                                       due_on=target_due_day(x, plan, year)) for x in targets]
        return result

    # 3. nothing rated
    ended_with_report = [p for p in with_report if p.index <= judged.index]
    q = ended_with_report[-1] if ended_with_report else judged
    facts = Facts(all_periods, accepted, q)
    judged_goals = judge_all(q, facts)
    if ended_with_report:
        result.facts_as_of = q.key
        result.carried = q.index < judged.index
    rated = [r for r in judged_goals if r.rated]
    if not rated:
        result.reason = judged_goals[0].reason if judged_goals else ""
        return result

    # 4. stale
    too_old = not ended_with_report or judged.index - q.index >= 2
    if too_old:
        for r in result.targets:
            if r.rated:
                r.light, r.rule = STALE, "no_facts"
    never_stated = [r for r in rated if r.value is None]
    if too_old or never_stated:
        result.light = STALE
        result.deciding_target = (never_stated or rated)[0].number
        return result

    # 5. the worst rated goal
    result.light = worst([r.light for r in rated])
    result.deciding_target = next(r.number for r in rated if r.light == result.light)
    if result.light == COMPLETED:
        # every rated goal is reached, but not every goal is: step 1 would have decided otherwise
        ahead = [r for r in rated if r.gap > 0]
        result.light = AHEAD if ahead else ON_SCHEDULE
        result.deciding_target = (ahead or rated)[0].number
    return result


def project_light(task_lights):
    rated = [x for x in task_lights if x != UNRATED]
    if not rated:
        return UNRATED
    light = worst(rated)
    if light == COMPLETED and len(rated) < len(task_lights):
        return AHEAD
    return light


def reporting_state(all_periods, period, working_days, versions, exempted, task_result, t):
    """exempted: whether an exemption for this period was recorded at or before t. task_result: judge_task at t."""
    due = due_day(period, working_days)
    known = [v for v in versions if v.period == period.key and v.recorded_at <= t]
    if known:
        newest = max(known, key=lambda v: v.number)
        if is_returned(newest, t):
            return RETURNED
        if newest.nothing_to_report:
            return NOTHING_TO_REPORT
        first = min(v.received_on or civil_day(v.recorded_at) for v in known if not is_returned(v, t))
        return ON_TIME if first <= due else LATE
    # Read: "was COMPLETED on or before the due day" as: is COMPLETED at t with completed_on not after the due day.
    if exempted or (task_result.light == COMPLETED and task_result.completed_on <= due):
        return EXEMPT
    if t < midnight(due + dt.timedelta(days=1)):
        return NOT_DUE
    return MISSING


def one_decimal(share):
    """A share in percent with one decimal, half up (away from zero, as commerce rounds)."""
    if share is None:
        return ""
    scaled = abs(share) * 1000
    tenths = (scaled.numerator * 2 + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if share < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"
