"""Names and labels of metrics are a contract: dashboards and alert rules hang on them."""

import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import SharedSuiteCase  # noqa: E402
from golden import assert_golden  # noqa: E402
from suite import Suite, task  # noqa: E402

SAMPLE_LINE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def series(exposition):
    """[(name, {label: value}, value)]"""
    found = []
    for line in exposition.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE_LINE.fullmatch(line).groups()
        found.append((name, dict(LABEL.findall(labels or "")), float(value)))
    return found


def families(exposition):
    """{"minsheng_tasks gauge": {"district", …}}; a histogram's parts are one family."""
    kinds = dict(re.findall(r"# TYPE (\w+) (\w+)", exposition))
    found = {}
    for name, labels, _ in series(exposition):
        family = next(n for n in (name, re.sub(r"_(bucket|sum|count)$", "", name)) if n in kinds)
        found.setdefault(f"{family} {kinds[family]}", set()).update(set(labels) - {"le"})
    return found


class MetricNames(SharedSuiteCase):

    OPTIONS = {"tls": True}

    @classmethod
    def prepare(cls):
        cls.suite.rehearse("2024-06-15")
        cls.pages = {name: cls.suite.http(name, "/metrics") for name in Suite.NAMES}

    def test_names_types_and_labels_are_those_kept(self):
        lines = [f"{service} {family} {','.join(sorted(labels))}".rstrip()
                 for service, page in sorted(self.pages.items()) for family, labels in sorted(families(page).items())]
        assert_golden(self, "metrics.txt", "\n".join(lines) + "\n")

    def test_every_family_has_a_help_text_and_a_name_of_ours(self):
        for page in self.pages.values():
            for family in families(page):
                name = family.split()[0]
                self.assertTrue(name.startswith("minsheng_"), name)
                self.assertRegex(page, rf"# HELP {name} \S")

    def test_no_series_is_stated_twice(self):
        for page in self.pages.values():
            keys = [(name, tuple(sorted(labels.items()))) for name, labels, _ in series(page)]
            self.assertEqual(len(keys), len(set(keys)))

    def test_business_gauges_exist_at_zero_for_every_light_and_state(self):
        found = series(self.pages["progress"])
        for name in ("minsheng_tasks", "minsheng_projects"):
            lights = {(labels["group"], labels["light"]) for n, labels, _ in found if n == name}
            self.assertEqual(len(lights), 2 * 8)
        states = {(labels["period"], labels["state"]) for n, labels, _ in found if n == "minsheng_reports"}
        self.assertEqual(len(states), 2 * 7)

    def test_labels_come_from_closed_sets_whatever_is_called(self):
        before = {(n, tuple(sorted(l.items()))) for n, l, _ in series(self.suite.http("progress", "/metrics"))}
        for i in range(20):
            try:
                self.suite.progress("GetAssessment", name=task(f"municipal-{50 + i}/1"),
                                    identity={"unit": f"某局{i}", "role": f"r{i}"})
            except Exception:
                pass
        after = {(n, tuple(sorted(l.items()))) for n, l, _ in series(self.suite.http("progress", "/metrics"))}
        new = {dict(labels).get("code") for _, labels in after - before}
        self.assertLessEqual(new, {"PERMISSION_DENIED"})


if __name__ == "__main__":
    unittest.main()
