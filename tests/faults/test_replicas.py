"""Two processes of each service on one PostgreSQL database, behind gRPC's round robin, serve one district as one.

  REPLICA_KILLS   how many processes are killed or stopped in turn (6; the full run: 60)
  REPLICA_WRITES  how many writes the staleness of the other process is measured over (40; the full run: 400)
"""

import os
import signal
import threading
import time
import unittest
import uuid

import load
from load import Client, RpcError, Suite
from suite import SERVICE_CONFIG

KILLS = int(os.environ.get("REPLICA_KILLS", "6"))
WRITES = int(os.environ.get("REPLICA_WRITES", "40"))
PROCESSES = ("registry", "registry:2", "progress", "progress:2")
STALENESS_MAX = 1.0
PERIOD = "2024-06"


class Caller(threading.Thread):
    """An ordinary client: each call once, over a channel with the shipped config. Writes carry request ids."""

    def __init__(self, suite, task):
        super().__init__(daemon=True)
        self.suite, self.task = suite, task
        self.clients = {name: Client(suite.addresses(name), service_config=SERVICE_CONFIG) for name in Suite.NAMES}
        self.stopping = threading.Event()
        self.failed, self.answered, self.version, self.level = [], 0, 0, 0

    def call(self, peer, service, method, **fields):
        try:
            answer = self.clients[peer].call(service, method, timeout=20, **fields)
        except RpcError as error:
            self.failed.append(f"{method}: {error}")
            return None
        self.answered += 1
        return answer

    def run(self):
        while not self.stopping.is_set():
            self.level += 1
            answer = self.call("progress", "ProgressService", "SubmitReport", parent=self.task.name, period=PERIOD,
                               request_id=uuid.uuid4().hex, report=load.report_of(self.task, self.level, f"第{self.level}次"))
            if answer:
                self.version += 1
                if answer.report.version != self.version:
                    self.failed.append(f"version {answer.report.version} after {self.version - 1} answers")
            self.call("progress", "ProgressService", "GetAssessment", name=self.task.name)
            self.call("registry", "RegistryService", "GetTask", name=self.task.name)


class Replicas(unittest.TestCase):
    def setUp(self):
        self.suite = load.prepared(PROCESSES)
        self.addCleanup(self.suite.close)
        self.wait_same_time()
        self.tasks = load.tasks_of(self.suite)

    def wait_until(self, condition, patience=20):
        end = time.monotonic() + patience
        while not condition():
            self.assertLess(time.monotonic(), end, "not within time")
            time.sleep(0.002)

    def wait_same_time(self):
        """A process hears of the moved clock from its database."""
        def times():
            return {self.suite.clients[name].call("ClockService", "GetClock").now.ToMicroseconds() for name in PROCESSES}
        self.wait_until(lambda: len(times()) == 1)

    def summary(self, process):
        return self.suite.clients[process].call("ProgressService", "SummarizeProgram", name=Suite.PROGRAM)

    def test_what_one_acknowledged_the_other_shows_within_a_second(self):
        waits = []
        for i in range(WRITES):
            writer, reader = (("progress", "progress:2"), ("progress:2", "progress"))[i % 2]
            task = self.tasks[i % len(self.tasks)]
            period = PERIOD if i < len(self.tasks) else "2024-05"
            self.suite.clients[writer].call("ProgressService", "SubmitReport", parent=task.name, period=period,
                                            report=load.report_of(task, 1, f"第{i}次"))
            acknowledged = time.monotonic()
            end = acknowledged + 20
            own = self.summary(writer)
            while True:
                other = self.summary(reader)
                if (own.total, own.current.counts, own.previous.counts) == (other.total, other.current.counts,
                                                                            other.previous.counts):
                    break
                self.assertLess(time.monotonic(), end, f"{reader} never showed what {writer} acknowledged")
            waits.append(time.monotonic() - acknowledged)
            one, two = (self.suite.clients[process].call("ProgressService", "GetAssessment", name=task.name)
                        for process in (writer, reader))
            self.assertEqual(one.assessment, two.assessment)
        load.measured(f"writes {len(waits)}, the other process shows them after {load.percentile(waits, 0.5) * 1000:.0f} ms, "
                      f"p99 {load.percentile(waits, 0.99) * 1000:.0f} ms, slowest {max(waits) * 1000:.0f} ms")
        self.assertLess(max(waits), STALENESS_MAX)

    def test_a_repeated_request_is_answered_by_the_other_as_by_the_first(self):
        request_id, task = uuid.uuid4().hex, self.tasks[0]
        answers = [self.suite.clients[process].call(
            "ProgressService", "SubmitReport", parent=task.name, period=PERIOD, request_id=request_id,
            report=load.report_of(task, 1, "一次")).report for process in ("progress", "progress:2")]
        self.assertEqual(answers[0], answers[1])

    def test_processes_killed_in_turn_fail_no_call(self):
        callers = [Caller(self.suite, task) for task in self.tasks[:8]]
        for caller in callers:
            caller.start()
        killed = 0
        while killed < KILLS:
            for process in PROCESSES:
                answered = sum(c.answered for c in callers)
                code = self.suite.kill(process, (signal.SIGKILL, signal.SIGTERM)[killed % 3 == 2])
                self.assertIn(code, (-signal.SIGKILL, 0))
                self.wait_until(lambda: sum(c.answered for c in callers) > answered + 40 or any(c.failed for c in callers))
                self.suite.start(process)
                answered = sum(c.answered for c in callers)
                self.wait_until(lambda: sum(c.answered for c in callers) > answered + 40 or any(c.failed for c in callers))
                killed += 1
        for caller in callers:
            caller.stopping.set()
        for caller in callers:
            caller.join(60)
        failed = [f for c in callers for f in c.failed]
        load.measured(f"processes ended in turn {killed}, calls answered {sum(c.answered for c in callers)}, failed {len(failed)}")
        self.assertEqual([], failed[:5])
        self.assertEqual([c.version for c in callers],
                         [self.suite.progress("GetReport", name=f"{c.task.name}/reports/{PERIOD}").report.version
                          for c in callers])
        self.wait_until(lambda: self.summary("progress").total == self.summary("progress:2").total)
        for name in Suite.NAMES:
            verdict = self.suite.verify(name)
            self.assertTrue(verdict.ok, verdict.findings)


if __name__ == "__main__":
    unittest.main()
