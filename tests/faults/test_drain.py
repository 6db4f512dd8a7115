"""Stopping and starting: running calls finish, clients with the shipped service config notice nothing, misuse is refused."""

import collections
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

import grpc
import load
from google.protobuf import json_format
from load import PB, Client, RpcError, Suite
from suite import BUILD, SERVICE_CONFIG

DRAIN = 5.0  # --drain's default
NOT_SERVING = 2


class ShippedClient(Client):
    """A client with the shipped service config: repeats UNAVAILABLE by itself."""

    def __init__(self, address):
        super().__init__(address)
        self.channel.close()
        self.channel = grpc.insecure_channel(address, options=[
            ("grpc.service_config", SERVICE_CONFIG), ("grpc.use_local_subchannel_pool", 1),
            ("grpc.max_receive_message_length", 64 << 20), ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.min_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 200)])


class ShippedReports(load.ReportWriter):
    def __init__(self, *args, **options):
        super().__init__(*args, **options, retried=())
        self.clients = {name: ShippedClient(self.suite.address(name)) for name in self.suite.NAMES}


class ShippedPlans(load.PlanWriter):
    def __init__(self, *args, **options):
        super().__init__(*args, **options, retried=())
        self.clients = {name: ShippedClient(self.suite.address(name)) for name in self.suite.NAMES}


class Reader(threading.Thread):
    """Calls one read again and again; every failed call is kept."""

    def __init__(self, suite, process, service, method, **fields):
        super().__init__(daemon=True)
        self.client = ShippedClient(suite.address(process))
        self.of, self.fields = (service, method), fields
        self.calls, self.failed = 0, []
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.is_set():
            begin = time.monotonic()
            try:
                self.client.call(*self.of, **self.fields)
            except RpcError as error:
                self.failed.append(f"{self.of[1]} after {time.monotonic() - begin:.2f} s: {error}")
            self.calls += 1
            time.sleep(0.002)
        self.client.close()


class Health:
    """What grpc.health.v1 says over time; raw bytes, for Debian has no Python messages of it."""

    def __init__(self, address):
        self.seen, self.ended = [], None
        self.channel = grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.stream = self.channel.unary_stream("/grpc.health.v1.Health/Watch", lambda x: x, lambda x: x)(b"")
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()

    def follow(self):
        try:
            for message in self.stream:
                self.seen.append((time.monotonic(), message[1] if message else 0))
        except grpc.RpcError as error:
            self.ended = error.code().name

    def wait(self, status, patience=10):
        end = time.monotonic() + patience
        while not any(s == status for _, s in self.seen):
            if time.monotonic() > end:
                raise AssertionError(f"health said {self.seen}, never {status}")
            time.sleep(0.002)
        return next(at for at, s in self.seen if s == status)

    def close(self):
        self.stream.cancel()
        self.thread.join(5)
        self.channel.close()


def timed_stop(suite, name):
    begin = time.monotonic()
    code = suite.stop(name)
    return code, time.monotonic() - begin


class Restarts(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.suite = load.prepared()
        self.addCleanup(self.suite.close)

    def test_clients_notice_nothing(self):
        suite, ledger = self.suite, load.Ledger()
        tasks = load.tasks_of(suite)
        suite.progress("SubmitReport", parent=tasks[0].name, period="2024-03", report=load.report_of(tasks[0], 1, "first"),
                       request_id="first")
        writers = [ShippedReports(suite, ledger, i, tasks=tasks[1 + i::3]) for i in range(3)]
        writers += [ShippedPlans(suite, ledger, 10 + i, tasks=tasks[1 + i::2]) for i in range(2)]
        readers = [Reader(suite, "progress", "ProgressService", "SummarizeProgram", name=Suite.PROGRAM),
                   Reader(suite, "progress", "ProgressService", "GetReport", name=f"{tasks[0].name}/reports/2024-03"),
                   Reader(suite, "progress", "EventLogService", "ReadEvents", max=5),
                   Reader(suite, "progress", "EventLogService", "GetLogHead"),
                   Reader(suite, "registry", "EventLogService", "ReadEvents", max=5),
                   Reader(suite, "registry", "RegistryService", "ListTasks", parent=Suite.PROGRAM)]
        for i, thread in enumerate(writers + readers):
            thread.name = f"d{i}"
            thread.start()
        stops = []
        # A call is repeated for three seconds at most: restarts of one service further apart meet it once, as in life.
        for name in ("progress", "registry", "progress", "registry"):
            time.sleep(1.6)
            stops.append((name, *timed_stop(suite, name)))
            suite.start(name)
        time.sleep(1.6)
        for reader in readers:
            reader.stopping.set()
        load.stop_writers(writers)
        for reader in readers:
            reader.join(20)
        failed = [f for reader in readers for f in reader.failed] + ledger.surprises
        load.measured(f"restarts {len(stops)}, calls {sum(r.calls for r in readers) + len(ledger.writes)}, failed {len(failed)}, "
                      f"slowest stop {max(t for _, _, t in stops):.2f} s")
        self.assertEqual({}, dict(collections.Counter(f[-400:] for f in failed)))
        for name, code, seconds in stops:
            self.assertEqual((name, code), (name, 0))
            self.assertLess(seconds, DRAIN)
        self.assertGreater(min(r.calls for r in readers), 50)
        # The first report is the test's own.
        ledger.writes.append(load.Write("progress", "SubmitReport", ["first"]))
        ledger.writes[-1].request_id, ledger.writes[-1].state = "first", "answered"
        load.Audit(suite, ledger).check(self)

    def big_batch(self, number):
        """A write that takes a while: a thousand reports."""
        task = load.tasks_of(self.suite)[number]
        request = PB["progress"].BatchSubmitReportsRequest(parent=Suite.PROGRAM, request_id=f"slow-{number}")
        for i in range(1000):
            json_format.ParseDict({"parent": task.name, "period": "2024-06",
                                   "report": load.report_of(task, i, f"slow-{number}/{i}")}, request.requests.add())
        return request

    def busy(self):
        """How many handlers run in progress."""
        page = self.suite.http("progress", "/metrics")
        return int(float(re.search(r"^minsheng_handler_threads_busy\{.*\} (\S+)$", page, re.M).group(1)))

    def test_running_calls_finish(self):
        suite, answers, ends = self.suite, [], []
        requests = [self.big_batch(i) for i in range(24)]
        clients = [Client(suite.address("progress")) for _ in requests]
        for client in clients:
            client.call("ProgressService", "SummarizeProgram", name=Suite.PROGRAM)  # the connection stands
        health = Health(suite.address("progress"))
        health.wait(1)

        def ask(client, request):
            try:
                answers.append(client.call("ProgressService", "BatchSubmitReports", request))
            except RpcError as error:
                answers.append(error)
            ends.append(time.monotonic())
            client.close()

        threads = [threading.Thread(target=ask, args=pair) for pair in zip(clients, requests)]
        begin = time.monotonic()
        for thread in threads:
            thread.start()
        while self.busy() + len(answers) < len(threads):  # gRPC cancels what arrives after the signal
            pass
        stop = time.monotonic()
        suite.processes["progress"].send_signal(signal.SIGTERM)
        said = health.wait(NOT_SERVING)
        health.close()  # a watcher that stays is cut off at the end of the drain time
        code = suite.kill("progress", signal.SIGTERM)
        seconds = time.monotonic() - stop
        for thread in threads:
            thread.join()
        late = sum(end > stop for end in ends)
        load.measured(f"SIGTERM after {1000 * (stop - begin):.0f} ms with {late} of {len(threads)} calls running, the last took "
                      f"{1000 * (max(ends) - begin):.0f} ms; NOT_SERVING after {1000 * (said - stop):.0f} ms, exit after "
                      f"{1000 * seconds:.0f} ms")
        self.assertEqual(0, code)
        self.assertEqual([], [str(a) for a in answers if isinstance(a, RpcError)])
        self.assertEqual([1000] * len(threads), [len(a.reports) for a in answers])
        self.assertGreater(late, 0, "all calls were over before the signal: it proves nothing")
        self.assertLess(said, max(ends), "NOT_SERVING must come before the last call ends")
        self.assertLess(seconds, DRAIN)
        suite.start("progress")
        self.assertEqual(1000 * len(threads), sum(bool(load.mark_of(e)) for e in suite.events("progress")))

    def test_a_watcher_does_not_hold_the_end_up(self):
        health = Health(self.suite.address("registry"))
        self.addCleanup(health.close)
        health.wait(1)
        code, seconds = timed_stop(self.suite, "registry")
        load.measured(f"exit after {seconds:.2f} s with a watcher of its health that stays")
        self.assertEqual(0, code)
        self.assertLess(seconds, DRAIN + 1)

    def test_interrupt_ends_as_well(self):
        self.assertEqual(0, self.suite.kill("registry", signal.SIGINT))
        # Without its peer progress serves what it has, and says so.
        self.suite.progress("SummarizeProgram", name=Suite.PROGRAM)
        end = time.monotonic() + 10
        while "DEGRADED" not in self.suite.http("progress", "/healthz"):
            self.assertLess(time.monotonic(), end, self.suite.http("progress", "/healthz"))
            time.sleep(0.05)
        self.suite.start("registry")
        while "DEGRADED" in self.suite.http("progress", "/healthz"):
            self.assertLess(time.monotonic(), end, self.suite.http("progress", "/healthz"))
            time.sleep(0.05)

    @unittest.skipIf(os.environ.get("TEST_ENGINE") == "postgres", "where several processes share the state")
    def test_a_second_process_is_refused(self):
        for name in self.suite.NAMES:
            code, text = run(name, f"--state={self.suite.folder / 'state'}", "--rehearsal", f"--calendar={load.CALENDAR}")
            self.assertEqual(1, code, text)
            self.assertIn("another process uses this state", text)
            self.assertTrue(self.suite.verify(name).ok)


def run(name, *arguments, **variables):
    """Runs a service that should refuse to start: its exit code and what it printed."""
    if name == "registry":
        arguments = [a for a in arguments if not a.startswith("--calendar")]
    defaults = ["--listen=127.0.0.1:0", "--metrics_listen=127.0.0.1:0"]
    run = subprocess.run([BUILD / "bin" / f"minsheng-{name}", *defaults, *arguments], env={**os.environ, **variables},
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=20)
    return run.returncode, run.stdout


class Refusals(unittest.TestCase):
    """A wrong configuration is told, never guessed at."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="minsheng-refusals-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def refused(self, *words, arguments=(), **variables):
        for name in Suite.NAMES:
            with self.subTest(service=name):
                code, text = run(name, f"--state={self.folder}", f"--calendar={load.CALENDAR}", *arguments, **variables)
                self.assertGreater(code, 0, text)
                for word in words:
                    self.assertIn(word, text)

    def test_unknown_flag(self):
        self.refused("no_such_flag", arguments=["--no_such_flag=1"])

    def test_bad_value(self):
        self.refused("drain", arguments=["--drain=soon"])

    def test_a_password_on_the_command_line(self):
        for given in ("host=db password=geheim", "postgresql://minsheng:geheim@db/minsheng", "postgresql://db/m?password=geheim"):
            self.refused("PGPASSFILE", arguments=[f"--database={given}"])
            for name in Suite.NAMES:
                self.assertNotIn("geheim", run(name, f"--database={given}", f"--calendar={load.CALENDAR}")[1])

    def test_stray_argument(self):
        self.refused("stray", arguments=["stray"])

    def test_unknown_variable(self):
        self.refused("MINSHENG_NO_SUCH_FLAG", MINSHENG_NO_SUCH_FLAG="1")

    def test_bad_variable(self):
        self.refused("MINSHENG_DRAIN", MINSHENG_DRAIN="soon")

    def test_beyond_loopback(self):
        for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.com:0"):
            self.refused("--listen=", "loopback", arguments=[f"--listen={address}"])

    def test_metrics_beyond_loopback(self):
        self.refused("loopback", arguments=["--metrics_listen=0.0.0.0:0"])

    def test_rehearsal_is_for_good(self):
        with Suite() as suite:
            state = f"--state={suite.folder / 'state'}"
            for name in suite.NAMES:
                suite.stop(name)
                code, text = run(name, state, f"--calendar={load.CALENDAR}", *suite.engine.flags(name))
                self.assertEqual(1, code, text)
                self.assertIn("made for a rehearsal", text)

    def test_taken_port(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            address = f"127.0.0.1:{other.getsockname()[1]}"
            self.refused("taken", "--listen", arguments=[f"--listen={address}"])
            self.refused("taken", "--metrics_listen", arguments=[f"--metrics_listen={address}"])


if __name__ == "__main__":
    unittest.main()
