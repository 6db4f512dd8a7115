"""Abuse of a running service: whatever one origin does to it, it goes on answering others, does not crash, and has its memory
and threads back afterwards.

  ABUSE_STREAMS      streams opened at a time (1000; the full run: 10000)
  ABUSE_CONNECTIONS  connections held at a time (300; the full run: 2000)
  ABUSE_SECONDS      how long each kind lasts (1; the full run: 20)
"""

import contextlib
import os
import pathlib
import random
import resource
import socket
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
import flood  # noqa: E402
from case import SharedSuiteCase  # noqa: E402
from flood import Raw, Witness, frame, mib, status_of  # noqa: E402
from suite import BUILD, PB, Client, RpcError  # noqa: E402

STREAMS = int(os.environ.get("ABUSE_STREAMS", "1000"))
CONNECTIONS = int(os.environ.get("ABUSE_CONNECTIONS", "300"))
SECONDS = float(os.environ.get("ABUSE_SECONDS", "1"))
SEED = int(os.environ.get("MINSHENG_TEST_SEED", random.randrange(1 << 30)))
FULL = STREAMS >= 10_000
# On a busy machine a witness may wait; one that is starved waits its whole 20 seconds.
P99_MAX = 3.0
PEAK_MAX = 700 << 20
KEPT_MAX = 120 << 20  # what the allocator's arenas may keep of a peak, in pieces
LOG_MAX = 1 << 20  # an abuser cannot fill the disk with lines
LIST_TASKS = "/minsheng.registry.v1.RegistryService/ListTasks"
READ_EVENTS = "/minsheng.common.v1.EventLogService/ReadEvents"
BACKUP = "/minsheng.common.v1.EventLogService/Backup"
MIB = 1 << 20


class Abuse(SharedSuiteCase):

    @classmethod
    def prepare(cls):
        print(f"seed {SEED}", flush=True)
        cls.suite.stop("progress")
        cls.suite.import_sample(publish=False)
        cls.address = cls.suite.address("registry")
        cls.calm = None

    def setUp(self):
        self.random = random.Random(f"{SEED} {self.id()}")
        self.process = self.suite.processes["registry"]
        if self.calm is None:
            with self.witnessed():
                time.sleep(1)
            type(self).calm = status_of(self.process, "Rss", "Threads")

    @contextlib.contextmanager
    def witnessed(self):
        witness = Witness(self.suite)
        try:
            yield witness
        finally:
            witness.close()
        self.assertEqual([], witness.failures[:3])

    @contextlib.contextmanager
    def abused(self, what):
        """The abuse happens inside: others are answered meanwhile, and all comes back."""
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")  # the peak begins anew
        told = {"what": what}
        self.log_before = (self.suite.folder / "registry.log").stat().st_size
        with self.witnessed() as witness:
            begin = time.monotonic()
            yield told
            time.sleep(max(0.0, begin + SECONDS - time.monotonic()))
        peak = status_of(self.process, "VmHWM")["VmHWM"]
        back = self.wait_calm()
        print(f"» {told['what']}: others answered {len(witness.seconds)} calls, p99 {witness.p99() * 1000:.0f} ms; "
              f"peak {mib(peak)}, logged {self.logged() // 1024} KiB, after it {mib(back['Rss'])} and {back['Threads']} threads", flush=True)
        self.assertIsNone(self.process.poll(), "the process has ended")
        self.assertGreater(len(witness.seconds), 2)
        self.assertLess(self.logged(), LOG_MAX)
        self.assertLess(witness.p99(), P99_MAX)
        self.assertLess(peak, PEAK_MAX)

    def logged(self):
        return (self.suite.folder / "registry.log").stat().st_size - self.log_before

    def wait_calm(self, patience=40):
        """Memory and threads after the abuse: malloc keeps some of the peak, threads of the pools stay."""
        end = time.monotonic() + patience
        while True:
            now = status_of(self.process, "Rss", "Threads")
            if now["Rss"] < self.calm["Rss"] + KEPT_MAX and now["Threads"] < self.calm["Threads"] + 120:
                return now
            self.assertLess(time.monotonic(), end, f"did not come back: {now}, before {self.calm}")
            time.sleep(0.2)

    def refusal(self, service, method, request):
        client = Client(self.address, role="list_office")
        try:
            client.call(service, method, request, timeout=30)
            return "", "", ""
        except RpcError as error:
            return error.code, error.reason, error.message
        finally:
            client.close()

    # --- messages ----------------------------------------------------------------------------------------------------

    def test_messages_too_large(self):
        get = PB["registry"].GetTaskRequest(name="x" * (4 * MIB - 4))
        self.assertGreater(get.ByteSize(), 4 * MIB)
        self.assertEqual(("INVALID_ARGUMENT", "FIELD_TOO_LONG"), self.refusal("RegistryService", "GetTask", get)[:2])
        update = PB["registry"].UpdateTaskRequest()
        for _ in range(1000):
            update.task.targets.add(note="x" * 4300)
        self.assertGreater(update.ByteSize(), 4 * MIB)
        self.assertEqual(("RESOURCE_EXHAUSTED", "REQUEST_TOO_LARGE"),
                         self.refusal("RegistryService", "UpdateTask", update)[:2])
        imported = PB["registry"].ImportProgramRequest(parent=self.suite.DISTRICT, file_name="list.csv",
                                                       content=b"x" * (5 * MIB), year=2023)
        self.assertNotEqual("REQUEST_TOO_LARGE", self.refusal("RegistryService", "ImportProgram", imported)[1])
        imported.content = b"x" * (32 * MIB + 1)
        code, _, words = self.refusal("RegistryService", "ImportProgram", imported)
        self.assertEqual("RESOURCE_EXHAUSTED", code, words)

        answers = []
        def send():
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                answers.append(self.refusal("RegistryService", "GetTask", imported))
        with self.abused("messages of 32 MiB and more from four clients") as told:
            threads = [threading.Thread(target=send) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            told["what"] += f", {len(answers)} of them"
        self.assertEqual({"RESOURCE_EXHAUSTED"}, {code for code, *_ in answers})

    def test_malformed_protobuf_on_every_rpc(self):
        with self.abused("malformed requests on every rpc"):
            run = subprocess.run([BUILD / "bin" / "decoder_fuzz", f"--address={self.address}", f"--seed={SEED % (1 << 31)}",
                                  f"--seconds={os.environ.get('MINSHENG_FUZZ_SECONDS', '3')}"],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            print(run.stdout, flush=True)
            self.assertEqual(0, run.returncode, run.stdout)

    # --- headers and frames ------------------------------------------------------------------------------------------

    def test_header_floods(self):
        """Many headers, long ones, and blocks that never end (CONTINUATION)."""
        with self.abused("header floods") as told:
            sent, end = 0, time.monotonic() + max(SECONDS, 1)
            while time.monotonic() < end:
                many = Raw(self.address)
                many.open(LIST_TASKS, b"", further=[(f"x-{i}", "y" * 1000) for i in range(60)])
                endless = Raw(self.address)
                endless.stream = 1
                block = endless.encoder.encode([(":path", LIST_TASKS)])
                endless.send(frame(flood.HEADERS, 0, 1, block))
                for i in range(400):
                    part = frame(flood.CONTINUATION, 0, 1, endless.encoder.encode([(f"z-{i}", "w" * 16_000)])[:16_384])
                    sent += len(part)
                    if not endless.send(part):
                        break
                many.close()
                endless.close()
            told["what"] += f", {mib(sent)}"

    def test_malformed_http2(self):
        """Random frames, frames out of order, wrong sizes and streams, resets at once, pings and settings without end."""
        def garbage(raw):
            return self.random.randbytes(self.random.randrange(1, 2000))
        def random_frame(raw):
            return frame(self.random.randrange(12), self.random.randrange(256), self.random.choice((0, 1, 2, 3, 1 << 31)),
                         self.random.randbytes(self.random.choice((0, 1, 4, 8, 100))))
        def reset(raw):
            raw.open(LIST_TASKS, b"")
            return frame(flood.RST, 0, raw.stream, b"\0\0\0\x08")
        def window(raw):
            return frame(flood.WINDOW, 0, 0, b"\x7f\xff\xff\xff") * 3
        def settings(raw):
            return frame(flood.SETTINGS, 0, 0, b"\0\x04\0\0\0\0") * 50
        def ping(raw):
            return frame(flood.PING, 0, 0, b"12345678") * 50
        def message_cut(raw):
            raw.stream += 2
            raw.send(frame(flood.HEADERS, flood.END_HEADERS, raw.stream, raw.encoder.encode(
                [(":method", "POST"), (":scheme", "http"), (":path", LIST_TASKS), ("content-type", "application/grpc")])))
            return frame(flood.DATA, flood.END_STREAM, raw.stream, b"\0\xff\xff\xff\xffx")
        def length(raw):
            return b"\xff\xff\xff\x00\x00\x00\x00\x00\x01" + self.random.randbytes(5000)

        kinds = (garbage, random_frame, reset, window, settings, ping, message_cut, length)
        with self.abused("malformed HTTP/2") as told:
            count, end = 0, time.monotonic() + max(SECONDS, 1)
            while time.monotonic() < end:
                kind = self.random.choice(kinds)
                raw = Raw(self.address, preface=self.random.random() < 0.9)
                for _ in range(self.random.randrange(1, 40)):
                    if not raw.send(kind(raw)):
                        break
                raw.close()
                count += 1
            told["what"] += f", {count} connections"

    # --- streams -----------------------------------------------------------------------------------------------------

    def test_streams_that_wait_for_events(self):
        """More than there are places: the rest is refused at once, and no thread waits."""
        head = self.suite.log_call("registry", "GetLogHead", identity={"role": "operator"}).position
        request = PB["events"].ReadEventsRequest(after=head + 0, wait_ms=30_000, max=1)
        with self.abused(f"{STREAMS} streams that wait for events"):
            with flood.connections(lambda: Raw(self.address), max(1, STREAMS // 500)) as raws:
                for raw in raws:
                    for _ in range(500):
                        raw.open(READ_EVENTS, request)
                time.sleep(SECONDS)

    def test_streams_half_opened(self):
        """Headers and no message; more of them on one connection than it may have."""
        with self.abused(f"{STREAMS} streams opened without a message, {STREAMS * 2 // 3} of them on one connection"):
            with flood.connections(lambda: Raw(self.address), 1 + max(1, STREAMS // 1500)) as raws:
                for _ in range(STREAMS * 2 // 3):
                    raws[0].open(LIST_TASKS)
                for raw in raws[1:]:
                    for _ in range(500):
                        raw.open(LIST_TASKS)
                time.sleep(SECONDS)

    def test_streams_reset_at_once(self):
        """Opened whole and reset in the same packet, so that never more are open than may be (CVE-2023-44487)."""
        tasks = PB["registry"].ListTasksRequest(parent=self.suite.PROGRAM, page_size=1000)
        with self.abused("streams reset as soon as they are opened") as told:
            count, end = 0, time.monotonic() + max(SECONDS, 1)
            with flood.connections(lambda: Raw(self.address), 4) as raws:
                while time.monotonic() < end:
                    for i, raw in enumerate(raws):
                        batch = b""
                        for _ in range(50):
                            raw.stream += 2
                            batch += raw.opening(LIST_TASKS, tasks)
                            batch += frame(flood.RST, 0, raw.stream, b"\0\0\0\x08")
                        count += 50
                        if not raw.send(batch):
                            raw.close()
                            raws[i] = Raw(self.address)
                        with contextlib.suppress(OSError):
                            raw.socket.recv(1 << 16, socket.MSG_DONTWAIT)
            told["what"] += f", {count} of them"

    def test_slow_reading(self):
        """Answers asked for with a window of zero bytes, and never read; long streams among them."""
        tasks = PB["registry"].ListTasksRequest(parent=self.suite.PROGRAM, page_size=1000)
        events = PB["events"].ReadEventsRequest(max=1000)
        with self.abused(f"{STREAMS // 2} answers and 100 backups that nobody reads"):
            def make():
                return Raw(self.address, settings=[(flood.INITIAL_WINDOW, 0)], reads=False)
            with flood.connections(make, max(2, STREAMS // 250)) as raws:
                for i, raw in enumerate(raws):
                    for _ in range(250):
                        raw.open(*((LIST_TASKS, tasks) if i % 2 else (READ_EVENTS, events)))
                raw = make()
                for _ in range(100):
                    raw.open(BACKUP, b"")
                time.sleep(max(SECONDS, 2))
                raw.close()

    # --- connections -------------------------------------------------------------------------------------------------

    def test_connections_that_do_nothing(self):
        """Idle after the first frames, silent from the beginning, and slow with their first bytes."""
        third = CONNECTIONS // 3
        with self.abused(f"{CONNECTIONS} connections that do nothing") as told:
            with contextlib.ExitStack() as stack:
                stack.enter_context(flood.connections(lambda: Raw(self.address), third))
                silent = stack.enter_context(flood.connections(lambda: Raw(self.address, preface=False), third))
                slow = stack.enter_context(flood.connections(lambda: Raw(self.address, preface=False), third))
                begin = time.monotonic()
                for byte in range(12):
                    for raw in slow:
                        raw.send(flood.PREFACE[byte:byte + 1])
                    time.sleep(1)
                gone = sum(raw.ended(2) for raw in silent[:5] + slow[:5])
                told["what"] += f", of ten without a beginning {gone} ended within {time.monotonic() - begin:.0f} s"
        self.assertEqual(10, gone)

    def test_descriptors_run_out(self):
        """gRPC's own listener ends for good then; ours takes new connections as soon as there are descriptors again."""
        granted = resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE)
        open_now = len(list(pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()))
        with self.abused("no descriptors left"):
            resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (open_now + 50, granted[1]))
            with flood.connections(lambda: Raw(self.address), 200):
                time.sleep(max(SECONDS, 1))
            resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, granted)
        self.assertEqual("", self.refusal("RegistryService", "ListPrograms",
                                          PB["registry"].ListProgramsRequest(parent=self.suite.DISTRICT))[0])

    def test_connections_that_come_and_go(self):
        with self.abused("connections that come and go") as told:
            host, _, port = self.address.rpartition(":")
            count, end = 0, time.monotonic() + max(SECONDS, 1)
            while time.monotonic() < end:
                with socket.create_connection((host, int(port)), timeout=5) as one:
                    if count % 2:
                        one.send(flood.PREFACE)
                count += 1
            told["what"] += f", {count} of them"


if __name__ == "__main__":
    unittest.main()
