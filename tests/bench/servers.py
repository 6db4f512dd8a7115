"""What the measurements stand on: services on seeded databases, and what a process has used."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from suite import BUILD, PB, Suite  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
SUMMARIZE = "/minsheng.progress.v1.ProgressService/SummarizeProgram"
NOBODY = 9  # the port of a registry that is not there


def program(name):
    return str(BUILD / "bin" / name)


def output_of(*command, token=""):
    """The JSON object that a measuring program prints; it calls with the token where there is one."""
    run = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, check=True,
                         env={**os.environ, **({"MINSHENG_TOKEN": token} if token else {})})
    return json.loads(run.stdout)


def cpu_seconds(pid):
    """User and system time that a process has used."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Others:
    """What share of the machine's processors everybody else has used since this was made: figures taken beside others
    are no promise. The own processes are this one, its children and who else is in its process group."""

    def __init__(self):
        self.begun = self._sums()

    def share(self):
        everybody, whole, own = (now - then for now, then in zip(self._sums(), self.begun))
        return max(0.0, everybody - own) / whole if whole > 0 else 0.0

    @staticmethod
    def _sums():
        """Seconds of processors used by everybody, available, and used by the own."""
        fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        idle = fields[3] + fields[4]
        times = os.times()
        own = sum(times[:4])
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                pid = int(stat.parent.name)
                if pid != os.getpid() and int(stat.read_text().rsplit(")", 1)[1].split()[2]) == os.getpgrp():
                    own += cpu_seconds(pid)
        return (sum(fields) - idle) / TICKS, sum(fields) / TICKS, own


def resident_bytes(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def seed(folder, tasks, units, reports=1):
    """A progress database with so many tasks in one program; its time is the 9th of the month after the last reported."""
    subprocess.run([program("seed_progress"), f"--tasks={tasks}", f"--units={units}", f"--reports-per-task={reports}",
                    f"--out={folder}"], stderr=subprocess.DEVNULL, check=True)
    return pathlib.Path(folder) / "progress.db"


class Idle(Suite):
    """A suite that starts nothing by itself, so that its context already holds when something does and is interrupted."""

    # One caller is all there is: limited, and far from the limit.
    LIMITS = "--limits=service=1000000/1000000/10000/10000000"

    def __init__(self, **options):
        super().__init__(start=False, engine="sqlite", **options)
        if self.security:
            self.flags = dict.fromkeys(self.NAMES, [self.LIMITS])

    def start_sample(self):
        """Registry and progress with the sample's list and its reports up to June."""
        for name in self.NAMES:
            self.start(name)
        self.import_sample()
        self.rehearse("2024-06-15")


class Seeded(Idle):
    """A progress service alone, on a copy of a seeded database; of its registry it knows what was seeded."""

    NAMES = ("progress",)
    PATIENCE = 300  # a million tasks are judged before it serves

    def start_on(self, database):
        copy = self.folder / "state" / "progress.db"
        copy.parent.mkdir()
        shutil.copy(database, copy)
        subprocess.run(["sync", str(copy)], check=True)  # what it makes dirty is on disk before anything is measured
        self.ports["registry"] = {"grpc": NOBODY}
        self.start("progress", wait=False)
        self.wait_ready("progress", self.PATIENCE)

    @property
    def pid(self):
        return self.processes["progress"].pid

    def scrape(self):
        """(seconds, text) of /metrics, from the request's first byte to the answer's last. The server ends every
        connection, so connecting is not counted."""
        with socket.create_connection(("127.0.0.1", self.ports["progress"]["http"])) as connection:
            begun = time.perf_counter()
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            parts = []
            while part := connection.recv(1 << 18):
                parts.append(part)
            return time.perf_counter() - begun, b"".join(parts).decode()

    def summarize(self):
        """(seconds, answer) of one SummarizeProgram; making the question and reading the answer are not counted."""
        call = self.clients["progress"].channel.unary_unary(SUMMARIZE)
        request = PB["progress"].SummarizeProgramRequest(name=self.PROGRAM).SerializeToString()
        begun = time.perf_counter()
        answer = call(request, timeout=10, metadata=[("x-minsheng-role", "leader")])
        taken = time.perf_counter() - begun
        return taken, PB["progress"].SummarizeProgramResponse.FromString(answer)
