"""Every rpc × every role × own unit, other unit, other district, and every bad credential: each answer is the policy's.

All of it is made from the .proto files: the rpcs, who may call them (minsheng.common.v1.access), and requests with names after
the patterns of google.api.http; an rpc that comes later is tried without a line here.
"""

import os
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
import grpc
import tokens
from google.protobuf import descriptor_pb2
from suite import PB, SERVICES, Suite

ACCESS, ROLE = PB["access"].access, PB["access"].Role
HTTP = PB["http"].http
OWN, OTHER = "500156", "500101"
LEAD, OTHER_UNIT = "区发展改革委", "区体育局"  # of the task below
NAMES = {"districts": OWN, "programs": "2024", "projects": "district-02", "tasks": "1", "reports": "2024-03", "revisions": "1"}
TASK = f"{Suite.PROGRAM}/projects/district-02/tasks/1"
UNARY_WAIT = 20
# Requests that carry the task within, so that its unit is looked at.
FILLED = {"BatchSubmitReports": {"requests": [{"parent": TASK, "period": "2024-03"}]}}
SCOPES = ("district", "own_unit", "published", "installation")


def resource_from(pattern):
    """"districts/*/programs/*" → "districts/500156/programs/2024"."""
    parts = pattern.split("/")
    return "/".join(NAMES[parts[i - 1]] if part == "*" else part for i, part in enumerate(parts))


class Method:
    def __init__(self, service, descriptor):
        self.service, self.name = service, descriptor.name
        self.path = f"/{service.full_name}/{descriptor.name}"
        options = descriptor.GetOptions()
        self.access = options.Extensions[ACCESS]
        self.request_class = getattr(SERVICES[service.name], descriptor.input_type.name)
        self.response_class = getattr(SERVICES[service.name], descriptor.output_type.name)
        proto = descriptor_pb2.MethodDescriptorProto()
        descriptor.CopyToProto(proto)
        self.streams = proto.server_streaming
        rule = options.Extensions[HTTP]
        bindings = [rule, *rule.additional_bindings]
        self.requests = [self.request(getattr(b, b.WhichOneof("pattern"))) for b in bindings]

    def request(self, url):
        request = self.request_class()
        for path, pattern in re.findall(r"\{([\w.]+)=([^}]+)\}", url):
            *outer, field = path.split(".")
            message = request
            for name in outer:
                message = getattr(message, name)
            setattr(message, field, resource_from(pattern))
        if self.access.resource == "district.name":
            request.district.name = f"districts/{OWN}"
        for key, rows in FILLED.get(self.name, {}).items():
            for row in rows:
                getattr(request, key).add(**row)
        return request

    def scope(self, role):
        return next((s for s in SCOPES if ROLE.Value(f"ROLE_{role.upper()}") in getattr(self.access, s)), "")

    def about_a_task(self, request):
        return "/tasks/" in str(request)

    def reads(self):
        return self.name.startswith(("Get", "List", "Read"))


METHODS = [Method(module.DESCRIPTOR.services_by_name[name], method)
           for name, module in SERVICES.items() for method in module.DESCRIPTOR.services_by_name[name].methods]
ROLES = [name.removeprefix("ROLE_").lower() for name in ROLE.keys() if name != "ROLE_UNSPECIFIED"]


class Matrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.suite = Suite(secure=os.environ.get("MATRIX_PLAIN") != "1",
                          flags=dict.fromkeys(Suite.NAMES, ["--limits=off"]))
        cls.addClassCleanup(cls.suite.close)
        cls.suite.import_sample()
        task = cls.suite.registry("GetTask", name=TASK).task
        cls.partner = task.cooperating_units[0]
        assert LEAD in task.lead_units and OTHER_UNIT not in task.cooperating_units, task
        cls.suite.registry("FilePlan", parent=TASK, revision={
            "starts_on": "2024-04-01", "milestones": [{"due_on": "2024-12-20", "percent": "100"}]})
        cls.suite.progress("SubmitReport", parent=TASK, period="2024-03", report={"nothing_to_report": True})
        cls.cells = 0

    def home(self, method):
        """Which processes serve it."""
        if method.service.name == "RegistryService" or method.service.name == "CredentialService":
            return ["registry"]
        return ["progress"] if method.service.name == "ProgressService" else ["registry", "progress"]

    def invoke(self, process, method, request, metadata):
        """(code, reason or "", answer)."""
        channel = self.suite.clients[process].channel
        kind = channel.unary_stream if method.streams else channel.unary_unary
        call = kind(method.path, request_serializer=method.request_class.SerializeToString,
                    response_deserializer=method.response_class.FromString)
        type(self).cells += 1
        try:
            answer = call(request, timeout=UNARY_WAIT, metadata=metadata)
            return "OK", b"".join(m.SerializeToString() for m in answer) if method.streams else answer.SerializeToString()
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED and "bad signatures" in error.details():
                time.sleep(0.1)  # so many of them that the service looks at no more for a moment
                return self.invoke(process, method, request, metadata)
            return error.code().name, (error.details() or "").encode()

    def metadata(self, role, unit, district):
        who = {"role": role, "unit": unit, "post": "测试", "district": district}
        if self.suite.security:
            return self.suite.security.metadata(who)
        from urllib.parse import quote
        return [(f"x-minsheng-{k}", quote(v)) for k, v in who.items() if v]

    def expected(self, method, request, role, unit, district):
        """Whether the policy lets the caller pass."""
        scope = method.scope(role)
        if not scope or (scope == "installation" and district != "*"):
            return False
        if district not in ("*", OWN) and method.access.resource:
            return False
        if scope != "own_unit" or not method.about_a_task(request):
            return True
        leads, cooperates = unit == LEAD, unit == self.partner
        return (leads and role == "reporter") or (cooperates and method.reads())

    def test_every_rpc_for_every_role(self):
        wrong = []
        callers = [(LEAD, OWN), (self.partner, OWN), (OTHER_UNIT, OWN), (LEAD, OTHER), (LEAD, "*")]
        for method in METHODS:
            for role in ROLES:
                for unit, district in callers:
                    for request in method.requests:
                        for process in self.home(method):
                            cell = (method.name, role, unit, district, process, str(request)[:80])
                            code, answer = self.invoke(process, method, request, self.metadata(role, unit, district))
                            passes = code not in ("PERMISSION_DENIED", "UNAUTHENTICATED")
                            if passes != self.expected(method, request, role, unit, district) or code in ("INTERNAL", "UNKNOWN"):
                                wrong.append((*cell, code, answer[:120]))
                            if district == OTHER and OWN.encode() in answer:
                                wrong.append((*cell, code, "tells of the other district", answer[:200]))
        print(f"» {len(METHODS)} rpcs, {len(ROLES)} roles, {type(self).cells} cells, {len(wrong)} not the policy's", flush=True)
        self.assertEqual([], wrong[:10])
        self.assertGreater(type(self).cells, len(METHODS) * len(ROLES) * len(callers) - 1)

    def test_lists_over_all_districts_keep_to_the_callers(self):
        listing = next(m for m in METHODS if m.name == "ListPrograms")
        for district, count in ((OWN, 1), (OTHER, 0), ("*", 1)):
            request = listing.request_class(parent="districts/-")
            code, answer = self.invoke("registry", listing, request, self.metadata("leader", LEAD, district))
            self.assertEqual(("OK", count), (code, len(listing.response_class.FromString(answer).programs)))
        for method in METHODS:
            for request in method.requests:
                field = method.access.resource
                if "." in field or not field or method.name == "ListPrograms":
                    continue
                setattr(request, field, getattr(request, field).replace(f"districts/{OWN}", "districts/-", 1))
                code, answer = self.invoke(self.home(method)[0], method, request, self.metadata("list_office", LEAD, OTHER))
                self.assertIn(code, ("INVALID_ARGUMENT", "PERMISSION_DENIED"), (method.name, answer))
                setattr(request, field, getattr(request, field).replace("districts/-", f"districts/{OWN}", 1))

    def test_page_tokens_name_nothing_of_others(self):
        for number in ("110101", "500199", "659004"):
            self.suite.registry("CreateDistrict", district={"name": f"districts/{number}", "title": "某区"})
        listing = next(m for m in METHODS if m.name == "ListDistricts")
        request = listing.request_class(page_size=1)
        code, answer = self.invoke("registry", listing, request, self.metadata("public", "", OWN))
        page = listing.response_class.FromString(answer)
        self.assertEqual(("OK", [f"districts/{OWN}"], ""), (code, [d.name for d in page.districts], page.next_page_token))

    def test_lists_of_another_unit_are_empty(self):
        listing = next(m for m in METHODS if m.name == "ListReports")
        for unit, count in ((LEAD, 1), (OTHER_UNIT, 0)):
            request = listing.request_class(parent=Suite.PROGRAM)
            code, answer = self.invoke("progress", listing, request, self.metadata("reporter", unit, OWN))
            self.assertEqual(("OK", count), (code, len(listing.response_class.FromString(answer).reports)))

    def test_every_rpc_for_every_bad_credential(self):
        if not self.suite.security:
            self.skipTest("callers are believed")
        issuer, wrong, cells = self.suite.security.issuer, [], 0
        revoked = issuer.token("list_office", district="*")
        import base64, json
        claims = json.loads(base64.urlsafe_b64decode(revoked.split(".")[1] + "=="))
        self.suite.clients["registry"].call("CredentialService", "RevokeCredential", credential=f"token:{claims['jti']}",
                                            reason="试验")
        self.await_revoked(revoked)
        for method in METHODS:
            role = next(r for r in ROLES if method.scope(r))
            headers = {how: f"Bearer {issuer.forged(how, role, district='*', unit=LEAD)}" for how in tokens.FORGERIES}
            headers |= {"revoked": f"Bearer {revoked}", "no scheme": issuer.token(role), "basic": "Basic bWluc2hlbmc6bWluc2hlbmc="}
            sent = {how: [("authorization", value)] for how, value in headers.items()}
            sent |= {"no token": [], "stated": [("x-minsheng-role", role), ("x-minsheng-district", "*")],
                     "two": [("authorization", f"Bearer {issuer.token(role)}")] * 2}
            for how, metadata in sent.items():
                for process in self.home(method):
                    code, answer = self.invoke(process, method, method.requests[0], metadata)
                    cells += 1
                    if code != "UNAUTHENTICATED":
                        wrong.append((method.name, how, process, code, answer[:120]))
        print(f"» {cells} calls with {len(sent)} kinds of bad credentials, {len(wrong)} let in", flush=True)
        self.assertEqual([], wrong[:10])

    def await_revoked(self, token):
        method = next(m for m in METHODS if m.name == "GetClock")
        begin = time.monotonic()
        for process in ("registry", "progress"):
            while self.invoke(process, method, method.requests[0], [("authorization", f"Bearer {token}")])[0] == "OK":
                self.assertLess(time.monotonic() - begin, 1, f"{process} still lets a revoked token in")
        print(f"» a revocation reached both services after {1000 * (time.monotonic() - begin):.0f} ms", flush=True)


if __name__ == "__main__":
    unittest.main()
