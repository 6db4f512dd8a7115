"""What deploy/ says to Prometheus, Alertmanager and Grafana, checked without running them; test_prometheus.py runs them."""

import json
import re
import subprocess
import unittest

import yaml
from watchers import DEPLOY, ROOT, program

PROMETHEUS = DEPLOY / "prometheus"
HAN = re.compile("[\u4e00-\u9fff]")
LIGHTS = {"COMPLETED", "AHEAD", "ON_SCHEDULE", "SLIGHTLY_BEHIND", "BEHIND", "SEVERELY_BEHIND", "STALE", "UNRATED"}


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rules():
    return [rule for path in sorted((PROMETHEUS / "rules").glob("*.yml")) for group in load(path)["groups"]
            for rule in group["rules"]]


def dashboard():
    return json.loads((DEPLOY / "grafana" / "dashboards" / "minsheng.json").read_text(encoding="utf-8"))


def panels():
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def expressions():
    return [rule["expr"] for rule in rules()] + [target["expr"] for panel in panels() for target in panel["targets"]]


class Tools(unittest.TestCase):

    def run_tool(self, *command):
        run = subprocess.run([program(command[0]), *map(str, command[1:])], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return run.stdout

    def test_promtool_takes_the_configuration_and_the_rules(self):
        self.run_tool("promtool", "check", "config", PROMETHEUS / "prometheus.yml")
        self.run_tool("promtool", "check", "rules", *sorted((PROMETHEUS / "rules").glob("*.yml")))

    def test_the_rules_unit_tests_pass(self):
        out = self.run_tool("promtool", "test", "rules", *sorted((PROMETHEUS / "tests").glob("*.yml")))
        self.assertEqual(out.count("SUCCESS"), 2, out)

    def test_amtool_takes_the_configuration_and_routes_by_severity(self):
        config = DEPLOY / "alertmanager" / "alertmanager.yml"
        self.run_tool("amtool", "check-config", config)
        for severity, receiver in (("critical", "operations"), ("warning", "operations"), ("notice", "list_office")):
            routed = self.run_tool("amtool", "config", "routes", "test", f"--config.file={config}", f"severity={severity}")
            self.assertEqual(routed.strip(), receiver)


class Alerts(unittest.TestCase):

    ALERTS = [rule for rule in rules() if "alert" in rule]

    def test_each_alert_is_shown_firing_and_silent(self):
        fires, silent = set(), set()
        for path in sorted((PROMETHEUS / "tests").glob("*.yml")):
            for group in load(path)["tests"]:
                for check in group.get("alert_rule_test", ()):
                    (fires if check["exp_alerts"] else silent).add(check["alertname"])
        names = {rule["alert"] for rule in self.ALERTS}
        self.assertEqual(names - fires, set(), "never shown firing")
        self.assertEqual(names - silent, set(), "never shown silent")
        self.assertEqual((fires | silent) - names, set(), "no such alert")

    def test_each_alert_says_in_chinese_what_it_means_and_what_to_do(self):
        for rule in self.ALERTS:
            self.assertEqual(set(rule["annotations"]), {"summary", "description"}, rule["alert"])
            for text in rule["annotations"].values():
                self.assertRegex(text, HAN, rule["alert"])
            self.assertRegex(rule["annotations"]["description"], "请", rule["alert"])

    def test_severities_are_those_that_are_routed(self):
        self.assertEqual({rule["labels"]["severity"] for rule in self.ALERTS}, {"critical", "warning", "notice"})

    def test_what_is_inhibited_and_by_what_exists(self):
        names = {rule["alert"] for rule in self.ALERTS}
        for rule in load(DEPLOY / "alertmanager" / "alertmanager.yml")["inhibit_rules"]:
            for matcher in rule["source_matchers"] + rule["target_matchers"]:
                for name in re.findall(r"Minsheng\w+", matcher):
                    self.assertIn(name, names)


class Names(unittest.TestCase):

    def test_every_metric_of_ours_that_is_asked_for_is_one_that_a_service_has(self):
        known = {line.split()[1] for line in (ROOT / "tests" / "golden" / "metrics.txt").read_text().splitlines()}
        recorded = {rule["record"] for rule in rules() if "record" in rule}
        for expression in expressions():
            for name in re.findall(r"(?<![\w:])(?:\w+:)?minsheng_[\w:]+", expression):
                if ":" in name:
                    self.assertIn(name, recorded)
                else:
                    self.assertTrue({name, re.sub("_(bucket|sum|count)$", "", name)} & known, name)

    def test_every_metric_of_ours_is_asked_for(self):
        known = {line.split()[1] for line in (ROOT / "tests" / "golden" / "metrics.txt").read_text().splitlines()}
        asked = "\n".join(expressions())
        self.assertEqual({name for name in known if name not in asked}, set())


class Dashboard(unittest.TestCase):

    def test_ids_and_titles_are_unique(self):
        every = dashboard()["panels"]
        self.assertEqual(len({p["id"] for p in every}), len(every))
        self.assertEqual(len({p["title"] for p in every}), len(every))

    def test_every_panel_asks_the_provisioned_datasource(self):
        provisioned = load(DEPLOY / "grafana" / "provisioning" / "datasources" / "prometheus.yml")["datasources"]
        wanted = {"type": "prometheus", "uid": provisioned[0]["uid"]}
        for panel in panels():
            self.assertEqual(panel["datasource"], wanted, panel["title"])
            for target in panel["targets"]:
                self.assertEqual(target["datasource"], wanted, panel["title"])
        for variable in dashboard()["templating"]["list"]:
            self.assertEqual(variable["datasource"], wanted)

    def test_titles_and_descriptions_are_chinese(self):
        for panel in panels():
            self.assertRegex(panel["title"], HAN)
            self.assertRegex(panel["description"], HAN, panel["title"])

    def test_every_target_has_its_letter_and_an_expression_with_known_variables(self):
        known = {variable["name"] for variable in dashboard()["templating"]["list"]}
        for panel in panels():
            self.assertTrue(panel["targets"], panel["title"])
            letters = [target["refId"] for target in panel["targets"]]
            self.assertEqual(len(set(letters)), len(letters), panel["title"])
            for target in panel["targets"]:
                self.assertLessEqual(set(re.findall(r"\$\{?(\w+)", target["expr"])), known, panel["title"])

    def test_panels_do_not_overlap_and_fit_the_width(self):
        taken = {}
        for panel in dashboard()["panels"]:
            at = panel["gridPos"]
            self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
            for cell in ((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])):
                self.assertIsNone(taken.get(cell), f"{panel['title']} lies on {taken.get(cell)}")
                taken[cell] = panel["title"]

    def test_lights_have_the_same_word_and_colour_everywhere(self):
        shown = {}
        for panel in panels():
            named = {o["matcher"]["options"]: tuple(p["value"] if isinstance(p["value"], str) else p["value"]["fixedColor"]
                                                    for p in o["properties"])
                     for o in panel["fieldConfig"]["overrides"] if o["matcher"]["options"] in LIGHTS}
            if "by (light)" in panel["targets"][0]["expr"]:
                self.assertEqual(set(named), LIGHTS, panel["title"])
            for light, look in named.items():
                self.assertEqual(shown.setdefault(light, look), look, panel["title"])
        self.assertEqual(len(set(shown.values())), len(LIGHTS))

    def test_it_begins_with_how_many_are_on_schedule(self):
        self.assertEqual([p["title"] for p in panels()][:2], ["按序时及以上的项目", "按序时及以上的任务"])


if __name__ == "__main__":
    unittest.main()
