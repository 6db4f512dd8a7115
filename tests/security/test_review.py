"""What a stranger found when reading the chain before the handlers: each test was red once."""

import base64
import contextlib
import pathlib
import re
import resource
import socket
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
import grpc  # noqa: E402
from case import SharedSuiteCase  # noqa: E402
from flood import status_of  # noqa: E402
from suite import PB, SAMPLE, RpcError, Suite, task  # noqa: E402

OTHER = "districts/500101"
REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"


def caller(role, district="500156", unit="", post="测试"):
    return {"role": role, "district": district, "unit": unit, "post": post}


class Hidden(SharedSuiteCase):
    """What a caller may not see is not told by the shape of an answer either."""

    OPTIONS = {"secure": True}

    @classmethod
    def prepare(cls):
        cls.suite.import_sample(publish=False)
        cls.suite.registry("CreateDistrict", district={"name": OTHER, "title": "某区"})
        cls.suite.registry("ImportProgram", parent=OTHER, file_name="list.csv", year=2024, illustration=True,
                           content=base64.b64encode((SAMPLE / "list.csv").read_bytes()).decode(),
                           document_number="无", issued_on="2024-03-15")

    def pages(self, method, who, **fields):
        """The pages of a list, one resource each, with what their tokens name."""
        pages, token = [], ""
        while True:
            page = self.suite.registry(method, page_size=1, page_token=token, identity=who, **fields)
            items = next((value for field, value in page.ListFields() if field.label == field.LABEL_REPEATED), [])
            token = page.next_page_token
            pages.append(([item.name for item in items], base64.urlsafe_b64decode(token + "==")[8:].decode()))
            if not token:
                return pages

    def test_other_districts_stand_in_no_page_token(self):
        for district in ("500156", "500101"):
            pages = self.pages("ListDistricts", caller("leader", district))
            self.assertEqual([([f"districts/{district}"], "")], pages)
        self.assertEqual([OTHER, Suite.DISTRICT],
                         [name for names, _ in self.pages("ListDistricts", caller("leader", "*")) for name in names])

    def test_a_draft_leaves_no_page_behind(self):
        for role in ("public", "media_centre"):
            self.assertEqual([([], "")], self.pages("ListPrograms", caller(role, "*"), parent="districts/-"))
            self.assertEqual([([], "")], self.pages("ListPrograms", caller(role), parent=Suite.DISTRICT))
        self.assertEqual([f"{OTHER}/programs/2024", Suite.PROGRAM],
                         [name for names, _ in self.pages("ListPrograms", caller("leader", "*"), parent="districts/-")
                          for name in names])

    def refusal(self, method, **fields):
        with self.assertRaises(RpcError) as caught:
            self.suite.registry(method, identity=caller("public"), **fields)
        error = caught.exception
        name = fields.get("name") or fields["parent"]
        return error.code, error.reason, error.message.replace(name, "NAME")

    def test_a_draft_and_nothing_are_refused_alike(self):
        nothing = f"{Suite.DISTRICT}/programs/2023"
        task = "/projects/municipal-11/tasks/2"
        for as_of in ({}, {"as_of": "2024-03-15T00:00:00Z"}):
            for method, below in (("GetProgram", ""), ("GetTask", task), ("GetTask", "/projects/none/tasks/1")):
                with self.subTest(method=method, as_of=bool(as_of)):
                    self.assertEqual(self.refusal(method, name=nothing + below, **as_of),
                                     self.refusal(method, name=Suite.PROGRAM + below, **as_of))
        for method in ("ListTasks", "ListProjects"):
            self.assertEqual(self.refusal(method, parent=nothing), self.refusal(method, parent=Suite.PROGRAM))


class Etags(SharedSuiteCase):
    """An etag is a hash of all that a resource says: with what is left out among it, it would let it be guessed."""

    OPTIONS = {"secure": True}
    READS = (("GetTask", {"name": task("municipal-11/2")}, lambda r: [r.task]),
             ("ListTasks", {"parent": Suite.PROGRAM}, lambda r: list(r.tasks)),
             ("GetProgram", {"name": Suite.PROGRAM}, lambda r: [r.program]),
             ("ListPrograms", {"parent": Suite.DISTRICT}, lambda r: list(r.programs)))

    def test_only_who_reads_all_gets_them(self):
        for method, fields, of in self.READS:
            for role, given in (("public", False), ("media_centre", False), ("leader", True), ("public", False)):
                with self.subTest(method=method, role=role):
                    resources = of(self.suite.registry(method, identity=caller(role), **fields))
                    self.assertGreater(len(resources), 0)
                    self.assertEqual({given}, {bool(resource.etag) for resource in resources})


class Reflection(SharedSuiteCase):
    """gRPC's own services ask nobody who they are: they may not take the process's threads."""

    OPTIONS = {"secure": True}

    @classmethod
    def prepare(cls):
        cls.suite.registry("CreateDistrict", district={"name": Suite.DISTRICT, "title": "武隆区"})

    def test_streams_that_nobody_ends_hold_few_threads(self):
        process = self.suite.processes["registry"]
        before = status_of(process, "Threads")["Threads"]
        done = threading.Event()
        self.addCleanup(done.set)

        def requests():
            yield b""
            done.wait(60)

        channel = self.suite.security.channel(self.suite.address("registry"), [("grpc.use_local_subchannel_pool", 1)])
        self.addCleanup(channel.close)
        streams = [channel.stream_stream(REFLECTION)(requests()) for _ in range(200)]
        self.addCleanup(lambda: [stream.cancel() for stream in streams])
        codes = []
        end = time.monotonic() + 10
        while len(codes) < 150 and time.monotonic() < end:
            codes = [stream.code() for stream in streams if not stream.is_active()]
            time.sleep(0.05)
        threads = status_of(process, "Threads")["Threads"]
        print(f"» 200 reflection streams: {threads - before} threads more, {len(codes)} of them refused")
        self.assertLess(threads - before, 40)
        self.assertEqual({grpc.StatusCode.RESOURCE_EXHAUSTED}, set(codes))
        self.assertEqual([Suite.DISTRICT], [d.name for d in self.suite.registry("ListDistricts").districts])


class Connections(SharedSuiteCase):

    ONE_ORIGIN_MAX = 5_000  # half of Listener::kConnectionsMax

    @classmethod
    def prepare(cls):
        cls.suite.registry("CreateDistrict", district={"name": Suite.DISTRICT, "title": "武隆区"})

    def test_one_origin_has_a_bound_however_many_descriptors_there_are(self):
        descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if descriptors < 4 * self.ONE_ORIGIN_MAX:
            self.skipTest(f"{descriptors} descriptors are too few to reach the bound")
        host, _, port = self.suite.address("registry").rpartition(":")
        with contextlib.ExitStack() as stack:
            for _ in range(self.ONE_ORIGIN_MAX + 300):
                stack.enter_context(socket.create_connection((host, int(port)), timeout=5))
            folder = pathlib.Path(f"/proc/{self.suite.processes['registry'].pid}/fd")
            time.sleep(0.5)
            held = sum(1 for _ in folder.iterdir())
        print(f"» of {self.ONE_ORIGIN_MAX + 300} connections of one origin {held} descriptors were held")
        self.assertLess(held, self.ONE_ORIGIN_MAX + 100)


class UnknownFields(SharedSuiteCase):
    """Fields that no proto has: what a request drags along is not kept."""

    def counted(self, result):
        pattern = rf'minsheng_cache_requests_total\{{result="{result}",service="progress",tier="near"\}} (\S+)'
        return float(re.search(pattern, self.suite.http("progress", "/metrics")).group(1))

    def test_they_make_no_other_cached_answer(self):
        self.suite.progress("SummarizeProgram", name=Suite.PROGRAM)
        request = PB["progress"].SummarizeProgramRequest(name=Suite.PROGRAM)
        request.as_of.FromJsonString("2024-03-15T01:00:00Z")
        padding = b"\xc2\x3e" + b"\x80\x80\x40" + b"x" * (1 << 20)  # field 1000, of 1 MiB
        hits = self.counted("hit")
        first = self.suite.progress("SummarizeProgram", request)
        padded = PB["progress"].SummarizeProgramRequest.FromString(request.SerializeToString() + padding)
        self.assertGreater(padded.ByteSize(), 1 << 20)
        self.assertEqual(first, self.suite.progress("SummarizeProgram", padded))
        self.assertEqual(hits + 1, self.counted("hit"))


if __name__ == "__main__":
    unittest.main()
