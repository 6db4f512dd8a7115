"""One run of the benchmark: how many rounds, how large, what is shared, and how far it is."""

import contextlib
import pathlib
import sys
import tempfile

from servers import Idle, Seeded, seed

UNITS = 20


class Run(contextlib.ExitStack):
    """A context manager: leaving it ends every process and removes every file."""

    def __init__(self, rounds, quick):
        super().__init__()
        self.quick = quick
        self.rounds = 2 if quick else rounds
        self.folder = pathlib.Path(self.enter_context(tempfile.TemporaryDirectory(prefix="minsheng-bench-")))
        # Whatever else makes a temporary folder makes it in there: an interrupt in between leaves nothing.
        self.callback(setattr, tempfile, "tempdir", tempfile.tempdir)
        tempfile.tempdir = str(self.folder)
        self._databases, self._samples, self._large = {}, {}, None

    # --- sizes

    def size(self, whole, quick):
        """A size that a quick run makes small."""
        return quick if self.quick else whole

    @property
    def tasks_max(self):
        return self.size(1_000_000, 300)

    # --- rounds

    def each(self):
        """The numbers of the rounds, shown as they go by."""
        for i in range(self.rounds):
            self.say(f" {i + 1}")
            yield i

    def pairs(self, baseline, subject):
        """Both in turn, round by round, who is first by turns, so that what else the machine does hits both alike."""
        done = []
        for i in self.each():
            if i % 2 == 0:
                a = baseline()
                b = subject()
            else:
                b = subject()
                a = baseline()
            done.append((a, b))
        return done

    def say(self, text):
        print(text, end="", flush=True, file=sys.stderr)

    # --- what several measurements share

    def database(self, tasks):
        """A seeded database with so many tasks, made once."""
        if tasks not in self._databases:
            self.say(f" [{tasks:,} tasks: seed]")
            self._databases[tasks] = seed(self.folder / f"seeded-{tasks}", tasks, UNITS)
        return self._databases[tasks]

    def sample(self, secure=False):
        """Registry and progress with the sample's list and its reports up to June, only to be read."""
        if secure not in self._samples:
            self.say(" [sample: rehearse]")
            self._samples[secure] = self.enter_context(Idle(secure=secure))
            self._samples[secure].start_sample()
        return self._samples[secure]

    def seeded(self, tasks):
        """A progress service of its own on a copy of that database."""
        database = self.database(tasks)
        self.say(f" [{tasks:,} tasks: load]")
        suite = self.enter_context(Seeded())
        suite.start_on(database)
        return suite

    def large(self):
        """The service with the most tasks, shared by those who leave its time alone."""
        if self._large is None:
            self._large = self.seeded(self.tasks_max)
        return self._large

    def take_large(self):
        """The same, for one who moves its time."""
        large, self._large = self.large(), None
        return large
