"""Who did and tried what: refused attempts in their chain, events by district, the audit commands, the export recomputed."""

import json
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import FreshSuiteCase, SharedSuiteCase  # noqa: E402
from suite import SAMPLE, RpcError, Suite, task  # noqa: E402

CHECKER = pathlib.Path(__file__).parent / "chain.py"
OTHER = "districts/500101"


def refused(case, process, service, method, identity, **fields):
    with case.assertRaises(RpcError) as caught:
        case.suite.clients[process].call(service, method, identity=identity, **fields)
    case.assertEqual(caught.exception.code, "PERMISSION_DENIED")
    return caught.exception


def publish(case, unit, district="", role="media_centre"):
    return refused(case, "registry", "RegistryService", "PublishProgram",
                   {"role": role, "unit": unit, "district": district}, name=Suite.PROGRAM)


def flushed(suite):
    """What was refused so far is on disk."""
    for name in Suite.NAMES:
        assert suite.stop(name) == 0
    for name in Suite.NAMES:
        suite.start(name)
    suite.wait_followed()


class Audit(SharedSuiteCase):

    @classmethod
    def prepare(cls):
        cls.suite.import_sample()
        cls.suite.registry("CreateDistrict", district={"name": OTHER, "title": "示例区"})
        for _ in range(5):
            publish(cls(), "区融媒体中心", "500156")
        publish(cls(), "示例区融媒体中心", "500101")
        publish(cls(), "无区划单位")
        flushed(cls.suite)

    def refusals(self, **identity):
        return self.suite.log_call("registry", "ListRefusals", identity={"role": "auditor", **identity}).refusals

    def test_refused_attempts_are_kept_by_caller_with_their_count(self):
        counts = {}
        for refusal in self.refusals():
            self.assertEqual(refusal.method, "minsheng.registry.v1.RegistryService/PublishProgram")
            self.assertIn(refusal.origin, ("127.0.0.1", "%5B::1%5D"))
            key = (refusal.actor.unit, refusal.reason)
            counts[key] = counts.get(key, 0) + refusal.count
        self.assertEqual(counts[("区融媒体中心", "ROLE_NOT_ALLOWED")], 5)
        self.assertEqual(sum(counts.values()), 7)

    def test_an_auditor_of_a_district_sees_its_own_refusals(self):
        self.assertEqual({r.actor.unit for r in self.refusals(district="500101")}, {"示例区融媒体中心"})

    def test_refusals_come_page_by_page(self):
        positions, after = [], 0
        while True:
            page = self.suite.log_call("registry", "ListRefusals", after=after, max=2, identity={"role": "auditor"})
            if page.read_to == after:
                break
            after = page.read_to
            positions += [r.position for r in page.refusals]
        self.assertEqual(positions, list(range(1, len(self.refusals()) + 1)))

    def read(self, after, **fields):
        return self.suite.log_call("registry", "ReadEvents", after=after, identity={"role": "auditor", "district": "500101"}, **fields)

    def test_an_auditor_of_a_district_reads_its_own_events_only(self):
        page = self.read(0)
        self.assertEqual({e.subject for e in page.events}, {OTHER})
        self.assertEqual(page.read_to, page.head_position)
        # Nothing more, also with a hash that fits nothing: who sees a part knows none.
        page = self.read(page.read_to, after_hash="AAAA", waitMs=50)
        self.assertEqual((len(page.events), page.read_to), (0, page.head_position))
        every = self.suite.log_call("registry", "ReadEvents", max=1000, identity={"role": "auditor"})
        self.assertEqual((len(every.events), every.read_to), (every.head_position, every.head_position))

    def test_only_auditors_and_operators_of_all_districts_verify(self):
        for identity in ({"role": "auditor", "district": "500156"}, {"role": "leader"}, {"role": "service"}):
            refused(self, "registry", "EventLogService", "VerifyLog", identity)
        self.assertTrue(self.suite.log_call("registry", "VerifyLog", identity={"role": "operator"}, timeout=60).ok)

    # --- the command line ------------------------------------------------------------------------------------------------

    def test_list_shows_changes_and_refusals_and_filters_them(self):
        lines = self.suite.cli("audit", "list", "--limit", "0").splitlines()
        self.assertTrue(any("PublishProgram → ProgramPublished" in line for line in lines))
        self.assertTrue(any("拒绝" in line and "ROLE_NOT_ALLOWED" in line and "区融媒体中心" in line for line in lines))
        def entries(*options):
            return json.loads(self.suite.cli("audit", "list", "-o", "json", "--limit", "0", *options))
        self.assertTrue(all("refusal" in e for e in entries("--refused")))
        self.assertEqual({e["refusal"]["actor"]["unit"] for e in entries("--refused", "--unit", "无区划单位")}, {"无区划单位"})
        self.assertEqual({e["event"]["subject"] for e in entries("--subject", OTHER)}, {OTHER})
        self.assertEqual(entries("--since", "2030-01-01"), [])
        self.assertEqual(entries("--until", "2020-01-01"), [])
        self.assertEqual({e["service"] for e in entries("--service", "registry")}, {"registry"})
        self.assertTrue(all("event" in e for e in entries("--actor", "list_office")))
        times = [e["event"]["recorded_at"] for e in entries() if "event" in e]
        self.assertEqual(times, sorted(times))
        self.assertIn("没有列出", self.suite.cli("audit", "list", "--limit", "1"))

    def test_an_export_is_recomputed_by_others_and_its_heads_are_the_printed_ones(self):
        file = self.suite.folder / "audit.jsonl"
        self.suite.cli("audit", "export", "--to", str(file))
        printed = subprocess.run([CHECKER, file], capture_output=True, text=True)
        self.assertEqual((printed.returncode, printed.stderr), (0, ""))
        verified = self.suite.cli("audit", "verify")
        for line in printed.stdout.splitlines():
            self.assertIn(line, verified)
        self.assertEqual(len(printed.stdout.splitlines()), 2)
        self.assertEqual(self.suite.cli("audit", "export"), file.read_text())
        lines = file.read_text().splitlines()
        for at, name in ((2, "registry event 3 "), (next(i for i, l in enumerate(lines) if '"refusal"' in l), "registry refusal 1 ")):
            changed = json.loads(lines[at])
            changed["unit"] = "别处"
            file.write_text("\n".join([*lines[:at], json.dumps(changed), *lines[at + 1:]]) + "\n")
            printed = subprocess.run([CHECKER, file], capture_output=True, text=True)
            self.assertEqual(printed.returncode, 1)
            self.assertIn(name, printed.stderr)
        head = next(i for i, line in enumerate(lines) if '"head"' in line)
        file.write_text("\n".join(lines[:head]) + "\n")
        self.assertIn("was cut", subprocess.run([CHECKER, file], capture_output=True, text=True).stderr)

    def test_heads_are_kept_in_a_file_and_held_against_the_logs(self):
        file = self.suite.folder / "anchors"
        self.suite.cli("audit", "verify", "--save-anchors", str(file))
        kept = file.read_text()
        self.assertRegex(kept, r"\Aregistry:\d+:[0-9a-f]{64}:\d+:[0-9a-f]{64}\nprogress:\d+:\S+\n\Z")
        self.assertIn("一致", self.suite.cli("audit", "verify", "--anchors", str(file)))
        self.suite.cli("audit", "verify", "--anchor", kept.splitlines()[0])
        service, position, head, refusals, last = kept.splitlines()[0].split(":")
        self.suite.cli("audit", "verify", "registry", "--anchor", f"{position}:{head}")
        for anchor, words in ((f"{service}:{int(position) + 1}:{head}:{refusals}:{last}", f"its tail was cut, from event {int(position) + 1}"),
                              (f"{service}:{position}:{head}:{int(refusals) + 2}:{last}", f"its tail was cut, from refusal {int(refusals) + 1}"),
                              (f"{service}:{position}:{head}:{refusals}:{'0' * 64}", f"refusal {refusals} is not the one of the printed head")):
            code, output, _ = self.suite.cli("audit", "verify", "--anchor", anchor, "--save-anchors", str(file), check=False)
            self.assertEqual(code, 3)
            self.assertIn(words, output)
        self.assertEqual(file.read_text(), kept)
        for wrong in ("registry:1:ab:0:-", "1:2:3", "registry:0:-:x:-"):
            self.assertEqual(self.suite.cli("audit", "verify", "--anchor", wrong, check=False)[0], 2)


class Flood(FreshSuiteCase):

    OPTIONS = {"start": False}

    def prepare(self):
        self.suite.start("registry")

    def test_a_first_attempt_outlives_a_crash_a_second_later(self):
        publish(self, "区融媒体中心")
        end = 60
        while not self.suite.engine.rows("registry", "SELECT 1 FROM refusals") and end:
            end -= 1
            time.sleep(0.1)
        self.suite.kill("registry")
        self.suite.start("registry")
        self.assertEqual([r.actor.unit for r in self.suite.log_call("registry", "ListRefusals", identity={"role": "auditor"}).refusals],
                         ["区融媒体中心"])

    def test_a_thousand_callers_leave_a_bounded_number_of_entries_and_all_counts(self):
        for number in range(1000):
            publish(self, f"单位{number}\0\n" * 9)
        self.assertEqual(self.suite.stop("registry"), 0)
        self.suite.start("registry")
        rows = self.suite.log_call("registry", "ListRefusals", max=1000, identity={"role": "auditor"}).refusals
        self.assertEqual(sum(row.count for row in rows), 1000)
        self.assertLess(len(rows), 2 * 290)  # of the minute, or of the two minutes it ran into
        self.assertTrue(any(row.method == "*" and not row.actor.unit for row in rows))
        self.assertTrue(self.suite.verify("registry").ok)


if __name__ == "__main__":
    unittest.main()
