"""Random alterations behind the services' backs: each must be found by VerifyLog, and what was touched named.

$ALTERATIONS how many, half of them in each service's database (60); $MINSHENG_TEST_SEED the seed. Each is undone before the next, and the audit must
then be silent again. Nothing else writes meanwhile, so a head that was printed before stands for the anchor."""

import os
import pathlib
import random
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
import chain  # noqa: E402
from suite import PB, RpcError, Suite, task  # noqa: E402
from tables import Tables, shown  # noqa: E402

ROUNDS = int(os.environ.get("ALTERATIONS", "60"))
SEED = int(os.environ.get("MINSHENG_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 2**31)
CHAINS = {"events": "event", "refusals": "refusal"}
RENAMED = {"recorded_at": "recorded_at_us", "first_at": "first_at_us", "last_at": "last_at_us"}


class Alteration:
    """What happens to a table, and what some finding must say of it."""

    def __init__(self, table, what, removed, added, *named):
        self.table, self.what, self.removed, self.added = table, what, removed, added
        self.named = named  # for each touched place: regular expressions, of which one must be found

    def unnamed(self, findings):
        return [place for place in self.named if not any(re.search(words, f) for words in place for f in findings)]


class Alterer:
    def __init__(self, tables, chance):
        self.tables, self.chance = tables, chance
        self.kinds = [(table, kind) for table in tables.rows for kind in self.kinds_of(table)]
        chance.shuffle(self.kinds)

    def kinds_of(self, table):
        rows = len(self.tables.rows[table])
        kinds = [self.insert] if rows or table == "revocations" else []
        kinds += [self.change] * 3 + [self.remove] if rows else []
        kinds += [self.swap] if rows > 1 and len(self.tables.columns[table]) > len(self.tables.KEYS[table]) else []
        if table in CHAINS:
            kinds += [self.forge_tail] if table == "events" else []
            kinds += [self.forge_middle, self.rewrite, self.renumber, self.cut]
        return kinds

    def next(self, number):
        """Every kind for every table comes before one comes again."""
        table, kind = self.kinds[number % len(self.kinds)]
        for _ in range(1000):
            alteration = kind(table)
            if alteration and sorted(map(repr, alteration.removed)) != sorted(map(repr, alteration.added)):
                return alteration
        raise AssertionError(f"{kind.__name__} of {table}")

    # --- any table ---------------------------------------------------------------------------------------------------

    def pick(self, table):
        return self.chance.choice(self.tables.rows[table])

    def at(self, table, row, column):
        return row[self.tables.columns[table].index(column)]

    def with_value(self, table, row, column, value):
        index = self.tables.columns[table].index(column)
        return row[:index] + (value,) + row[index + 1:]

    def is_free(self, table, row):
        taken = {self.tables.key(table, other) for other in self.tables.rows[table]}
        return self.tables.key(table, row) not in taken

    def place(self, table, *rows):
        """How a touched row is named: an entry of a chain by its position, a table's by what it holds or held."""
        if table in CHAINS:
            return [rf"^{CHAINS[table]} {self.at(table, row, 'position')} " for row in rows]
        words = [rf"^table {table}, row .*{re.escape(shown(row))}" for row in rows]
        return words + [r"^table peers, row registry: "] if table == "peers" else words

    def other(self, value):
        if isinstance(value, int):
            options = [value + 1, value - 1, value + 1_000_000, -value - 1]
            return self.chance.choice(options + ([value + 0.5] if self.tables.sqlite else []))
        if isinstance(value, str):
            options = [value + "x", value[:-1], "区审计局", "x" + value]
            return self.chance.choice(options + ([value.encode()] if self.tables.sqlite else []))
        at = self.chance.randrange(len(value)) if value else 0
        flipped = value[:at] + bytes([value[at] ^ 1 << self.chance.randrange(8)]) + value[at + 1:] if value else b"\1"
        return self.chance.choice([flipped, value + b"\0", value[:-1], self.chance.randbytes(32)])

    def change(self, table):
        row = self.pick(table)
        column = self.chance.choice(self.tables.columns[table])
        changed = self.with_value(table, row, column, self.other(self.at(table, row, column)))
        if self.tables.key(table, changed) != self.tables.key(table, row) and not self.is_free(table, changed):
            return None
        return Alteration(table, f"change {column}", [row], [changed], self.place(table, row, changed))

    def remove(self, table):
        row = self.pick(table)
        place = self.place(table, row)
        if table in CHAINS:
            place.append(rf"tail was cut, from {CHAINS[table]} {self.at(table, row, 'position')}$")
        return Alteration(table, "remove", [row], [], place)

    def insert(self, table):
        """A copy of a row under a key that is free."""
        if not self.tables.rows[table]:
            row = ("token:0", "丢失", 1)
        else:
            row = self.pick(table)
            column = self.chance.choice(self.tables.KEYS[table])
            row = self.with_value(table, row, column, self.other(self.at(table, row, column)))
            if isinstance(self.at(table, row, column), float) or not self.is_free(table, row):
                return None
        return Alteration(table, "insert", [], [row], self.place(table, row))

    def swap(self, table):
        """Two rows exchange what they hold but for their keys, and but for the hash of a chain's entry or with it."""
        one, two = self.chance.sample(self.tables.rows[table], 2)
        kept = set(self.tables.KEYS[table]) | ({"hash"} if self.chance.random() < 0.5 else set())
        as_two = tuple(a if c in kept else b for c, a, b in zip(self.tables.columns[table], one, two))
        as_one = tuple(b if c in kept else a for c, a, b in zip(self.tables.columns[table], one, two))
        if as_two == one:
            return None
        return Alteration(table, "swap", [one, two], [as_two, as_one], self.place(table, one, as_two),
                          self.place(table, two, as_one))

    # --- the chains --------------------------------------------------------------------------------------------------

    def hashed(self, table, rows, previous):
        """The rows with hashes that fit."""
        hash_of = chain.event_hash if table == "events" else chain.refusal_hash
        made = []
        for row in rows:
            entry = {RENAMED.get(c, c): v for c, v in zip(self.tables.columns[table], row)}
            previous = hash_of(previous, entry)
            made.append(self.with_value(table, row, "hash", previous))
        return made

    def numbered(self, table, rows, first):
        return [self.with_value(table, row, "position", first + i) for i, row in enumerate(rows)]

    def forged(self, table):
        if table == "refusals":
            return self.with_value(table, self.pick(table), "count", 77)
        return self.with_value(table, self.pick(table), "request_id", f"forged-{self.chance.random()}")

    def from_here(self, table, at, rows, what):
        """The chain from an index on replaced by other rows, with every hash recomputed: only the printed head tells."""
        old = self.tables.rows[table]
        made = self.hashed(table, self.numbered(table, rows, at + 1), self.at(table, old[at - 1], "hash") if at else b"")
        head = len(old)
        return Alteration(table, what, old[at:], made,
                          [rf"^{CHAINS[table]} {head} is not the one of the printed head",
                           rf"before the printed head {head}: its tail was cut"])

    def forge_middle(self, table):
        at = self.chance.randrange(len(self.tables.rows[table]))
        return self.from_here(table, at, [self.forged(table), *self.tables.rows[table][at:]], "forge in the middle")

    def rewrite(self, table):
        at = self.chance.randrange(len(self.tables.rows[table]))
        rows = self.tables.rows[table][at:]
        column = "unit" if table == "events" else "origin"
        return self.from_here(table, at, [self.with_value(table, rows[0], column, "别处"), *rows[1:]], "rewrite")

    def renumber(self, table):
        at = self.chance.randrange(len(self.tables.rows[table]) - 1)
        return self.from_here(table, at, self.tables.rows[table][at + 1:], "remove and renumber")

    def forge_tail(self, table):
        """Behind the printed head: only the rows that it did not leave tell."""
        old = self.tables.rows[table]
        made = self.hashed(table, self.numbered(table, [self.forged(table)], len(old) + 1), self.at(table, old[-1], "hash"))
        return Alteration(table, "forge at the tail", [], made,
                          [rf"^event {len(old) + 1} cannot be replayed", rf"^table requests, row .*\| i:{len(old) + 1}\b"])

    def cut(self, table):
        rows = self.tables.rows[table]
        at = len(rows) - self.chance.randint(1, min(20, len(rows) - 1))
        return Alteration(table, "cut the tail", rows[at:], [], [rf"tail was cut, from {CHAINS[table]} {at + 1}$"])


def refuse_some(suite):
    """Refused attempts of several callers at both services, written when these end."""
    calls = (("registry", "RegistryService", "PublishProgram", {"name": Suite.PROGRAM}),
             ("progress", "ProgressService", "SubmitReport", {"parent": task("municipal-11/2"), "period": "2024-05"}))
    for number in range(14):
        for name, service, method, fields in calls:
            try:
                suite.clients[name].call(service, method, identity={"role": "media_centre", "unit": f"某局{number % 12}"}, **fields)
            except RpcError as error:
                assert error.code == "PERMISSION_DENIED", error
            else:
                raise AssertionError(f"{method} was not refused")


class Alterations(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.suite = Suite()
        cls.addClassCleanup(cls.suite.close)
        cls.suite.rehearse("2024-10-01")
        refuse_some(cls.suite)
        for name in Suite.NAMES:
            assert cls.suite.stop(name) == 0

    def verify(self, name, before):
        request = PB["events"].VerifyLogRequest(
            anchor_position=before.head_position, anchor_hash=before.head_hash,
            refusals_anchor_position=before.refusals, refusals_anchor_hash=before.refusals_head_hash)
        return self.suite.log_call(name, "VerifyLog", request, timeout=60)

    def alter(self, name, rounds, chance):
        """How many alterations of a service's database were found and named, by kind."""
        before = self.suite.verify(name)
        self.assertTrue(before.ok, before.findings)
        self.assertGreater(before.refusals, 3)
        tables = Tables(self.suite, name)
        self.addCleanup(tables.close)
        alterer, problems = Alterer(tables, chance), []
        for number in range(rounds):
            alteration = alterer.next(number)
            tables.apply(alteration.table, alteration.removed, alteration.added)
            try:
                answer = self.verify(name, before)
            finally:
                tables.apply(alteration.table, alteration.added, alteration.removed)
            if answer.ok or alteration.unnamed(answer.findings):
                problems.append(f"{name}.{alteration.table}: {alteration.what}, seed {SEED}, round {number}: "
                                f"{alteration.unnamed(answer.findings)} not in {list(answer.findings)[:3]}")
            if number % 25 == 0 or number == rounds - 1:
                again = self.verify(name, before)
                self.assertTrue(again.ok, (alteration.table, alteration.what, list(again.findings)))
        return len(alterer.kinds), problems

    def test_each_is_found_and_named(self):
        print(f"seed {SEED}", flush=True)
        chance = random.Random(SEED)
        begin = time.monotonic()
        self.suite.start("registry")  # alone: its follower would see another log
        kinds, problems = self.alter("registry", ROUNDS // 2, chance)
        self.suite.start("progress")
        self.suite.wait_followed()
        more, others = self.alter("progress", ROUNDS - ROUNDS // 2, chance)
        problems += others
        print(f"» {self.suite.engine.name}: {ROUNDS} alterations, {kinds + more} kinds by table: {ROUNDS - len(problems)} found and named,"
              f" {len(problems)} not, in {time.monotonic() - begin:.0f} s", flush=True)
        self.assertEqual(problems, [])


if __name__ == "__main__":
    unittest.main()
