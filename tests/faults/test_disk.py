"""A full disk, and one that takes no writes: writes are refused in so many words, reads go on, nothing acknowledged is lost,
and space, or leave to write, is all it needs to recover. The state lies on a small tmpfs of its own; mounting it needs root.

  DISK_SECONDS  how long the disk stays full or closed (1; the full run: 10)
"""

import os
import resource
import subprocess
import time
import unittest
import urllib.error

import grpc
import load
from load import RpcError, Suite

SIZE = 12 << 20
REFUSED = ("RESOURCE_EXHAUSTED", "UNAVAILABLE")
RECOVERY_MAX = 5.0
SECONDS = float(os.environ.get("DISK_SECONDS", "1"))


class Disk:
    """A tmpfs that can be filled and emptied."""

    def __init__(self, folder):
        self.folder = folder
        self.ballast = folder / "ballast"
        folder.mkdir()
        run = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "minsheng-test", folder],
                             capture_output=True, text=True)
        if run.returncode != 0:
            raise unittest.SkipTest(f"a tmpfs cannot be mounted here: {run.stderr.strip()}")

    def free(self):
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    def fill(self, leave=0):
        with open(self.ballast, "ab", buffering=0) as file:
            while self.free() > leave:
                try:
                    file.write(bytes(min(self.free() - leave, 1 << 20) or 1))
                except OSError:
                    return

    def empty(self):
        self.ballast.unlink()

    def close(self):
        subprocess.run(["umount", "-l", self.folder], check=True)


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.suite = Suite(start=False)
        self.addCleanup(self.suite.close)
        self.disk = Disk(self.suite.folder / "state")
        self.addCleanup(self.disk.close)
        load.restartable(self.suite)
        self.suite.import_sample()
        self.suite.advance(load.JULY)
        self.suite.wait_followed()
        self.ledger = load.Ledger()
        self.task = load.tasks_of(self.suite)[0]

    def reads(self):
        """What is asked while nothing can be written; also on new connections to the database."""
        suite = self.suite
        return [suite.progress("SummarizeProgram", name=Suite.PROGRAM).total,
                suite.progress("ListAssessments", parent=Suite.PROGRAM, page_size=100).assessments[0].light,
                suite.progress("SummarizeProgram", name=Suite.PROGRAM, as_of="2024-07-01T00:00:00+08:00").total,
                len(load.tasks_of(suite)),
                suite.log_call("progress", "ReadEvents", max=3).events[0].hash,
                suite.log_call("registry", "ReadEvents", max=3).events[0].hash]

    def until(self, condition, what, patience=RECOVERY_MAX):
        begin = time.monotonic()
        while not condition():
            self.assertLess(time.monotonic() - begin, patience, what)
            time.sleep(0.02)
        return time.monotonic() - begin

    def status(self, name):
        """What /healthz says, also when it says 503."""
        try:
            return self.suite.http(name, "/healthz")
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def refusals(self, name):
        return sum(count for (service, code), count in self.ledger.codes.items() if service == name and code in REFUSED)

    def test_writes_wait_for_space(self):
        def fill(leave):
            return lambda: self.disk.fill(leave)

        def heal():
            while self.disk.free() > 4096:  # what a smaller write may still find
                self.disk.fill()
            self.disk.empty()
        self.suffer("disk filled", [fill(leave) for leave in (200_000, 0, 60_000)], heal)
        self.assertGreater(sum(n for (_, c), n in self.ledger.codes.items() if c == "RESOURCE_EXHAUSTED"), 0)

    def test_writes_wait_for_leave_to_write(self):
        """The kernel refuses every write of both processes, as on a file system that turned read-only: their limit of a
        file's size falls to nothing."""
        def limit(size):
            for process in self.suite.processes.values():
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        self.suffer("every write refused", [lambda: limit(0)] * 3, lambda: limit(resource.RLIM_INFINITY))

    def suffer(self, what, harms, heal):
        before = self.reads()
        self.assertEqual(before, self.reads())
        pids = {name: process.pid for name, process in self.suite.processes.items()}
        writers = load.start_writers(self.suite, self.ledger, reporters=4, planners=2,
                                     retried=("RESOURCE_EXHAUSTED", "UNAVAILABLE"))
        recoveries, rounds = [], []
        try:
            for harm in harms:
                refused = {name: self.refusals(name) for name in self.suite.NAMES}
                answered = self.ledger.answered()
                harm()
                for name in self.suite.NAMES:
                    self.until(lambda: self.refusals(name) > refused[name] + 5, f"{name} writes on a full disk", 30)
                self.until(lambda: "NOT_SERVING" in self.status("progress"), "health says nothing")
                begin = time.monotonic()
                count = 0
                while time.monotonic() - begin < SECONDS or count < 5:
                    self.reads()
                    count += 1
                rounds.append((self.ledger.answered() - answered, count))
                heal()
                at = self.ledger.answered()
                recoveries.append(self.until(lambda: self.ledger.answered() > at + 20, "writes do not come back"))
                for name in self.suite.NAMES:
                    self.until(lambda: '"SERVING"' in self.status(name), f"{name} does not say that it serves")
        finally:
            load.stop_writers(writers)
        audit = load.Audit(self.suite, self.ledger)
        codes = {f"{s} {c}": n for (s, c), n in self.ledger.codes.items()}
        load.measured(f"{what} {len(rounds)} times for {SECONDS:g} s; acknowledged {audit.acknowledged}, lost {len(audit.lost)}, twice "
                      f"{len(audit.twice)}; 20 writes answered {max(recoveries):.2f} s after there was space; answers {codes}")
        audit.check(self)
        self.assertEqual(pids, {name: process.pid for name, process in self.suite.processes.items()})

    def test_refusal_and_its_words(self):
        self.disk.fill()
        for name, call in {"progress": lambda: self.report("full"), "registry": lambda: self.plan("full")}.items():
            with self.assertRaises(RpcError) as refused:
                for _ in range(200):  # what lies in the log's file already can still be used up
                    call()
            self.assertIn(refused.exception.code, REFUSED)
            self.assertIn(refused.exception.reason, ("DISK_FULL", "DATABASE_UNAVAILABLE"))
            self.assertIn("try again", refused.exception.message)
        with self.assertRaises(RpcError) as refused:
            for _ in self.backup():
                pass
        self.assertEqual("RESOURCE_EXHAUSTED", refused.exception.code)
        self.assertEqual([], [p.name for p in self.disk.folder.iterdir() if p.name.startswith("backup")])

    def report(self, mark):
        return self.suite.progress("SubmitReport", parent=self.task.name, period="2024-06",
                                   report=load.report_of(self.task, 1, mark * 1000))

    def plan(self, mark):
        return self.suite.registry("FilePlan", parent=self.task.name, revision={
            "starts_on": "2024-04-01", "reason": mark * 1000, "milestones": [{"due_on": "2024-12-20", "percent": "100"}]})

    def backup(self):
        events = load.PB["events"]
        invoke = self.suite.clients["progress"].channel.unary_stream(
            "/minsheng.common.v1.EventLogService/Backup", events.BackupRequest.SerializeToString,
            events.BackupResponse.FromString)
        try:
            yield from invoke(events.BackupRequest(), timeout=20, metadata=[("x-minsheng-role", "operator")])
        except grpc.RpcError as error:
            raise RpcError(error) from None

    def test_killed_on_a_full_disk(self):
        """Killed and started again while the disk is full: what was acknowledged is read, and space heals the rest."""
        stored = self.report("before").report
        self.disk.fill()
        for name in self.suite.NAMES:
            self.suite.kill(name)
            self.suite.start(name)
        report = f"{self.task.name}/reports/2024-06"
        self.assertEqual(stored, self.suite.progress("GetReport", name=report).report)
        self.suite.progress("SummarizeProgram", name=Suite.PROGRAM)
        self.assertEqual(29, len(load.tasks_of(self.suite)))
        self.disk.empty()
        taken = self.until(self.writes_again, "writes do not come back")
        load.measured(f"written {taken:.2f} s after there was space")
        for name in self.suite.NAMES:
            self.assertTrue(self.suite.verify(name).ok, name)

    def writes_again(self):
        try:
            self.report("after")
            self.plan("after")
            return True
        except RpcError as error:
            self.assertIn(error.code, REFUSED)
            return False


if __name__ == "__main__":
    unittest.main()
