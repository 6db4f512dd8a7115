"""The importer against lists that another hand wrote (README.md): precision, recall, and silent errors.

A silent error is a wrong or lost value in a row about which no warning was given. With arguments (numbers or names of
cases) it shows what differs in them; with --table the figures alone.
"""
import json
import os
import re
import subprocess
import sys
import unicodedata
import unittest
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

HERE = Path(__file__).resolve().parent
CASES = sorted((HERE / "cases").iterdir())
MINSHENG = Path(os.environ.get("MINSHENG_BINARY_DIR", "build/release")) / "bin" / "minsheng"
WANTED = 0.98
DOUBTS_WANTED = 0.90
KINDS = ("tasks", "targets", "units", "amounts", "deadlines")
LOUD = ("SEVERITY_WARNING", "SEVERITY_ERROR")


def folded(words):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words)).replace("個", "个")


def unit_name(words):
    """Without its alias: 区数建办（区大数据局） and 区数建办 are one."""
    words = folded(words)
    return re.sub(r"\(([^()]*)\)$", "", words) or words


def short(enum, prefix):
    return (enum or "").removeprefix(prefix).lower()


def number(text):
    return text.rstrip("0").rstrip(".") if "." in text else text


def wanted_target(x):
    rated = x["kind"] not in ("qualitative", "service")
    return (x["kind"], x["comparator"], number(x["value"]), folded(x["unit"]), x["stage"] if rated else "",
            x["part_of"], number(x["stretch"]), number(x["baseline"]), x["approximate"])


def read_target(x):
    kind = short(x.get("kind"), "TARGET_KIND_")
    return (kind, short(x.get("comparator"), "COMPARATOR_"), number(x.get("value", "")), folded(x.get("unit", "")),
            short(x.get("stage"), "TARGET_STAGE_"), x.get("part_of", 0), number(x.get("stretch", "")),
            number(x.get("baseline", "")), x.get("approximate", False))


class WantedTask:
    def __init__(self, j):
        self.key = (folded(j["group"]), j["project"], j["task"])
        self.name = folded(j["name"])
        self.targets = Counter(map(wanted_target, j["targets"]))
        self.units = Counter([("lead", unit_name(u)) for u in j["leads"]] +
                             [("assist", unit_name(u)) for u in j["assists"]])
        self.amounts = Counter([j["amount_yuan"] and number(j["amount_yuan"])])
        self.deadlines = Counter((s["due_on"], s["stage"], number(s["value"])) for s in j["steps"])


class ReadTask:
    def __init__(self, j, groups):
        project, task = re.fullmatch(r".*/projects/(.*)/tasks/(\d+)", j["name"]).groups()
        self.key = (groups.get(j.get("group"), ""), int(project.rsplit("-", 1)[1]), int(task))
        self.name = folded(j.get("project_title", ""))
        self.row = j.get("source_row", 0)
        self.targets = Counter(map(read_target, j.get("targets", [])))
        self.units = Counter([("lead", unit_name(u)) for u in j.get("lead_units", [])] +
                             [("assist", unit_name(u)) for u in j.get("cooperating_units", [])])
        fen = int(j["planned_investment"].get("fen", 0)) if "planned_investment" in j else None
        self.amounts = Counter([None if fen is None else number(f"{fen // 100}.{fen % 100:02}")])
        self.deadlines = Counter((s["due_on"], short(s.get("stage"), "TARGET_STAGE_"), number(s.get("value", "")))
                                 for s in j.get("steps", []))


def read(case):
    """(the answer, "") or (None, why it was refused)."""
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    file = next(f for f in case.iterdir() if f.name.startswith("notice."))
    options = expected["options"]
    command = [str(MINSHENG), "--output", "json", "notice", "parse", str(file)]
    if "year" in options:
        command += ["--year", str(options["year"])]
    if "money_unit" in options:
        command += ["--money-unit", options["money_unit"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    try:
        return expected, json.loads(done.stdout), ""
    except json.JSONDecodeError:
        return expected, None, done.stderr.strip()


def title_of(group):
    title = re.sub(r"^[（(]?[一二三四五六七八九十]+[)）]?[、.．]?", "", folded(group.get("title", "")))
    return re.sub(r"\((?:共)?[\d一二三四五六七八九十]+(?:件|项|个)[^)]*\)$", "", title)


def pairs_of(wanted, found):
    """Each wanted task with the read one, None where it is missing; and what was read beside them."""
    same = lambda a, b: a.key[1:] == b.key[1:] and (a.name == b.name or a.key == b.key)
    left, pairs = list(found), []
    for task in wanted:
        match = next((t for t in left if same(task, t)), None)
        match = match or next((t for t in left if t.name == task.name and t.key[2] == task.key[2]), None)
        match = match or next((t for t in left if t.key == task.key
                               and SequenceMatcher(None, t.name, task.name).ratio() > 0.6), None)
        if match:
            left.remove(match)
        pairs.append((task, match))
    return pairs, left


class Score:
    def __init__(self):
        self.right, self.wanted, self.found = Counter(), Counter(), Counter()
        self.silent, self.doubts, self.raised, self.notes = [], 0, 0, []

    def count(self, kind, wanted, found):
        """What is missing and what is too much."""
        self.right[kind] += sum((wanted & found).values())
        self.wanted[kind] += sum(wanted.values())
        self.found[kind] += sum(found.values())
        return wanted - found, found - wanted

    def precision(self, kind):
        return self.right[kind] / self.found[kind] if self.found[kind] else 1.0

    def recall(self, kind):
        return self.right[kind] / self.wanted[kind] if self.wanted[kind] else 1.0

    def add(self, case):
        expected, answer, refusal = read(case)
        wanted = [WantedTask(t) for t in expected["tasks"]]
        self.doubts += len(expected["doubts"])
        if answer is None:
            self.notes.append((case.name, "refused", refusal))
            self.raised += len(expected["doubts"])
            for kind in KINDS:
                self.count(kind, sum((getattr(t, kind, Counter([1])) for t in wanted), Counter()), Counter())
            return
        groups = {g["id"]: title_of(g) for g in answer["program"].get("groups", [])}
        found = [ReadTask(t, groups) for t in answer.get("tasks", [])]
        loud = [d for d in answer.get("diagnostics", []) if d["severity"] in LOUD]
        rows = {d.get("place", {}).get("row", 0) for d in loud}
        pairs, more = pairs_of(wanted, found)
        missing = sum(1 for _, t in pairs if t is None)
        self.count("tasks", Counter({1: len(wanted)}), Counter({1: len(found)}))
        self.right["tasks"] -= max(0, self.right["tasks"] and min(len(wanted), len(found)) - len(wanted) + missing)
        for task in [w for w, t in pairs if t is None] + more:
            self.differ(case, task, "tasks", "missing" if task in wanted else "too much", task.name, bool(loud))
            for kind in KINDS[1:]:
                own = getattr(task, kind)
                self.count(kind, own if task in wanted else Counter(), Counter() if task in wanted else own)
        for task, read_task in [p for p in pairs if p[1]]:
            for kind in KINDS[1:]:
                lost, wrong = self.count(kind, getattr(task, kind), getattr(read_task, kind))
                if lost or wrong:
                    self.differ(case, task, kind, list(lost.elements()), list(wrong.elements()), read_task.row in rows)
        self.check_doubts(case, expected, pairs, loud)

    def differ(self, case, task, kind, wanted, found, told):
        self.notes.append((case.name, task.key, kind, wanted, found, "told" if told else "SILENT"))
        if not told:
            self.silent.append((case.name, task.key, kind, wanted, found))

    def check_doubts(self, case, expected, pairs, loud):
        by_key = {"/".join(map(str, t.key)): r for t, r in pairs if r}
        for doubt in expected["doubts"]:
            task = by_key.get(folded(doubt["task"])) if doubt["task"] else None
            raised = [d for d in loud if task is None or d.get("place", {}).get("row", 0) in (0, task.row)]
            self.raised += bool(raised)
            if not raised:
                self.notes.append((case.name, doubt["task"], "no doubt about", doubt["about"], doubt["why"]))

    def table(self):
        lines = [f"{'':10} {'wanted':>7} {'read':>7} {'right':>7} {'precision':>10} {'recall':>7}"]
        for kind in KINDS:
            lines.append(f"{kind:10} {self.wanted[kind]:>7} {self.found[kind]:>7} {self.right[kind]:>7} "
                         f"{self.precision(kind):>10.4f} {self.recall(kind):>7.4f}")
        lines.append(f"{len(CASES)} lists; silent errors {len(self.silent)}; doubts raised {self.raised} of {self.doubts}")
        return "\n".join(lines)


class Corpus(unittest.TestCase):
    def test_lists_of_another_hand_are_read(self):
        score = Score()
        for case in CASES:
            score.add(case)
        print("\n" + score.table())
        self.assertEqual(score.silent, [])
        for kind in KINDS:
            self.assertGreaterEqual(score.precision(kind), WANTED, kind)
            self.assertGreaterEqual(score.recall(kind), WANTED, kind)
        self.assertGreaterEqual(score.raised, DOUBTS_WANTED * score.doubts)


if __name__ == "__main__":
    if sys.argv[1:] == ["--table"]:
        sys.argv += [case.name for case in CASES]
    chosen = [c for c in CASES if any(c.name.startswith(a) for a in sys.argv[1:])]
    if sys.argv[1:]:
        shown = Score()
        for chosen_case in chosen:
            shown.add(chosen_case)
        for note in shown.notes if sys.argv[1] != "--table" else ():
            print(*note, sep="  ")
        print(shown.table())
    else:
        unittest.main()
