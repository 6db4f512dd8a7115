"""Redis is never the truth: flushed, hung, killed, replaced by garbage or poisoned, it changes no answer and fails no call.

The near cache is off, so every answer about the past passes through Redis. What is right is said by the same service
without any cache, before and after.
"""

import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

import load
from load import PB, Client, RpcError, Suite

NOW = "2024-10-12T09:00:00+08:00"
INSTANTS = 120
READERS = 4
UNCACHED = ["--near_cache_bytes=0"]


class Redis:
    """A redis-server on a unix socket; nothing persisted."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="minsheng-redis-"))
        self.path = self.folder / "redis.sock"
        self.process = None

    def start(self):
        self.path.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.path, "--save", "", "--appendonly", "no", "--dir",
             self.folder, "--logfile", self.folder / "redis.log"], stdout=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while True:
            try:
                if self.command("PING") == b"PONG":
                    return
            except OSError:
                if time.monotonic() > end:
                    raise
            time.sleep(0.01)

    def signal(self, sig):
        self.process.send_signal(sig)
        if sig == signal.SIGKILL:
            self.process.wait()

    def close(self):
        self.signal(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *words):
        """One command; its answer as bytes, number, list or None, errors as text."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.path))
            words = [w if isinstance(w, bytes) else str(w).encode() for w in words]
            connection.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w) for w in words))
            return self._answer(connection.makefile("rb"))

    def _answer(self, stream):
        line = stream.readline()[:-2]
        kind, rest = line[:1], line[1:]
        if kind == b"+":
            return rest
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else stream.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return [self._answer(stream) for _ in range(int(rest))]
        return line.decode()

    def values(self):
        found = {key: self.command("GET", key) for key in self.command("KEYS", "*")}
        return {key: value for key, value in found.items() if isinstance(value, bytes)}


class Garbage:
    """Speaks nonsense at the address of a dead Redis."""

    def __init__(self, path):
        path.unlink(missing_ok=True)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(path))
        self.server.listen(64)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.recv(4096)
                    connection.sendall(random.choice([b"$7\r\nnonsense", b"*-5\r\n", b"\0\0\0\0", b"+OK\r\n" * 9, b"$-9\r\n"]))
                except OSError:
                    pass

    def close(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join()


class RedisFaults(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(7)
        self.redis = Redis()
        self.redis.start()
        self.addCleanup(self.redis.close)
        self.suite = load.restartable(Suite(start=False, flags={"progress": UNCACHED}))
        self.addCleanup(self.suite.close)
        self.suite.rehearse(NOW)
        self.stopping, self.quiet = threading.Event(), threading.Event()
        self.wrong, self.failed, self.seconds, self.changes = [], [], [], 0

    # --- the load --------------------------------------------------------------------------------------------------

    def requests(self):
        """One question per instant, over the year so far."""
        first, last = 1_711_000_000, 1_728_600_000  # March to 11 October
        step = (last - first) // INSTANTS
        asked = []
        for i in range(INSTANTS):
            request = PB["progress"].SummarizeProgramRequest(name=Suite.PROGRAM)
            request.as_of.seconds = first + i * step
            asked.append(request)
        return asked

    def answers(self, requests):
        return [self.ask(self.suite.clients["progress"], r) for r in requests]

    def ask(self, client, request):
        return client.call("ProgressService", "SummarizeProgram", request).SerializeToString(deterministic=True)

    def read(self, requests, truth, seed):
        choice = random.Random(seed)
        client = Client(self.suite.address("progress"))
        while not self.stopping.is_set():
            i = choice.randrange(len(requests))
            begin = time.monotonic()
            try:
                answer = self.ask(client, requests[i])
            except RpcError as error:
                self.failed.append(str(error))
                continue
            finally:
                self.seconds.append(time.monotonic() - begin)
            if answer != truth[i]:
                self.wrong.append(str(requests[i].as_of))
        client.close()

    def change(self):
        """Reports of October go in and are sent back, the only writes there are: after each, the answer for this very instant,
        which Redis may hold, must be the one that is counted in memory."""
        client = Client(self.suite.address("progress"))
        tasks = load.tasks_of(self.suite)
        now = client.call("ClockService", "GetClock").now
        while not self.stopping.is_set():
            if self.quiet.wait(0.01):
                time.sleep(0.01)
                continue
            task = self.random.choice(tasks)
            report = f"{task.name}/reports/2024-10"
            try:
                client.call("ProgressService", "SubmitReport", parent=task.name, period="2024-10",
                            report={"nothing_to_report": True})
                self.compare(client, now)
                client.call("ProgressService", "ReturnReport", name=report, reason="请补充")
                self.compare(client, now)
            except RpcError as error:
                self.failed.append(str(error))
            self.changes += 2
        client.close()

    def compare(self, client, now):
        ask = PB["progress"].SummarizeProgramRequest(name=Suite.PROGRAM)
        counted = client.call("ProgressService", "SummarizeProgram", ask)
        ask.as_of.CopyFrom(now)
        for _ in range(2):  # filled, then found
            kept = client.call("ProgressService", "SummarizeProgram", ask)
            if (kept.current, kept.previous, kept.total) != (counted.current, counted.previous, counted.total):
                self.wrong.append(f"after a write: {kept.current} for {counted.current}")

    # --- the faults ------------------------------------------------------------------------------------------------

    def flush(self):
        for _ in range(10):
            self.redis.command("FLUSHALL")
            time.sleep(0.05)

    def hang(self):
        self.redis.signal(signal.SIGSTOP)
        time.sleep(2)
        self.redis.signal(signal.SIGCONT)
        time.sleep(1.2)  # the breaker probes again

    def die(self):
        self.redis.signal(signal.SIGKILL)
        time.sleep(0.5)
        garbage = Garbage(self.redis.path)
        time.sleep(1.2)
        garbage.close()
        self.redis.start()
        time.sleep(1.2)

    def poison(self, make):
        """Writes `make(values)` over what Redis holds, and lets it be found: while nothing is written, so that all of it is of the
        present state and only its signature can tell, and while the state moves on."""
        for quiet in (True, True, False):
            if quiet:
                self.quiet.set()
                time.sleep(0.3)  # Redis fills up again
            for key, value in make(self.redis.values()).items():
                self.redis.command("SET", key, value)
            time.sleep(0.2)
            self.quiet.clear()

    def noise(self, values):
        return {key: os.urandom(self.random.randrange(0, 200)) for key in values}

    def flipped(self, values):
        def flip(value):
            at = self.random.randrange(len(value)) if value else 0
            return value[:at] + bytes([value[at] ^ 1]) + value[at + 1:] if value else b"x"
        return {key: flip(value) for key, value in values.items()}

    def cut(self, values):
        return {key: value[:self.random.randrange(len(value) + 1)] for key, value in values.items()}

    def swapped(self, values):
        shuffled = list(values.values())
        self.random.shuffle(shuffled)
        return dict(zip(values, shuffled))

    def wrong_types(self):
        for _ in range(3):
            for key in self.redis.command("KEYS", "*"):
                self.redis.command("DEL", key)
                self.redis.command("RPUSH" if self.random.random() < 0.5 else "SADD", key, "x", "y")
            time.sleep(0.2)

    def replay(self):
        """Old values come back, each under its own key: signed rightly, of a state that has passed."""
        old = self.redis.values()
        time.sleep(0.5)
        self.poison(lambda _: old)

    # --- the tests -------------------------------------------------------------------------------------------------

    def counted(self, tier, result):
        for line in self.suite.http("progress", "/metrics").splitlines():
            if line.startswith("minsheng_cache_requests_total") and f'tier="{tier}"' in line and f'result="{result}"' in line:
                return float(line.split()[-1])
        return 0.0

    def switch(self, redis):
        """Restarts progress with Redis or without any cache."""
        self.suite.stop("progress")
        self.suite.redis = redis
        self.suite.start("progress")
        self.suite.wait_followed()

    def test_no_answer_changes(self):
        requests = self.requests()
        truth = self.answers(requests)
        self.assertGreater(len(set(truth)), INSTANTS // 2)
        self.switch(f"unix:{self.redis.path}")

        threads = [threading.Thread(target=self.read, args=(requests, truth, i)) for i in range(READERS)]
        threads.append(threading.Thread(target=self.change))
        for thread in threads:
            thread.start()
        found = {}
        try:
            time.sleep(1)
            for name, fault in {
                "flush": self.flush, "noise": lambda: self.poison(self.noise), "flipped": lambda: self.poison(self.flipped),
                "cut": lambda: self.poison(self.cut), "swapped": lambda: self.poison(self.swapped),
                "wrong types": self.wrong_types, "replay": self.replay, "hang": self.hang, "die": self.die,
            }.items():
                before = self.counted("redis", "poisoned"), self.counted("redis", "error")
                fault()
                found[name] = (self.counted("redis", "poisoned") - before[0], self.counted("redis", "error") - before[1])
            hits_at_the_end = self.counted("redis", "hit")
            time.sleep(0.5)
            hits_at_the_end = self.counted("redis", "hit") - hits_at_the_end
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()

        hits = self.counted("redis", "hit")
        stale = [l for l in self.suite.http("progress", "/metrics").splitlines() if l.startswith("minsheng_cache_stale_total")]
        self.switch("")
        changed = sum(a != b for a, b in zip(truth, self.answers(requests)))
        load.measured(f"asked {len(self.seconds)}, wrong {len(self.wrong)}, failed {len(self.failed)}, p50 "
                      f"{1000 * load.percentile(self.seconds, 0.5):.1f} ms, p99 {1000 * load.percentile(self.seconds, 0.99):.1f} ms, "
                      f"slowest {1000 * max(self.seconds):.0f} ms; writes {self.changes}; Redis hits {hits:.0f}; "
                      "(poisoned, errors) found: " + ", ".join(f"{k} ({p:.0f}, {e:.0f})" for k, (p, e) in found.items()))
        self.assertEqual([], self.wrong[:3])
        self.assertEqual([], self.failed[:3])
        self.assertEqual(0, changed, "answers about the past changed")
        self.assertGreater(self.changes, 100)
        self.assertGreater(hits, 100)
        self.assertGreater(hits_at_the_end, 0, "Redis is not used again after its faults")
        for name in ("noise", "flipped", "cut", "swapped", "wrong types"):
            self.assertGreater(found[name][0], 0, f"{name}: nothing was found poisoned")
        for name in ("hang", "die"):
            self.assertGreater(found[name][1], 0, f"{name}: no error was counted")
        self.assertTrue(stale and float(stale[0].split()[-1]) == 0, stale)
        self.assertLess(load.percentile(self.seconds, 0.99), 0.5)
        self.assertTrue(self.suite.verify("progress").ok)


if __name__ == "__main__":
    unittest.main()
