"""A PostgreSQL server of a test's own, to be stopped, killed and filled up; with a keeper that starts it again when it
ended by itself, as systemd would.

    server = Server(folder)     # folder: empty or absent; may lie on a small file system
    server.dsn                  # for Suite(engine=...) by way of $TEST_POSTGRES or engine.Postgres(suite, dsn)
    server.stop("immediate"); server.start()
"""

import os
import pathlib
import pwd
import subprocess
import tempfile
import threading

from engine import execute


def _bin():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise AssertionError("there is no PostgreSQL; install the package postgresql")
    return found[-1].parent


class Server:
    def __init__(self, folder, settings=()):
        self.bin, self.folder = _bin(), pathlib.Path(folder)
        self.sockets = pathlib.Path(tempfile.mkdtemp(prefix="minsheng-pg-"))
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.folder.mkdir(exist_ok=True)
        if self.as_user:
            owner = pwd.getpwnam("postgres")
            for path in (self.folder, self.sockets):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self.options = " ".join([f"-k {self.sockets} -c listen_addresses= -c max_connections=200",
                                 *(f"-c {setting}" for setting in settings)])
        self.dsn = f"host={self.sockets} user=minsheng dbname=postgres"
        self.data = self.folder / "data"
        self._run("initdb", "-D", self.data, "-U", "minsheng", "-A", "trust", "-E", "UTF8", "--locale=C", "-N",
                  "--wal-segsize=1")
        self.wanted = False
        self.keeper = threading.Thread(target=self._keep, daemon=True)
        self.closing = threading.Event()
        self.start()
        self.keeper.start()

    def _run(self, program, *arguments, check=True):
        run = subprocess.run([*self.as_user, str(self.bin / program), *map(str, arguments)], cwd=self.sockets,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True)
        if check and run.returncode != 0:
            raise AssertionError(f"{program}: {run.stdout}")
        return run.returncode

    def running(self):
        return self._run("pg_ctl", "-D", self.data, "status", check=False) == 0

    def _start(self, check):
        self._run("pg_ctl", "-D", self.data, "-l", self.sockets / "server.log", "-w", "-t", "30", "-o", self.options,
                  "start", check=check)

    def start(self):
        self._start(True)
        self.wanted = True

    def stop(self, mode="fast"):
        """mode "immediate" ends it without a checkpoint, as a crash does."""
        self.wanted = False
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop", check=False)

    def _keep(self):
        while not self.closing.wait(0.3):
            if self.wanted and not self.running():
                self._start(False)

    def execute(self, sql):
        execute(self.dsn, sql)

    def log(self):
        return (self.sockets / "server.log").read_text(errors="replace")

    def close(self):
        self.closing.set()
        self.keeper.join()
        self.stop("immediate")
        subprocess.run(["rm", "-rf", str(self.sockets)], check=False)
