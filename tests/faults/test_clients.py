"""Clients as others write them, in JavaScript (tests/node): one from the .proto files, one from reflection alone.

Their packages are installed from the lock file into the build folder; the checkout stays clean.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import unittest

import load
from load import ROOT
from suite import BUILD

SOURCE = ROOT / "tests" / "node"
FOLDER = BUILD / "tests" / "node"


def install():
    """tests/node with its packages, in the build folder; installed anew when the lock file has changed."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise AssertionError(f"{program} is not installed; the client tests need Node.js 18 or later with npm")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for source in SOURCE.iterdir():
        if source.is_file():
            shutil.copy(source, FOLDER)
    stamp = FOLDER / "node_modules" / ".installed"
    wanted = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    run = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=FOLDER, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, timeout=300)
    if run.returncode != 0:
        raise AssertionError(f"npm ci failed:\n{run.stdout}")
    stamp.write_text(wanted)


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install()
        cls.suite = load.prepared()
        cls.addClassCleanup(cls.suite.close)

    def node(self, script, *arguments):
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        run = subprocess.run(["node", script, self.suite.address("registry"), self.suite.address("progress"), *arguments],
                             cwd=FOLDER, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             timeout=60)
        load.measured(f"{script}: {run.stdout.strip()}" if run.returncode == 0 else f"{script} failed")
        self.assertEqual(0, run.returncode, run.stdout)

    def test_from_the_proto_files(self):
        self.node("list_read_submit.js", str(ROOT / "proto"))

    def test_from_reflection_alone(self):
        self.assertNotIn(".proto'", pathlib.Path(SOURCE / "reflection.js").read_text())
        self.node("reflection.js")

    def test_the_lock_file_names_no_registry(self):
        self.assertNotIn("resolved", (SOURCE / "package-lock.json").read_text())


if __name__ == "__main__":
    unittest.main()
