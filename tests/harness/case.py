"""unittest over a Suite: one for a whole class, or a fresh one for each test; refusals that must store nothing; the oracle."""

import contextlib
import subprocess
import unittest

from suite import ROOT, RpcError, Suite


def tables(suite, name):
    """Every row of a service's database, by table: {"events": [row, …], …}. What changes by itself is left out."""
    def lasting(row):
        return row[0] != "probed"
    return {table: sorted(filter(lasting, suite.engine.rows(name, f"SELECT * FROM {table}")), key=repr)
            for table in suite.engine.tables(name)}


def oracle(suite, at, *options):
    """Runs tests/oracle/oracle.py over both services' logs."""
    for name in Suite.NAMES:
        suite.events_json(name, suite.folder / f"{name}.json")
    return subprocess.run(
        ["/usr/bin/python3", str(ROOT / "tests" / "oracle" / "oracle.py"), "--at", at,
         *[f"--{name}={suite.folder / name}.json" for name in Suite.NAMES], *options],
        capture_output=True, text=True)


class Refusals:
    """For a TestCase with a `suite`."""

    maxDiff = 4000

    def stored(self):
        """All but the refused attempts themselves."""
        return {name: {table: rows for table, rows in tables(self.suite, name).items() if table != "refusals"}
                for name in Suite.NAMES if name in self.suite.processes}

    def assert_same_stored(self, before, after):
        for name in before:
            for table in before[name]:
                self.assertEqual(before[name][table], after[name][table], f"{name}.{table} changed")

    @contextlib.contextmanager
    def nothing_stored(self):
        """What happens inside leaves every table of both services as it was."""
        before = self.stored()
        self.assertGreater(len(before["registry"]["events"]), 0)
        yield
        self.assert_same_stored(before, self.stored())

    @contextlib.contextmanager
    def refused(self, code, reason, *words):
        """What happens inside is refused with this code and reason, a message that holds the words, and nothing stored."""
        caught = Caught()
        with self.nothing_stored():
            try:
                yield caught
            except RpcError as error:
                caught.error = error
            else:
                self.fail(f"accepted, but {code} {reason} was expected")
        self.assertEqual((caught.error.code, caught.error.reason), (code, reason), caught.error.message)
        for word in words:
            self.assertIn(word, caught.error.message)


class Caught:
    error = None


class SharedSuiteCase(Refusals, unittest.TestCase):
    """One suite for all tests of the class; prepare() fills it."""

    OPTIONS = {}

    @classmethod
    def setUpClass(cls):
        cls.suite = Suite(**cls.OPTIONS)
        cls.addClassCleanup(cls.suite.close)
        cls.prepare()

    @classmethod
    def prepare(cls):
        cls.suite.import_sample()


class FreshSuiteCase(Refusals, unittest.TestCase):
    """A suite for each test; prepare() fills it."""

    OPTIONS = {}

    def setUp(self):
        self.suite = Suite(**self.OPTIONS)
        self.addCleanup(self.suite.close)
        self.prepare()

    def prepare(self):
        self.suite.import_sample()
