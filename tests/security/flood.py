"""What an abuser has: raw HTTP/2, many connections, and no manners. And who must not suffer: a witness that goes on calling."""

import contextlib
import json
import pathlib
import random
import select
import socket
import struct
import subprocess
import sys
import time

import hpack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from suite import Client, RpcError, task  # noqa: E402

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
END_STREAM, END_HEADERS, ACK = 0x1, 0x4, 0x1
INITIAL_WINDOW = 0x4


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def message(request):
    """A gRPC message as it stands in DATA frames."""
    bytes_ = request if isinstance(request, bytes) else request.SerializeToString()
    return b"\0" + struct.pack(">I", len(bytes_)) + bytes_


class Raw:
    """One HTTP/2 connection by hand. What comes back is thrown away unless `reads` is off: then it is never read."""

    def __init__(self, address, settings=(), reads=True, preface=True):
        host, _, port = address.rpartition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=5)
        self.encoder = hpack.Encoder()
        self.stream = -1
        self.came = b""
        if preface:
            self.send(PREFACE + frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", k, v) for k, v in settings)))
        if reads:
            self.socket.settimeout(0.2)

    def send(self, bytes_):
        """False once the other side has ended the connection, or takes no more."""
        try:
            self.socket.sendall(bytes_)
            return True
        except OSError:
            return False

    def open(self, path, request=None, end=True, further=()):
        """A new stream: its headers, and the message if there is one."""
        self.stream += 2
        return self.send(self.opening(path, request, end, further))

    def opening(self, path, request=None, end=True, further=()):
        """What opens the present stream."""
        fields = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "x"), ("te", "trailers"),
                  ("content-type", "application/grpc"), ("x-minsheng-role", "operator"), *further]
        bytes_ = frame(HEADERS, END_HEADERS, self.stream, self.encoder.encode(fields))
        if request is not None:
            bytes_ += frame(DATA, END_STREAM if end else 0, self.stream, message(request))
        return bytes_

    def ended(self, within):
        """Whether the other side ends the connection."""
        end = time.monotonic() + within
        self.socket.settimeout(0.2)
        while time.monotonic() < end:
            try:
                got = self.socket.recv(1 << 16)
                if not got:
                    return True
                self.came += got
            except TimeoutError:
                pass
            except OSError:
                return True
        return False

    def close(self):
        self.socket.close()


def status_of(process, *names):
    """Lines of /proc/PID/status in bytes or as numbers: {"VmHWM": …, "Threads": …}; and "Rss" of smaps_rollup, counted page by
    page: the VmRSS of status is the kernel's estimate and can stay far too high after memory was given back."""
    found = {}
    proc = pathlib.Path(f"/proc/{process.pid}")
    for line in ((proc / "status").read_text() + (proc / "smaps_rollup").read_text()).splitlines():
        name, _, value = line.partition(":")
        if name in names:
            number, _, unit = value.strip().partition(" ")
            found[name] = int(number) * (1024 if unit == "kB" else 1)
    return found


def mib(bytes_):
    return f"{bytes_ / (1 << 20):.0f} MiB"


class Witness:
    """A well-behaved client, a process of its own: an answer at hand, a list read from the store, and a write, in turn."""

    def __init__(self, suite):
        self.process = subprocess.Popen([sys.executable, __file__, suite.address("registry"), suite.PROGRAM],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "calling\n"

    def close(self):
        """Ends it: .seconds of each call, .failures."""
        told, _ = self.process.communicate("")
        self.seconds, self.failures = json.loads(told)

    def p99(self):
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


def witness(address, program):
    """What the process does: calls until its input ends."""
    client = Client(address, unit="区发展改革委", post="证人")
    seconds, failures, number = [], [], 0
    calls = (lambda: client.call("RegistryService", "GetTask", name=task("municipal-01/1"), timeout=20),
             lambda: client.call("RegistryService", "ListTasks", parent=program, page_size=5, timeout=20),
             lambda: client.call("RegistryService", "CreateDistrict", timeout=20, district={
                 "name": f"districts/{random.randrange(100000, 999999)}", "title": f"证区{number}"}))
    calls[0]()  # its connection stands before the abuse begins
    print("calling", flush=True)
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        begin = time.monotonic()
        try:
            calls[number % len(calls)]()
        except RpcError as error:
            if error.code != "ALREADY_EXISTS":
                failures.append(str(error))
        seconds.append(time.monotonic() - begin)
        number += 1
    print(json.dumps([seconds, failures[:5]]))


@contextlib.contextmanager
def connections(make, count):
    """Many of them, closed at the end."""
    made = []
    try:
        for _ in range(count):
            try:
                made.append(make())
            except OSError:
                break
        yield made
    finally:
        for one in made:
            one.close()


if __name__ == "__main__":
    witness(*sys.argv[1:])
