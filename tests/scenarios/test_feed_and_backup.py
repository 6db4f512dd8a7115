"""Reading a service's log; putting a backup back under a follower; and what the audit finds."""

import hashlib
import os
import pathlib
import shutil
import sqlite3
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import FreshSuiteCase, SharedSuiteCase, oracle, tables  # noqa: E402
from suite import PB, Suite, task  # noqa: E402

POSTGRES = os.environ.get("TEST_ENGINE") == "postgres"
ROADS = task("municipal-06/1")


def report(value):
    return {"measures": [{"target": 1, "value": str(value)}]}


def submit(suite, value, period="2024-03", **fields):
    return suite.progress("SubmitReport", parent=ROADS, period=period, report=report(value), **fields)


def read(suite, name, after=0, after_hash=b"", **fields):
    return suite.log_call(name, "ReadEvents", PB["events"].ReadEventsRequest(after=after, after_hash=after_hash, **fields))


def chain(previous, event):
    """The hash of an event as log_store.cc writes it: every part with its length before it."""
    hasher = hashlib.sha256()

    def add(part):
        if isinstance(part, int):
            hasher.update(part.to_bytes(8, "little", signed=True))
        else:
            part = part.encode() if isinstance(part, str) else part
            hasher.update(len(part).to_bytes(8, "little"))
            hasher.update(part)

    recorded_at = event.recorded_at.seconds * 1_000_000 + event.recorded_at.nanos // 1000
    for part in (previous, event.position, recorded_at, event.subject, event.actor.post, event.actor.unit,
                 event.actor.role, event.method, event.request_id, event.request_hash, event.payload.type_url,
                 event.payload.value):
        add(part)
    if event.actor.district or event.actor.credential:
        add(event.actor.district)
        add(event.actor.credential)
    return hasher.digest()


class Feed(SharedSuiteCase):

    @classmethod
    def prepare(cls):
        cls.suite.rehearse("2024-06-15")

    def test_positions_are_without_gaps_and_hashes_chain(self):
        for name in Suite.NAMES:
            previous, recorded_at = b"", 0
            events = self.suite.events(name)
            self.assertGreater(len(events), 100)
            for number, event in enumerate(events, 1):
                self.assertEqual(event.position, number)
                self.assertEqual(event.hash, chain(previous, event), f"{name} {number}")
                self.assertGreaterEqual(event.recorded_at.seconds, recorded_at)
                previous, recorded_at = event.hash, event.recorded_at.seconds
            head = self.suite.log_call(name, "GetLogHead")
            self.assertEqual((head.position, head.hash), (len(events), previous))

    def test_events_name_posts_and_no_two_pages_overlap(self):
        whole = self.suite.events("progress")
        paged = []
        while page := read(self.suite, "progress", paged[-1].position if paged else 0, max=7).events:
            self.assertLessEqual(len(page), 7)
            paged.extend(page)
        self.assertEqual([e.SerializeToString() for e in paged], [e.SerializeToString() for e in whole])
        for event in whole:
            self.assertTrue(event.actor.role and event.method, event.position)

    def test_reading_the_same_position_again_gives_the_same_events(self):
        first = read(self.suite, "registry", 3, max=10)
        known = read(self.suite, "registry", 2, max=1).events[0].hash
        for after_hash in (b"", known):
            again = read(self.suite, "registry", 3, after_hash, max=10)
            self.assertEqual(again.SerializeToString(), first.SerializeToString())

    def test_a_reader_who_knows_another_hash_or_a_longer_log_is_told_that_it_diverged(self):
        head = self.suite.log_call("registry", "GetLogHead")
        with self.refused("ABORTED", "LOG_DIVERGED", "another event"):
            read(self.suite, "registry", head.position, b"\0" * 32)
        with self.refused("ABORTED", "LOG_DIVERGED", "ends before"):
            read(self.suite, "registry", head.position + 1)
        self.assertEqual(len(read(self.suite, "registry", head.position, head.hash).events), 0)

    def test_negative_positions_are_refused(self):
        with self.refused("INVALID_ARGUMENT", "NEGATIVE"):
            read(self.suite, "registry", -1)
        with self.refused("INVALID_ARGUMENT", "NEGATIVE"):
            read(self.suite, "registry", 1, max=-1)

    def test_an_anchor_that_is_none_is_refused(self):
        for position, hash_ in ((5, b"short"), (5, b""), (-5, b"x" * 32), (0, b"x" * 32)):
            with self.refused("INVALID_ARGUMENT", "BAD_ANCHOR", "32 bytes"):
                self.suite.log_call("registry", "VerifyLog", PB["events"].VerifyLogRequest(
                    anchor_position=position, anchor_hash=hash_))

    def test_a_wait_without_a_write_ends_with_nothing(self):
        head = self.suite.log_call("progress", "GetLogHead")
        begun = time.monotonic()
        answer = read(self.suite, "progress", head.position, wait_ms=300)
        self.assertEqual((len(answer.events), answer.head_position), (0, head.position))
        self.assertGreater(time.monotonic() - begun, 0.25)

    def test_a_waiting_reader_is_woken_by_a_write_within_a_second(self):
        head = self.suite.log_call("progress", "GetLogHead")
        answers = []

        def wait():
            answer = read(self.suite, "progress", head.position, head.hash, wait_ms=9000)
            answers.append((time.monotonic(), answer))

        reader = threading.Thread(target=wait)
        reader.start()
        time.sleep(0.2)
        written = time.monotonic()
        submit(self.suite, 100, "2024-06")
        reader.join(5)
        woken, answer = answers[0]
        self.assertLess(woken - written, 1)
        self.assertEqual([e.position for e in answer.events], [head.position + 1])

    def test_progress_follows_a_write_within_a_second(self):
        begun = time.monotonic()
        self.suite.registry("CreateDistrict", district={"name": "districts/110101", "title": "东城区"})
        self.suite.wait_followed(patience=1)
        self.assertLess(time.monotonic() - begun, 1)


class Duplicates(FreshSuiteCase):

    def test_events_that_come_again_change_nothing(self):
        """The follower restarts over and over, and asks again for what it may have read."""
        self.suite.rehearse("2024-04-15")
        facts = tables(self.suite, "progress")
        for _ in range(3):
            self.suite.restart("progress")
            self.suite.wait_followed()
        self.assertEqual(tables(self.suite, "progress"), facts)
        self.assertTrue(self.suite.verify("progress").ok)


class Backup(FreshSuiteCase):
    """Yesterday's backup of the registry is put back; progress has followed what came after it."""

    def prepare(self):
        self.suite.rehearse("2024-06-15")
        self.folder = self.suite.folder / "backup"
        self.suite.cli("backup", str(self.folder))
        self.backed_up = self.suite.log_call("registry", "GetLogHead")

    def write_on(self, count, base):
        """So many changes of one task's base, which later reports cannot tell by themselves."""
        name = task("municipal-07/1")
        for i in range(count):
            request = PB["registry"].UpdateTaskRequest(
                task=self.suite.registry("GetTask", name=name).task, reason="重新清查")
            request.update_mask.paths.append("targets")
            request.task.targets[0].base = str(base + i)
            self.suite.registry("UpdateTask", request)

    def restore_registry(self):
        self.suite.kill("registry")
        self.suite.engine.restore(self.folder, ["registry"])
        self.suite.restart("registry")

    def wait_rebuilt(self, patience=10):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            rebuilt = [e for e in self.suite.events("progress") if e.payload.type_url.endswith(".PeerRebuilt")]
            if rebuilt:
                fact = PB["events"].PeerRebuilt()
                rebuilt[-1].payload.Unpack(fact)
                return fact
            time.sleep(0.02)
        raise AssertionError("progress did not notice:\n" + self.suite.log("progress")[-2000:])

    def assert_rebuilt(self, followed):
        fact = self.wait_rebuilt()
        self.suite.wait_followed()
        head = self.suite.log_call("registry", "GetLogHead")
        self.assertEqual((fact.peer, fact.old_position, fact.old_hash), ("registry", followed.position, followed.hash))
        self.assertEqual(self.suite.followed_position(), head.position)
        self.assertIn("diverged", self.suite.log("progress"))
        for name in Suite.NAMES:
            answer = self.suite.verify(name)
            self.assertTrue(answer.ok, answer.findings)
        (self.suite.folder / "metrics.txt").write_text(self.suite.http("progress", "/metrics"))
        compared = oracle(self.suite, "2024-06-15T00:00:00+08:00", "--metrics", str(self.suite.folder / "metrics.txt"))
        self.assertEqual(compared.returncode, 0, compared.stdout)

    def test_a_follower_notices_that_the_log_ends_earlier_and_rebuilds(self):
        before = self.suite.progress("SummarizeProgram", name=Suite.PROGRAM)
        assessments = self.suite.progress("ListAssessments", parent=Suite.PROGRAM)
        self.write_on(5, 100)
        self.suite.wait_followed()
        followed = self.suite.log_call("registry", "GetLogHead")
        self.assertNotEqual(self.suite.progress("ListAssessments", parent=Suite.PROGRAM), assessments)

        self.restore_registry()
        self.assertEqual(self.suite.log_call("registry", "GetLogHead"), self.backed_up)
        self.assert_rebuilt(followed)
        self.assertEqual(self.suite.progress("SummarizeProgram", name=Suite.PROGRAM), before)
        self.assertEqual(self.suite.progress("ListAssessments", parent=Suite.PROGRAM), assessments)

    def test_other_writes_up_to_and_past_the_old_position_are_noticed_too(self):
        self.write_on(5, 100)
        self.suite.wait_followed()
        followed = self.suite.log_call("registry", "GetLogHead")
        self.suite.kill("progress")
        self.restore_registry()
        self.write_on(8, 200)
        self.assertGreater(self.suite.log_call("registry", "GetLogHead").position, followed.position)
        self.suite.restart("progress")
        self.assert_rebuilt(followed)
        targets = self.suite.progress("GetAssessment", name=task("municipal-07/1")).assessment.targets
        self.assertEqual(targets[0].target, 1)
        self.assertEqual(self.suite.registry("GetTask", name=task("municipal-07/1")).task.targets[0].base, "207")

    def test_answers_about_the_past_come_from_the_restored_log_and_not_from_a_cache(self):
        asked = {"name": Suite.PROGRAM, "asOf": "2024-06-15T00:00:00+08:00"}
        before = self.suite.progress("SummarizeProgram", **asked)
        self.write_on(1, 1)  # a base of one makes it nearly done
        self.suite.wait_followed()
        self.assertNotEqual(self.suite.progress("SummarizeProgram", **asked), before)
        self.restore_registry()
        self.wait_rebuilt()
        self.suite.wait_followed()
        self.assertEqual(self.suite.progress("SummarizeProgram", **asked), before)

    def test_both_restored_give_everything_as_it_was(self):
        facts = {name: tables(self.suite, name) for name in Suite.NAMES}
        self.write_on(2, 100)
        submit(self.suite, 100, "2024-06")
        for name in Suite.NAMES:
            self.suite.kill(name)
        self.suite.engine.restore(self.folder, Suite.NAMES)
        self.suite.restart()
        self.suite.wait_followed()
        self.assert_same_stored(facts, {name: tables(self.suite, name) for name in Suite.NAMES})

    @unittest.skipIf(POSTGRES, "restore puts SQLite files back; a schema is filled by --restore_from")
    def test_a_running_service_is_not_restored_and_nothing_is_touched(self):
        with self.nothing_stored():
            code, _, errors = self.suite.cli("restore", str(self.folder), "--state", str(self.suite.folder / "state"),
                                             check=False)
        self.assertEqual(code, 1, errors)

    @unittest.skipIf(POSTGRES, "restore puts SQLite files back; a schema is filled by --restore_from")
    def test_a_damaged_backup_is_not_restored(self):
        for name in Suite.NAMES:
            self.suite.kill(name)
        before = (self.suite.folder / "state" / "registry.db").read_bytes()
        copy = next(self.folder.glob("registry-*.db"))
        copy.write_bytes(copy.read_bytes()[:-1] + b"\xff")
        code, _, errors = self.suite.cli("restore", str(self.folder), "--state", str(self.suite.folder / "state"),
                                         check=False)
        self.assertEqual(code, 1)
        self.assertIn("SHA-256", errors)
        self.assertEqual((self.suite.folder / "state" / "registry.db").read_bytes(), before)

    def test_a_backup_is_whole_while_others_write(self):
        stop = threading.Event()

        def keep_writing():
            value = 100
            while not stop.is_set():
                value += 1
                submit(self.suite, value, "2024-06")

        writer = threading.Thread(target=keep_writing)
        writer.start()
        try:
            for number in range(3):
                folder = self.suite.folder / f"busy-{number}"
                self.suite.cli("backup", str(folder))
                copy = next(folder.glob("progress-*.db"))
                database = sqlite3.connect(copy)
                position = database.execute("SELECT MAX(position) FROM events").fetchone()[0]
                self.assertEqual(database.execute("PRAGMA integrity_check").fetchone()[0], "ok")
                database.close()
                self.assertEqual(copy.name, f"progress-{position}.db")
        finally:
            stop.set()
            writer.join()


@unittest.skipIf(POSTGRES, "changes SQLite files; the journal's own tests change rows of both engines")
class Audit(SharedSuiteCase):
    """A row is changed behind the log while the service is stopped; afterwards the file is put back."""

    @classmethod
    def prepare(cls):
        cls.suite.rehearse("2024-10-01")
        cls.heads = {name: cls.suite.log_call(name, "GetLogHead") for name in Suite.NAMES}
        for name in Suite.NAMES:
            cls.suite.kill(name)
            database = sqlite3.connect(cls.path(name))
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.close()
            shutil.copy(cls.path(name), cls.suite.folder / f"{name}.whole")
        cls.suite.restart()
        cls.suite.wait_followed()

    @classmethod
    def path(cls, name):
        return cls.suite.folder / "state" / f"{name}.db"

    def tampered(self, name, *statements, anchor=None):
        """What the audit says after the statements ran behind the service's back."""
        self.suite.kill(name)
        for ending in ("-wal", "-shm"):
            pathlib.Path(f"{self.path(name)}{ending}").unlink(missing_ok=True)
        shutil.copy(self.suite.folder / f"{name}.whole", self.path(name))
        database = sqlite3.connect(self.path(name))
        for statement in statements:
            self.assertGreater(database.execute(statement).rowcount, 0, statement)
        database.commit()
        database.close()
        self.suite.restart(name)
        request = PB["events"].VerifyLogRequest()
        if anchor:
            request = PB["events"].VerifyLogRequest(anchor_position=anchor.position, anchor_hash=anchor.hash)
        return self.suite.log_call(name, "VerifyLog", request, timeout=60)

    def assert_found(self, answer, *words):
        self.assertFalse(answer.ok)
        for word in words:
            self.assertIn(word, answer.findings[0])

    def test_an_untouched_log_is_found_whole(self):
        for name in Suite.NAMES:
            answer = self.tampered(name, anchor=self.heads[name])
            self.assertTrue(answer.ok, answer.findings)

    def test_a_changed_row_of_any_table_is_named(self):
        body = "SET body = body || x'00'"
        for name, table, change in (
                ("registry", "resources", body), ("registry", "history", body),
                ("registry", "resources", "SET all_units = all_units || '某局'"),
                ("registry", "requests", "SET last_position = last_position + 1"),
                ("progress", "registry_versions", body), ("progress", "reports", body),
                ("progress", "report_returns", "SET reason = '误退'"), ("progress", "exemptions", "SET reason = '无'"),
                ("progress", "judgements", "SET recorded_at = recorded_at + 1"),
                ("progress", "requests", "SET request_hash = x'00'")):
            with self.subTest(f"{name}.{table}"):
                some = f"(SELECT rowid FROM {table} ORDER BY rowid DESC LIMIT 1)"
                answer = self.tampered(name, f"UPDATE {table} {change} WHERE rowid = {some}")
                self.assert_found(answer, f"table {table}, row")

    def test_a_lost_and_an_added_row_are_named(self):
        answer = self.tampered("progress", "DELETE FROM reports WHERE rowid = (SELECT rowid FROM reports"
                               " ORDER BY program DESC, task DESC, period DESC, version DESC LIMIT 1)")
        self.assert_found(answer, "table reports, row", "(no row)")
        answer = self.tampered("progress", "INSERT INTO exemptions SELECT program, task, '2024-11', recorded_at, reason"
                               " FROM exemptions LIMIT 1")
        self.assert_found(answer, "table exemptions, row")

    def test_a_changed_event_is_named_by_its_position(self):
        for change in ("payload = payload || x'00'", "recorded_at = recorded_at + 1", "role = 'leader'",
                       "request_id = 'other'", "subject = 'x'", "hash = x'00'"):
            with self.subTest(change):
                answer = self.tampered("progress", f"UPDATE events SET {change} WHERE position = 100")
                self.assert_found(answer, "event 100 ")

    def test_a_lost_event_is_named(self):
        answer = self.tampered("registry", "DELETE FROM events WHERE position = 50")
        self.assert_found(answer, "event 50 is missing")

    def test_a_report_changed_in_the_log_and_in_its_row_alike_is_still_found(self):
        database = sqlite3.connect(self.suite.folder / "progress.whole")
        position, row = database.execute("SELECT e.position, r.rowid FROM events e JOIN reports r"
                                         " ON instr(hex(e.payload), hex(r.body)) > 0"
                                         " WHERE instr(hex(r.body), hex('2024-03-25')) > 0").fetchone()
        database.close()
        answer = self.tampered("progress", *[
            f"UPDATE {table} SET {column} = CAST(replace(CAST({column} AS TEXT), '2024-03-25', '2024-03-24') AS BLOB)"
            f" WHERE rowid = {number}" for table, column, number in
            (("events", "payload", position), ("reports", "body", row))])
        self.assert_found(answer, f"event {position} ")

    def test_a_cut_tail_is_found_against_a_head_printed_earlier(self):
        head = self.heads["progress"]
        cut = f"WHERE position > {head.position - 1}"
        answer = self.tampered("progress", f"DELETE FROM events {cut}", anchor=head)
        self.assertFalse(answer.ok)
        self.assertTrue(any("its tail was cut" in finding and str(head.position) in finding
                            for finding in answer.findings), answer.findings)

    def test_another_event_at_the_printed_position_is_found(self):
        head = self.heads["registry"]
        other = PB["events"].GetLogHeadResponse(position=head.position, hash=b"\0" * 32)
        answer = self.tampered("registry", anchor=other)
        self.assert_found(answer, f"event {head.position} is not the one of the printed head")

    def test_the_command_line_says_so_with_exit_code_3(self):
        self.tampered("progress", "UPDATE reports SET body = x'00' WHERE rowid = 1")
        code, output, _ = self.suite.cli("audit", "verify", "progress", check=False)
        self.assertEqual(code, 3)
        self.assertIn("table reports, row", output)
        head = self.heads["registry"]
        self.tampered("registry")
        output = self.suite.cli("audit", "verify", "registry", "--anchor", f"{head.position}:{head.hash.hex()}")
        self.assertIn(f"{head.position}:{head.hash.hex()}", output)


if __name__ == "__main__":
    unittest.main()
