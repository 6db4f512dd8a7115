"""What PostgreSQL may do to its services: end their connections, crash, be away, refuse writes, run out of disk. Nothing
acknowledged is lost, no answer is wrong, and the services find back by themselves.

  OUTAGES         how many of each (2; the full run: 20)
  OUTAGE_SECONDS  how long it is away, read-only or full (1; the full run: 10)
"""

import os
import pathlib
import random
import subprocess
import tempfile
import time
import unittest
import urllib.error

import load
from engine import Postgres
from load import RpcError, Suite
from postgres import Server

OUTAGES = int(os.environ.get("OUTAGES", "2"))
SECONDS = float(os.environ.get("OUTAGE_SECONDS", "1"))
RETRIED = ("UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED")
RECOVERY_MAX = 15.0
TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'minsheng_%'"


class Outages(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="minsheng-outage-"))
        self.addCleanup(subprocess.run, ["rm", "-rf", str(self.folder)])
        self.folder.chmod(0o755)
        self.mount()
        self.server = Server(self.folder / "server")
        self.addCleanup(self.server.close)
        self.suite = load.restartable(Suite(start=False, engine=lambda suite: Postgres(suite, self.server.dsn)))
        self.addCleanup(self.suite.close)
        self.suite.import_sample()
        self.suite.advance(load.JULY)
        self.suite.wait_followed()
        self.ledger = load.Ledger()

    def mount(self):
        pass

    def status(self, name):
        try:
            return self.suite.http(name, "/healthz")
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def until(self, condition, what, patience=RECOVERY_MAX):
        begin = time.monotonic()
        while not condition():
            self.assertLess(time.monotonic() - begin, patience, what)
            time.sleep(0.01)
        return time.monotonic() - begin

    def stays(self, seconds):
        """What an outage takes; meanwhile the present counts are served from memory."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            total = self.suite.progress("SummarizeProgram", name=Suite.PROGRAM).total
            self.assertEqual(29, sum(light.count for light in total.tasks))
            time.sleep(0.05)

    def suffer(self, what, harm, heal):
        """Under a load of writes: harm, the outage, heal, and writes are answered again; so many times."""
        pids = {name: process.pid for name, process in self.suite.processes.items()}
        writers = load.start_writers(self.suite, self.ledger, reporters=6, planners=3, seed=random.randrange(1 << 30),
                                     retried=RETRIED)
        recoveries = []
        try:
            for _ in range(OUTAGES):
                at = self.ledger.answered()
                self.until(lambda: self.ledger.answered() > at + 20, "no writes")
                harm()
                heal()
                at = self.ledger.answered()
                recoveries.append(self.until(lambda: self.ledger.answered() > at + 20, "writes do not come back"))
                for name in self.suite.NAMES:
                    self.until(lambda: '"SERVING"' in self.status(name), f"{name} does not say that it serves")
        except BaseException:
            self.server.start()  # or the writers would never end
            raise
        finally:
            load.stop_writers(writers)
        self.assertEqual(pids, {name: process.pid for name, process in self.suite.processes.items()})
        audit = load.Audit(self.suite, self.ledger)
        codes = {f"{s} {c}": n for (s, c), n in self.ledger.codes.items()}
        load.measured(f"{what} {OUTAGES} times; acknowledged {audit.acknowledged}, lost {len(audit.lost)}, twice "
                      f"{len(audit.twice)}, wrong {len(audit.problems)}; 20 writes answered at most {max(recoveries):.2f} s "
                      f"after it; answers {codes}")
        audit.check(self)

    def refused(self):
        """Until both services have refused writes and say so."""
        before = {name: self.unavailable(name) for name in self.suite.NAMES}
        for name in self.suite.NAMES:
            self.until(lambda: self.unavailable(name) > before[name], f"{name} goes on writing")
            self.until(lambda: "NOT_SERVING" in self.status(name), f"{name} says that it serves")

    def unavailable(self, name):
        return sum(n for (service, code), n in self.ledger.codes.items() if service == name and code in RETRIED)

    def test_connections_are_terminated(self):
        def terminate():
            for _ in range(5):
                self.server.execute(TERMINATE)
                time.sleep(0.05)
        self.suffer("all connections terminated", terminate, lambda: None)

    def test_it_is_restarted(self):
        self.suffer("PostgreSQL restarted", lambda: self.server.stop("fast"), self.server.start)

    def test_it_crashes_and_stays_away(self):
        def crash():
            self.server.stop("immediate")
            self.refused()
            self.stays(SECONDS)
        self.suffer(f"PostgreSQL crashed and stayed away for {SECONDS:g} s", crash, self.server.start)

    def test_it_is_read_only(self):
        def read_only(setting):
            self.server.execute(f"ALTER SYSTEM SET default_transaction_read_only = {setting}")
            self.server.execute("SELECT pg_reload_conf()")

        def harm():
            read_only("on")
            self.refused()
            self.stays(SECONDS)

        def heal():
            import psycopg2
            connection = psycopg2.connect(self.server.dsn, options="-c default_transaction_read_only=off")
            connection.autocommit = True
            connection.cursor().execute("ALTER SYSTEM SET default_transaction_read_only = off")
            connection.cursor().execute("SELECT pg_reload_conf()")
            connection.close()
        self.suffer(f"PostgreSQL read-only for {SECONDS:g} s", harm, heal)


class FullDisk(Outages):
    """The server's files on a small file system; ours elsewhere."""

    def mount(self):
        run = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=150m,mode=755", "minsheng-test", self.folder],
                             capture_output=True, text=True)
        if run.returncode != 0:
            raise unittest.SkipTest(f"a tmpfs cannot be mounted here: {run.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.folder], check=True)

    def fill(self):
        ballast = open(self.folder / "ballast", "ab", buffering=0)
        with ballast:
            while True:
                try:
                    ballast.write(bytes(1 << 20))
                except OSError:
                    break
        self.refused()
        self.stays(SECONDS)

    def test_its_disk_is_full(self):
        self.suffer(f"PostgreSQL's disk full for {SECONDS:g} s", self.fill,
                    lambda: (self.folder / "ballast").unlink())

    test_connections_are_terminated = test_it_is_restarted = None
    test_it_crashes_and_stays_away = test_it_is_read_only = None


if __name__ == "__main__":
    unittest.main()
