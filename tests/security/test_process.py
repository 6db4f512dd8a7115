"""What a service process asks of the kernel: no core dumps, files for its user alone, all descriptors it may have."""

import pathlib
import re
import resource
import signal
import stat
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import FreshSuiteCase  # noqa: E402


def limit(process, name):
    """(soft, hard) of /proc/PID/limits."""
    text = pathlib.Path(f"/proc/{process.pid}/limits").read_text()
    return re.search(rf"^{name}\s+(\S+)\s+(\S+)", text, re.M).groups()


class Process(FreshSuiteCase):

    def prepare(self):
        pass

    def test_no_core_is_ever_written(self):
        """1, not 0: with 0 the kernel still gives a core to a program that core_pattern names; see core(5)."""
        for process in self.suite.processes.values():
            self.assertEqual(("1", "1"), limit(process, "Max core file size"))

    def test_cores_when_asked_for(self):
        self.suite.stop("progress")
        before = limit(self.suite.processes["registry"], "Max core file size")
        self.suite.start("progress", extra=["--core_dumps"])
        self.assertNotEqual(before, limit(self.suite.processes["progress"], "Max core file size"))

    def test_descriptors_as_many_as_granted(self):
        for process in self.suite.processes.values():
            soft, hard = limit(process, "Max open files")
            self.assertEqual(hard, soft)

    def test_files_are_for_the_service_alone(self):
        for process in self.suite.processes.values():
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            self.assertIn("Umask:\t0077", status)
        files = [path for path in (self.suite.folder / "state").rglob("*") if path.is_file()]
        self.assertGreater(len(files), 1)
        for path in files:
            self.assertEqual(0, stat.S_IMODE(path.stat().st_mode) & 0o077, path)


class Cores(FreshSuiteCase):
    """Where the system would write one: the test's own limit is lifted before the services begin."""

    def setUp(self):
        before = resource.getrlimit(resource.RLIMIT_CORE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_CORE, before)
        resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
        if before[1] == 0:
            self.skipTest("no process here may leave a core")
        if not re.fullmatch(r"core[%\w.]*", pathlib.Path("/proc/sys/kernel/core_pattern").read_text().strip()):
            self.skipTest("cores do not go to the folder of the process here")
        super().setUp()

    def prepare(self):
        pass

    def cores(self):
        return [path for path in self.suite.folder.rglob("core*") if path.is_file()]

    def test_a_service_that_aborts_leaves_no_core(self):
        for name in self.suite.NAMES:
            self.assertEqual(-signal.SIGABRT, self.suite.kill(name, signal.SIGABRT))
        self.assertEqual([], self.cores())

    def test_one_that_was_asked_for_is_left_for_the_service_alone(self):
        self.suite.stop("progress")
        self.suite.start("progress", extra=["--core_dumps"])
        self.assertEqual(-signal.SIGABRT, self.suite.kill("progress", signal.SIGABRT))
        [core] = self.cores()
        self.assertEqual(0, stat.S_IMODE(core.stat().st_mode) & 0o077)


if __name__ == "__main__":
    unittest.main()
