"""Rows of the benchmark: what is asked for, what was measured, the table and the JSON."""

import dataclasses
import statistics
import unicodedata


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    what: str  # in words, Chinese first
    unit: str
    baseline: str = ""  # what it is compared with; empty: nothing, the value stands for itself
    required: float | None = None
    at_most: bool = False  # else at least
    aim: float | None = None


@dataclasses.dataclass
class Result:
    """A row's values, one per round; the median counts."""

    row: Row
    values: list
    # What the ratios were made of, as medians: {"baseline_value", "subject_value", …}.
    detail: dict = dataclasses.field(default_factory=dict)
    missing: str = ""  # why there is no value

    @property
    def value(self):
        return statistics.median(self.values) if self.values else None

    @property
    def passed(self):
        """None where nothing is required or measured."""
        if self.row.required is None or self.value is None:
            return None
        return self.value <= self.row.required if self.row.at_most else self.value >= self.row.required

    def json(self, judged):
        spread = [min(self.values), max(self.values)] if self.values else None
        return {"name": self.row.name, "value": self.value, "required": self.row.required,
                "pass": self.passed if judged else None, "baseline": self.row.baseline, "unit": self.row.unit,
                "at_most": self.row.at_most, "aim": self.row.aim, "spread": spread, "rounds": len(self.values),
                "what": self.row.what, "detail": self.detail, **({"missing": self.missing} if self.missing else {})}


def ratios(row, pairs, unit):
    """The result of (baseline's, subject's) figures: subject over baseline, pair by pair."""
    return Result(row, [b / a for a, b in pairs],
                  {"measured_in": unit, "baseline_value": statistics.median(a for a, _ in pairs),
                   "subject_value": statistics.median(b for _, b in pairs), "pairs": pairs})


def figure(number):
    if number is None:
        return "—"
    if number != 0 and abs(number) < 0.1:
        return f"{number:.4f}"
    return f"{number:.3f}" if abs(number) < 100 else f"{number:,.0f}"


def _width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _cells(result, judged):
    row = result.row
    bound = "—" if row.required is None else f"{'≤' if row.at_most else '≥'} {row.required:g}"
    verdict = {True: "✓", False: "✗", None: "—"}[result.passed if judged else None]
    if result.missing:
        verdict = result.missing
    spread = f"{figure(min(result.values))}–{figure(max(result.values))}" if result.values else "—"
    return [row.name, figure(result.value), bound, verdict, spread, row.unit, row.baseline or "—"]


def table(results, judged):
    """The rows as text, under a Chinese and an English header."""
    lines = [["名称", "值", "要求", "合格", "范围", "单位", "对照"],
             ["name", "value", "required", "pass", "spread", "unit", "baseline"]]
    lines += [_cells(result, judged) for result in results]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths)).rstrip()
                     for line in lines)
