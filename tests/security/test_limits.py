"""A caller that asks for more than its limit is told what it exceeded and when to come again, and nobody else suffers."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import SharedSuiteCase  # noqa: E402
from suite import RpcError, Suite  # noqa: E402


class Limits(SharedSuiteCase):

    OPTIONS = {"flags": {"registry": ["--limits=believed=5/10/100/3"], "progress": ["--limits=off"]}}

    @classmethod
    def prepare(cls):
        cls.suite.registry("CreateDistrict", district={"name": Suite.DISTRICT, "title": "武隆区"})

    def exceed(self, call, tries=60):
        for _ in range(tries):
            try:
                call()
            except RpcError as error:
                if error.reason == "RATE_LIMITED":
                    return error
        self.fail("nothing was refused")

    def test_calls_per_second(self):
        one = {"unit": "区交通局"}
        error = self.exceed(lambda: self.suite.registry("ListPrograms", parent=Suite.DISTRICT, identity=one))
        self.assertEqual("RESOURCE_EXHAUSTED", error.code)
        self.assertEqual("calls_per_second", error.metadata["limit"])
        self.assertTrue(0 < int(error.metadata["retry_after_ms"]) <= 200, error.metadata)
        self.assertIn(f"try again in {error.metadata['retry_after_ms']} ms", error.message)
        self.suite.registry("ListPrograms", parent=Suite.DISTRICT, identity={"unit": "区水利局"})
        self.assertRegex(self.suite.http("registry", "/metrics"),
                         r'minsheng_rate_limited_total\{role="list_office",service="registry"\} [1-9]')

    def test_writes_per_day(self):
        who = {"unit": "区财政局"}
        def write():
            self.suite.registry("CreateDistrict", district={"name": "districts/500199", "title": "某区"}, identity=who)
        error = self.exceed(write, 5)
        self.assertEqual("writes_per_day", error.metadata["limit"])
        self.suite.registry("ListPrograms", parent=Suite.DISTRICT, identity=who)

    def test_off(self):
        for _ in range(200):
            self.suite.clients["progress"].call("EventLogService", "GetLogHead", identity={"role": "operator"})


if __name__ == "__main__":
    unittest.main()
