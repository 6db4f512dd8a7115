"""A real Prometheus and Alertmanager, as deploy/ configures them, over the running suite in the sample's year.

Every expression of every rule and every panel is evaluated in four states of the suite and compared with what the oracle
counted or what samples.py computes from the raw samples. Then an alert arrives at a webhook, and that it is over.
"""

import json
import math
import pathlib
import re
import sys
import time
import unittest
from datetime import datetime, timedelta

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "oracle"))
import expected  # noqa: E402
import feed  # noqa: E402
import oracle  # noqa: E402
import yaml  # noqa: E402
from google.protobuf import json_format  # noqa: E402
from samples import APPEND_SECONDS, Store, fits  # noqa: E402
from suite import PB, SAMPLE, RpcError, Suite, task  # noqa: E402
from watchers import DEPLOY, Redis, Watchers, free_port, wait_until  # noqa: E402

STORED = ('{__name__=~"minsheng_.*|.*:.*|up|scrape_duration_seconds|prometheus_rule_evaluation_failures_total|'
          'prometheus_notifications_errors_total|alertmanager_notifications_failed_total"}')
VARIABLES = {"district": "500156", "year": "2024", "service": "progress"}
VARYING = ("minsheng_rpc_", "minsheng_process_", "minsheng_journal_", "minsheng_handler_threads_busy")


def rules():
    """{name: rule}"""
    found = {}
    for path in sorted((DEPLOY / "prometheus" / "rules").glob("*.yml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            for rule in group["rules"]:
                name = rule.get("record") or rule["alert"]
                assert name not in found, name
                found[name] = rule
    return found


def panel_expressions():
    """{"title/refId": expression}, the variables filled in."""
    dashboard = json.loads((DEPLOY / "grafana" / "dashboards" / "minsheng.json").read_text())
    found = {}
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            expression = target["expr"]
            for name, value in VARIABLES.items():
                expression = expression.replace(f"${name}", value)
            assert "$" not in expression, expression
            key = f"{panel['title']}/{target['refId']}"
            assert key not in found, key
            found[key] = expression
    return found


def evaluated_at(group):
    """When a group of rules was last evaluated, cut to the second."""
    return datetime.fromisoformat(re.sub(r"\.\d+", "", group["lastEvaluation"])).timestamp()


class Unsafe(Exception):
    """A scrape was being stored while the rule was evaluated: whether it saw it is not known."""


class State:
    """A stretch of time in which the suite did not change, and what the oracle counted."""

    def __init__(self, name, suite, date):
        self.name = name
        logs = [[as_json(e) for e in suite.events(service)] if service in suite.processes else suite.kept[service]
                for service in Suite.NAMES]
        suite.kept = dict(zip(Suite.NAMES, logs))
        paths = []
        for service, log in suite.kept.items():
            paths.append(suite.folder / f"{service}-oracle.json")
            paths[-1].write_text(json.dumps(log, ensure_ascii=False))
        self.counted = oracle.expected_metrics(oracle.recount(
            *(feed.read_events(path) for path in paths), f"{date}T00:00:00+08:00", feed.read_working_days()))
        self.begin = self.end = 0.0


def as_json(event):
    return json_format.MessageToDict(event, preserving_proto_field_name=True)


class Moment:
    """One instant of a state: what expected.py asks."""

    district, year, service = VARIABLES["district"], VARIABLES["year"], VARIABLES["service"]

    def __init__(self, state, store, at):
        self.state, self.store, self.at = state, store, at

    def now(self, name, **match):
        return self.store.now(name, self.at, **match)

    def stored(self, name, at, **match):
        return self.store.now(name, at, **match)

    def rate(self, name, window, **match):
        return self.store.rate(name, self.at, window, **match)

    def increase(self, name, window, **match):
        return self.store.increase(name, self.at, window, **match)

    def changes(self, name, window, **match):
        return self.store.changes(name, self.at, window, **match)

    def business(self, name, **match):
        """What the oracle counted, with the labels of the target that says it; nothing while it is down."""
        up = [dict(labels) for labels, value in self.now("up", service="progress").items() if value == 1]
        found = {}
        for (metric, labels), count in self.state.counted.items():
            if metric == name and up and fits(dict(labels), match):
                found[frozenset({**up[0], **dict(labels)}.items())] = float(count)
        return found

    def recorded(self, name):
        """What a recording rule must have said when it was last evaluated."""
        times = self.store.times(name, self.at)
        if not times or self.at - times[0] > 3:
            return {}
        if times[0] < self.state.begin or self.store.scraping(times[0]):
            raise Unsafe(name)
        return expected.RULES[name](Moment(self.state, self.store, times[0]))

    def alerts(self, values):
        firing = {}
        for name, rule in rules().items():
            if "alert" in rule:
                for labels in values[name](self):
                    own = {"alertname": name, "alertstate": "firing", "severity": rule["labels"]["severity"]}
                    if name == "MinshengServiceDown":
                        own["peer"] = dict(labels)["service"]
                    firing[frozenset({**dict(labels), **own}.items())] = 1.0
        return firing


def close(a, b):
    return (math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(a) and math.isnan(b))
            or any(math.isclose(a, reading, rel_tol=1e-6) for reading in getattr(b, "readings", ())))


def differences(found, wanted):
    """A line per series that differs."""
    return [f"  {dict(sorted(labels))}: Prometheus {found.get(labels, 'nothing')}, expected {wanted.get(labels, 'nothing')}"
            for labels in found.keys() | wanted.keys()
            if labels not in found or labels not in wanted or not close(found[labels], wanted[labels])]


class Monitoring(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.states = []
        cls.redis_port = free_port()
        cls.suite = Suite(start=False, redis=f"127.0.0.1:{cls.redis_port}", tls=True)
        cls.addClassCleanup(cls.suite.close)
        cls.redis = Redis(cls.suite.folder, cls.redis_port)
        cls.addClassCleanup(lambda: cls.redis.close())
        for name in Suite.NAMES:
            cls.suite.start(name)
        cls.suite.rehearse("2024-08-01")
        cls.import_other_program("districts/500101", 2024)
        cls.import_other_program(Suite.DISTRICT, 2025)
        cls.work()  # a series that is new adds nothing to a rate
        cls.watchers = Watchers(cls.suite)
        cls.addClassCleanup(cls.watchers.close)
        cls.live_through_it()
        cls.store = Store(cls.watchers.raw(STORED))

    @classmethod
    def import_other_program(cls, district, year):
        """So that the variables of the dashboard have something to leave out."""
        if district != Suite.DISTRICT:
            cls.suite.registry("CreateDistrict", district={"name": district, "title": "示例区"})
        response = cls.suite.registry("ImportProgram", PB["registry"].ImportProgramRequest(
            parent=district, file_name="list.csv", corrections=(SAMPLE / "corrections.tsv").read_bytes(),
            content=(SAMPLE / "list.csv").read_bytes().replace(b"2024", str(year).encode()), year=year, document_number=f"〔{year}〕2号", issued_on=f"{year}-03-20",
            illustration=True))
        cls.suite.registry("PublishProgram", name=response.program.name, etag=response.program.etag)
        cls.suite.wait_followed()

    @classmethod
    def live_through_it(cls):
        cls.settle("August", "2024-08-01")
        cls.work()
        cls.suite.rehearse("2024-10-12")
        cls.pages = {name: cls.suite.http(name, "/metrics") for name in Suite.NAMES}
        cls.settle("October", "2024-10-12")

        cls.suite.kill("registry")
        cls.redis.close()
        cls.ask_until_redis_is_given_up()
        cls.settle("broken", "2024-10-12", lambda: cls.firing("MinshengServiceDown") and cls.firing("MinshengFeedDown"))
        cls.arrived = wait_until(lambda: cls.received("/operations", "firing", "MinshengServiceDown"), "the alert")
        cls.held = wait_until(lambda: [a for a in cls.watchers.held_alerts() if a["labels"]["alertname"] == "MinshengFeedDown"
                                       and a["status"]["inhibitedBy"]], "the inhibition")

        cls.redis = Redis(cls.suite.folder, cls.redis_port)
        cls.suite.start("registry")
        cls.suite.wait_followed()
        cls.settle("mended", "2024-10-12", lambda: not cls.firing("MinshengServiceDown") and not cls.firing("MinshengFeedDown"))
        cls.resolved = wait_until(lambda: cls.received("/operations", "resolved", "MinshengServiceDown"), "its end")

    @classmethod
    def settle(cls, name, date, reached=lambda: True):
        """Waits until the watchers have seen the suite as it is now, and no rule's evaluation is in doubt."""
        wait_until(reached, name)
        state = State(name, cls.suite, date)
        changed = time.time()

        def scraped():
            times = cls.watchers.vector("timestamp(up)").values()
            return len(times) == 4 and min(times) > changed
        wait_until(scraped, f"a scrape of {name}")
        state.begin = round(time.time(), 3)

        def evaluated_between_scrapes():
            store = Store(cls.watchers.raw('{__name__=~".*:.*|up|scrape_duration_seconds"}', "1m"))
            now = round(time.time(), 3)
            if any(evaluated_at(group) <= state.begin for group in cls.watchers.api("rules")["groups"]):
                return None
            known = min(times[-1] for times in store.scrapes.values())  # a scrape before it would be stored by now
            return now if all(any(state.begin < at < known and not store.scraping(at) for at in store.times(name, now))
                              for name in store.by_name if ":" in name) else None
        state.end = wait_until(evaluated_between_scrapes, f"an evaluation of {name} between two scrapes")
        cls.states.append(state)

    @classmethod
    def firing(cls, alert):
        return cls.watchers.vector(f'ALERTS{{alertname="{alert}",alertstate="firing"}}')

    @classmethod
    def received(cls, path, status, alert):
        return [(labels, notes) for labels, notes in cls.watchers.webhook.alerts(path, status) if labels["alertname"] == alert]

    @classmethod
    def work(cls):
        """Calls of every kind, so that rates, ratios and quantiles are not all zero."""
        for day in range(1, 25):
            for _ in range(3):
                cls.suite.progress("SummarizeProgram", name=Suite.PROGRAM, asOf=f"2024-06-{day:02}T00:00:00+08:00")
            cls.suite.progress("ListAssessments", parent=Suite.PROGRAM, pageSize=1000)
            cls.suite.registry("GetTask", name=task("municipal-11/2"))
            for name in (task("municipal-77/1"), "nonsense"):
                try:
                    cls.suite.progress("GetAssessment", name=name)
                except RpcError:
                    continue
                raise AssertionError(name)
            try:
                cls.suite.progress("ReturnReport", name=f"{task('municipal-11/2')}/reports/2024-06", identity={"role": "public"})
            except RpcError as error:
                assert error.code == "PERMISSION_DENIED", error
            else:
                raise AssertionError("the public returned a report")

    @classmethod
    def ask_until_redis_is_given_up(cls):
        at = datetime.fromisoformat("2024-05-01T00:00:00+08:00")
        while "minsheng_cache_breaker_open{service=\"progress\"} 1" not in cls.suite.http("progress", "/metrics"):
            at += timedelta(minutes=1)
            cls.suite.progress("SummarizeProgram", name=Suite.PROGRAM, asOf=at.isoformat())

    # --- every expression ------------------------------------------------------------------------------------------------

    def test_every_expression_has_an_expected_value_and_no_other_has(self):
        self.assertEqual(set(expected.RULES), set(rules()))
        self.assertEqual(set(expected.PANELS), set(panel_expressions()))

    def compare(self, expressions, values):
        complaints, said = [], 0
        for state in self.states:
            for name, expression in expressions.items():
                at, wanted = self.expect(state, values[name])
                found = self.watchers.vector(expression, at)
                said += len(found)
                if differ := differences(found, wanted):
                    complaints += [f"{name} ({state.name})", *differ]
        if complaints:
            self.fail("\n".join(complaints))
        return said

    def expect(self, state, value):
        """An instant at which the value is known, and the value."""
        at = state.end
        while at > state.begin:
            try:
                return at, value(Moment(state, self.store, at))
            except Unsafe:
                at = round(at - 0.05, 3)
        raise AssertionError(f"every evaluation of {state.name} fell into a scrape")

    def test_every_rule_says_what_was_counted(self):
        said = self.compare({name: rule["expr"] for name, rule in rules().items()}, expected.RULES)
        self.assertGreater(said, 200)

    def test_every_panel_says_what_was_counted(self):
        said = self.compare(panel_expressions(), expected.PANELS)
        self.assertGreater(said, 400)

    def test_no_panel_stays_empty_all_the_time(self):
        empty = []
        for name, expression in panel_expressions().items():
            if not any(self.watchers.vector(expression, state.end) for state in self.states):
                empty.append(name)
        self.assertEqual(empty, [])

    def test_the_recorded_series_are_those_values(self):
        for state in self.states:
            for name, rule in rules().items():
                if "record" not in rule:
                    continue
                at, wanted = self.expect(state, lambda m, name=name: m.recorded(name))
                recorded = self.store.recorded(name, self.store.times(name, at)[0]) if wanted else {}
                self.assertEqual(differences(recorded, wanted), [], f"{name} ({state.name})")

    def test_every_rule_is_loaded_and_evaluates(self):
        loaded = {rule["name"]: rule for group in self.watchers.api("rules")["groups"] for rule in group["rules"]}
        self.assertEqual(set(loaded), set(rules()))
        self.assertEqual({name: rule["lastError"] for name, rule in loaded.items() if rule["health"] != "ok"}, {})

    def test_every_target_is_scraped(self):
        targets = self.watchers.api("targets")["activeTargets"]
        self.assertEqual({t["labels"]["job"]: t["health"] for t in targets},
                         {"minsheng": "up", "prometheus": "up", "alertmanager": "up"})
        self.assertEqual(len(targets), 4)

    def test_what_is_stored_is_what_the_services_said(self):
        state, at = self.states[1], self.states[1].end
        compared = 0
        for service, page in self.pages.items():
            for line in page.splitlines():
                if line.startswith("#") or line.startswith(VARYING):
                    continue
                series, value = line.rsplit(" ", 1)
                found = self.watchers.vector(series, at)
                self.assertEqual(list(found.values()), [float(value)], series)
                self.assertIn(("service", service), next(iter(found)))
                compared += 1
        self.assertGreater(compared, 300, state.name)

    def test_the_lights_over_the_months_are_those_of_each_date(self):
        """The months' panel is drawn from the past: both dates are there with their own counts."""
        august, october = self.states[:2]
        for title in ("各月灯色：任务/A", "各月灯色：项目/A"):
            wanted = [expected.PANELS[title](Moment(state, self.store, state.end)) for state in (august, october)]
            self.assertNotEqual(*wanted)
            rows = self.watchers.api("query_range", query=panel_expressions()[title], start=august.end, end=october.end,
                                     step=f"{october.end - august.end:.3f}")["result"]
            self.assertEqual([{frozenset(row["metric"].items()): float(row["values"][i][1]) for row in rows} for i in (0, 1)],
                             wanted)

    # --- alerts ----------------------------------------------------------------------------------------------------------

    def test_the_alert_arrives_with_its_labels_and_says_in_chinese_what_to_do(self):
        (labels, notes), *_ = self.arrived
        self.assertEqual({k: labels[k] for k in ("severity", "service", "peer", "job")},
                         {"severity": "critical", "service": "registry", "peer": "registry", "job": "minsheng"})
        self.assertEqual(notes["summary"], "服务 registry 无法访问")
        self.assertIn("systemctl status minsheng-registry", notes["description"])

    def test_its_end_arrives(self):
        self.assertEqual(self.resolved[0][0]["service"], "registry")

    def test_what_follows_from_it_is_held_back(self):
        self.assertEqual([a["labels"]["peer"] for a in self.held], ["registry"])
        self.assertEqual(self.received("/operations", "firing", "MinshengFeedDown"), [])

    def test_what_does_not_follow_from_it_arrives(self):
        self.assertTrue(wait_until(lambda: self.received("/operations", "firing", "MinshengRedisBreakerOpen"), "the breaker's"))

    def test_notices_go_to_the_list_office(self):
        reds = wait_until(lambda: self.received("/list_office", "firing", "MinshengRedLight"), "the red lights'")
        # The number is that of the first evaluation that saw one: the year was on its way to October.
        self.assertRegex("\n".join(notes["summary"] for _, notes in reds), "(?m)^500156 2024 年有 [12] 项任务严重滞后$")
        self.assertEqual(self.received("/operations", "firing", "MinshengRedLight"), [])

    def test_a_healthy_suite_raises_only_notices(self):
        for state in (self.states[0], self.states[1]):
            severities = {dict(labels)["severity"] for labels in self.watchers.vector('ALERTS{alertstate="firing"}', state.end)}
            self.assertLessEqual(severities, {"notice"}, state.name)


if __name__ == "__main__":
    unittest.main()
