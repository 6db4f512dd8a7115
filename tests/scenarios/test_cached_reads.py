"""GetTask and GetAssessment answer from memory: never older than an acknowledged write, and right until they say so."""

import pathlib
import random
import re
import sys
import threading
import time
import unittest

from google.protobuf.timestamp_pb2 import Timestamp

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import FreshSuiteCase, SharedSuiteCase  # noqa: E402
from suite import PB, Client, Suite, task  # noqa: E402

ROADS = task("municipal-06/1")
NOW = "2024-05-10T09:00:00+08:00"
SUBJECTS = [task(short) for short in ("municipal-03/1", "municipal-06/1", "municipal-07/1", "municipal-10/1")]
WRITES = 120
READERS = 6
LOOKS = 500  # fewer than the hits after which a sample would look into the store


def near(suite, service, result):
    page = suite.http(service, "/metrics")
    line = rf'minsheng_cache_requests_total{{[^}}]*result="{result}"[^}}]*tier="near"[^}}]*}} (\S+)'
    return sum(float(count) for count in re.findall(line, page))


def stale(suite, service):
    return sum(float(count) for count in re.findall(r"minsheng_cache_stale_total{[^}]*} (\S+)", suite.http(service, "/metrics")))


class Writers:
    """Writers that number their writes and read them back at once, and readers that know what was acknowledged."""

    def __init__(self, suite, service, write, read):
        self.address, self.security, self.write, self.read = suite.address(service), suite.security, write, read
        self.acknowledged = dict.fromkeys(SUBJECTS, 0)
        self.writing = len(SUBJECTS)
        self.stale, self.failed, self.reads = [], [], 0

    def run(self):
        threads = [threading.Thread(target=self.attempt, args=(self.write_all, name)) for name in SUBJECTS]
        threads += [threading.Thread(target=self.attempt, args=(self.read_on, seed)) for seed in range(READERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self

    def attempt(self, work, argument):
        client = Client(self.address, security=self.security)
        try:
            work(client, argument)
        except Exception as error:
            self.failed.append(repr(error))
        finally:
            client.close()

    def look(self, client, name):
        least = self.acknowledged[name]
        seen = self.read(client, name)
        self.reads += 1
        if seen < least:
            self.stale.append(f"{name}: {seen} after {least} was acknowledged")

    def write_all(self, client, name):
        try:
            for number in range(1, WRITES + 1):
                self.write(client, name, number)
                self.acknowledged[name] = number
                self.look(client, name)
        finally:
            self.writing -= 1

    def read_on(self, client, seed):
        choose = random.Random(seed)
        while self.writing > 0:
            self.look(client, choose.choice(SUBJECTS))


class NeverOlder(SharedSuiteCase):

    @classmethod
    def prepare(cls):
        cls.suite.import_sample()
        cls.suite.advance(NOW)

    def assert_never_older(self, service, write, read):
        writers = Writers(self.suite, service, write, read).run()
        self.assertEqual(writers.failed, [])
        self.assertEqual(writers.stale, [])
        self.assertGreaterEqual(writers.reads, len(SUBJECTS) * WRITES)
        self.assertGreater(near(self.suite, service, "hit"), 0)
        self.assertEqual(stale(self.suite, service), 0)

    def test_a_task_is_never_older_than_an_acknowledged_update(self):
        held = {name: self.suite.registry("GetTask", name=name).task for name in SUBJECTS}

        def write(client, name, number):
            request = PB["registry"].UpdateTaskRequest(task=held[name], reason="清查")
            request.update_mask.paths.append("targets")
            request.task.targets[0].note = str(number)
            held[name] = client.call("RegistryService", "UpdateTask", request).task

        def read(client, name):
            note = client.call("RegistryService", "GetTask", name=name).task.targets[0].note
            return int(note) if note.isdigit() else 0

        self.assert_never_older("registry", write, read)

    def test_an_assessment_is_never_older_than_an_acknowledged_judgement(self):
        def write(client, name, number):
            client.call("ProgressService", "RecordJudgement", parent=name, judgement={
                "light": "LIGHT_BEHIND", "reason": str(number), "validTo": "2024-12-31"})

        def read(client, name):
            assessment = client.call("ProgressService", "GetAssessment", name=name).assessment
            return int(assessment.judgement.reason or 0)

        self.assert_never_older("progress", write, read)


class EveryWrite(FreshSuiteCase):
    """What is answered from memory is what the store says, after every kind of write."""

    def prepare(self):
        self.suite.import_sample()
        self.suite.advance(NOW)
        self.names = [t.name for t in self.suite.registry("ListTasks", parent=Suite.PROGRAM, page_size=100).tasks]
        self.now = NOW

    def read(self, name=ROADS):
        return self.suite.progress("GetAssessment", name=name).assessment

    def warm(self):
        """Until all are answered from memory: what was followed may still be dropping answers."""
        for _ in range(10):
            hits = near(self.suite, "progress", "hit")
            for name in self.names:
                self.read(name)
            if near(self.suite, "progress", "hit") - hits >= len(self.names) - 1:
                return
        self.fail("answers are not kept in memory")

    def assert_as_stored(self):
        for name in self.names:
            self.assertEqual(self.read(name),
                             self.suite.progress("GetAssessment", name=name, asOf=self.now).assessment)

    def test_writes_of_its_own_show_at_once(self):
        steps = [
            ("SubmitReport", {"parent": ROADS, "period": "2024-04", "report": {
                "measures": [{"target": 1, "value": "19"}, {"target": 2, "value": "15"}]}},
             lambda a: a.targets[0].stated_value == "19"),
            ("BatchSubmitReports", {"parent": Suite.PROGRAM, "requests": [{"parent": ROADS, "period": "2024-04", "report": {
                "measures": [{"target": 1, "value": "20"}, {"target": 2, "value": "15"}]}}]},
             lambda a: a.targets[0].stated_value == "20"),
            ("ReturnReport", {"name": f"{ROADS}/reports/2024-04", "reason": "请核对"},
             lambda a: a.targets[0].stated_value == ""),
            ("ExemptReport", {"parent": ROADS, "period": "2024-05", "reason": "停工"},
             lambda a: a.current_reporting == PB["progress"].ReportingState.Value("REPORTING_STATE_EXEMPT")),
            ("RecordJudgement", {"parent": ROADS, "judgement": {
                "light": "LIGHT_BEHIND", "reason": "看过", "validTo": "2024-05-31"}},
             lambda a: a.judgement.reason == "看过"),
        ]
        for method, fields, shows in steps:
            with self.subTest(method):
                self.warm()
                self.assertFalse(shows(self.read()))
                self.suite.progress(method, **fields)
                self.assertTrue(shows(self.read()))
                self.assert_as_stored()

    def test_the_time_moved_shows_at_once(self):
        self.warm()
        self.now = "2024-06-01T00:00:00+08:00"
        self.suite.advance(self.now)
        self.assertEqual(self.read().as_of.ToJsonString(), "2024-05-31T16:00:00Z")
        self.assert_as_stored()

    def test_what_the_registry_tells_shows_once_it_is_followed(self):
        def wait_for(shows):
            for _ in range(LOOKS):
                if shows(self.read()):
                    return
                time.sleep(0.02)
            self.fail("the answer in memory was not dropped")

        self.warm()
        request = PB["registry"].UpdateTaskRequest(task=self.suite.registry("GetTask", name=ROADS).task, reason="清查")
        request.update_mask.paths.append("targets")
        request.task.targets[0].value = "130"
        self.suite.registry("UpdateTask", request)
        wait_for(lambda a: a.targets[0].target_value == "130")
        self.assert_as_stored()

        self.warm()
        plan = self.suite.registry("FilePlan", parent=ROADS, revision={
            "startsOn": "2024-04-01", "dueOn": "2024-11-30", "reason": "年度计划",
            "milestones": [{"dueOn": "2024-06-30", "percent": "40", "text": "四成", "responsiblePost": "科长"},
                           {"dueOn": "2024-11-30", "percent": "100", "text": "完工", "responsiblePost": "科长"}]}).revision
        self.suite.registry("ApprovePlan", name=plan.name)
        wait_for(lambda a: a.plan_revision == 1)
        self.assert_as_stored()


class RightAsTimePasses(SharedSuiteCase):

    @classmethod
    def prepare(cls):
        cls.suite.import_sample()
        cls.suite.rehearse("2024-06-15")
        cls.start = cls.suite.clients["progress"].call("ClockService", "GetClock").now
        cls.suite.advance("2025-02-01T00:00:00+08:00")

    def test_an_assessment_stays_as_it_is_until_its_valid_until(self):
        names = [t.name for t in self.suite.registry("ListTasks", parent=Suite.PROGRAM, page_size=100).tasks]
        ends = 0
        for name in names:
            micros = self.start.ToMicroseconds()
            while True:
                assessment = self.at(name, micros)
                if not assessment.HasField("valid_until"):
                    break
                until = assessment.valid_until.ToMicroseconds()
                self.assertGreater(until, micros)
                for instant in ((micros + until) // 2, until - 1):
                    other = self.at(name, instant)
                    other.as_of.CopyFrom(assessment.as_of)
                    self.assertEqual(other, assessment)
                ends += 1
                micros = until
        self.assertGreater(ends, len(names) * 6)

    def at(self, name, micros):
        as_of = Timestamp()
        as_of.FromMicroseconds(micros)
        return self.suite.progress("GetAssessment", PB["progress"].GetAssessmentRequest(name=name, as_of=as_of)).assessment


if __name__ == "__main__":
    unittest.main()
