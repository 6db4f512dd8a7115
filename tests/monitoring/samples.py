"""What Prometheus stored, computed with a second time: an independent evaluation of the few functions that the rules use.

    store = Store(series)                     # [(labels, [(time, value)])], raw, as the API gives a range selector
    store.now("up", at, job="minsheng")       # {labels: value}; labels are a frozenset of pairs, without the name
    store.rate("x_total", at, 300, code={"OK", "ABORTED"})

A match is a text, a set of texts, or a function of the label's value.
"""

import itertools
import math

LOOKBACK = 300
APPEND_SECONDS = 0.05  # a scrape may be stored so much after it ended


def fits(labels, match):
    return all(labels.get(name, "") == want if isinstance(want, str) else
               want(labels.get(name, "")) if callable(want) else labels.get(name, "") in want
               for name, want in match.items())


def is_not(value):
    return lambda x: x != value


class Store:

    def __init__(self, series):
        self.by_name, self.scrapes = {}, {}
        for labels, samples in series:
            name = labels["__name__"]
            self.by_name.setdefault(name, []).append(({k: v for k, v in labels.items() if k != "__name__"}, samples))
        for labels, samples in self.by_name.get("up", ()):
            self.scrapes[labels["job"], labels["instance"]] = [t for t, _ in samples]

    def select(self, name, match):
        return [(labels, samples) for labels, samples in self.by_name.get(name, ()) if fits(labels, match)]

    def now(self, name, at, **match):
        """A scraped series is there when the newest scrape of its target brought it."""
        found = {}
        for labels, samples in self.select(name, match):
            newest = max((s for s in samples if s[0] <= at), default=None)
            scraped = max((t for t in self.scrapes[labels["job"], labels["instance"]] if t <= at), default=None)
            if newest and newest[0] == scraped and at - newest[0] < LOOKBACK:
                found[frozenset(labels.items())] = newest[1]
        return found

    def times(self, name, at):
        """When a recorded series, of whatever labels, was written up to an instant; newest first."""
        return sorted({t for _, samples in self.by_name.get(name, ()) for t, _ in samples if t <= at}, reverse=True)

    def recorded(self, name, at):
        return {frozenset(labels.items()): value for labels, samples in self.by_name.get(name, ())
                for t, value in samples if t == at}

    def scraping(self, at):
        """Whether a scrape that began before was perhaps not stored yet."""
        return any(t <= at < t + taken + APPEND_SECONDS for _, samples in self.by_name["scrape_duration_seconds"]
                   for t, taken in samples)

    def over(self, name, at, window, match, function):
        found = {}
        for labels, samples in self.select(name, match):
            value = function([s for s in samples if at - window <= s[0] <= at])
            if value is not None:
                found[frozenset(labels.items())] = value
        return found

    def rate(self, name, at, window, **match):
        return {labels: value / window for labels, value in self.increase(name, at, window, **match).items()}

    def increase(self, name, at, window, **match):
        return self.over(name, at, window, match, lambda samples: grown(samples, at - window, at))

    def changes(self, name, at, window, **match):
        return self.over(name, at, window, match, lambda samples: float(
            sum(a[1] != b[1] for a, b in zip(samples, samples[1:]))) if samples else None)


def grown(samples, begin, end):
    """How much a counter grew, as Prometheus extends it to the ends of the window."""
    if len(samples) < 2:
        return None
    growth = samples[-1][1] - samples[0][1] + sum(a[1] for a, b in zip(samples, samples[1:]) if b[1] < a[1])
    first = samples[0][1]
    covered = apart(samples[0][0], samples[-1][0])
    step = covered / (len(samples) - 1)
    before, after = apart(begin, samples[0][0]), apart(samples[-1][0], end)
    if growth > 0 and first >= 0:
        before = min(before, covered * first / growth)  # no counter was below zero
    extended = covered + sum(gap if gap < step * 1.1 else step / 2 for gap in (before, after))
    return growth * extended / covered


def apart(begin, end):
    """Seconds between two times that are whole milliseconds."""
    return round((end - begin) * 1000) / 1000


def sum_by(vector, *names):
    return _by(vector, names, sum)


def max_by(vector, *names):
    return _by(vector, names, max)


def _by(vector, names, function):
    groups = {}
    for labels, value in vector.items():
        groups.setdefault(frozenset((k, v) for k, v in labels if k in names), []).append(value)
    return {labels: function(values) for labels, values in groups.items()}


def total(vector):
    return {frozenset(): sum(vector.values())} if vector else {}


def ratio(part, whole):
    """Only where there is a whole."""
    return {labels: part[labels] / whole[labels] for labels in part if whole.get(labels, 0) > 0}


def or_zero(vector, whole):
    return {**{labels: 0.0 for labels in whole}, **vector}


def above(vector, bound):
    return {labels: value for labels, value in vector.items() if value > bound}


def below(vector, bound):
    return {labels: value for labels, value in vector.items() if value < bound}


def equal(vector, wanted):
    return {labels: value for labels, value in vector.items() if value == wanted}


def quantile(q, buckets):
    """By linear interpolation inside the bucket, from vectors of (labels with le): counts."""
    groups = {}
    for labels, count in buckets.items():
        rest = dict(labels)
        groups.setdefault(frozenset((k, v) for k, v in rest.items() if k != "le"), []).append((float(rest["le"]), count))
    return {labels: Quantile(_quantile(q, sorted(group)), [_quantile(q * near, sorted(group)) for near in (1 - 1e-9, 1 + 1e-9)])
            for labels, group in groups.items()}


class Quantile(float):
    """One that falls between two buckets, give or take the last bit, can be read as the end of one or the start of a later."""

    def __new__(cls, value, readings):
        made = super().__new__(cls, value)
        made.readings = readings
        return made


def _quantile(q, group):
    # rate() carries each bucket to the edge of its window by itself, so a lower one may end above a higher one; Prometheus
    # then takes the largest so far.
    group = list(zip((bound for bound, _ in group), itertools.accumulate((count for _, count in group), max)))
    rank = q * group[-1][1]
    if group[-1][1] == 0:
        return math.nan
    lower, seen = 0.0, 0.0
    for bound, count in group:
        if count >= rank:
            return lower if math.isinf(bound) else lower + (bound - lower) * (rank - seen) / (count - seen)
        lower, seen = bound, count
    raise AssertionError("no +Inf bucket")
