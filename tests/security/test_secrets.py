"""Nobody's contacts, tokens and keys anywhere, and no internal word in a public answer: a year with TLS and tokens, searched.

Three kinds of needles, each in every spelling that an output may give it:
- contacts that a notice brings in, tokens, private keys: nowhere at all;
- ids of tokens: in events and refusals, which say who acted, and nowhere else;
- internal words (difficulties, reasons, posts, drafts): where officials read them and in the events, and nowhere else.
Controls show that the search finds each of them where it must be.
"""

import base64
import contextlib
import csv
import io
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))
import grpc
import test_matrix
import tokens
from google.protobuf import json_format
from suite import BUILD, PB, SAMPLE, RpcError, Suite, task
from test_redis import Redis

DRAFT = "districts/500156/programs/2025"
YEAR_END = "2025-01-16"
INSTANTS = ("2024-06-15T00:00:00+08:00", "2024-09-20T00:00:00+08:00", "2024-12-31T00:00:00+08:00")
ROADS, DIFFICULT = task("municipal-06/1"), task("municipal-10/1")
REPORTER = {"role": "reporter", "unit": "区交通局", "district": "500156"}

# Made up, as everything here. A number stands in a notice as it is written here.
NAMES = ["张某某", "李某甲", "王某乙", "赵某丙", "钱某丁", "孙某戊", "周某己", "吴某庚", "郑某辛", "冯某壬", "陈某癸"]
PHONES = ["13800001111", "138 0000 2222", "138-0000-3333", "+86 13800004444", "１３８００００５５５５", "023-77706666",
          "（023）77707777", "023 77708888", "77709999", "138.0000.1212", "+86-138-0000-1313", "０２３－７７７０１４１４",
          "023—77701515", "86138 00001616", "(023) 7770 1717", "1380000 1818", "023－7770－1919"]
MAILS = ["nobody.one@example.org", "nobody_two@example.org"]

# Internal words, by what they are. An output that holds one of them holds the marker.
INTERNAL = ["problems", "next_step", "progress_text", "correction", "returned", "judged", "exempted", "plan_reason",
            "plan_post", "plan_document", "milestone_text", "milestone_post", "target_note", "attribute", "update_reason",
            "draft_title", "draft_content", "draft_document", "draft_group", "draft_unit"]
# What a caller writes where it does not fit: told back to the caller, kept nowhere.
ECHOED = ["echoed_period", "echoed_number", "echoed_name", "echoed_role", "echoed_header", "echoed_token", "echoed_page"]


def marker(name):
    """A word that stands nowhere by itself, of Chinese characters and letters."""
    return f"暗记{name.replace('_', '')}暗记"


def spellings(text):
    """The ways in which JSON, text protobuf and metadata write it."""
    raw = text.encode()
    return {raw, json.dumps(text).strip('"').encode(), urllib.parse.quote(text).encode(),
            "".join(chr(b) if 32 <= b < 127 else f"\\{b:03o}" for b in raw).encode()}


FOLDED = {ord("０") + n: ord("0") + n for n in range(10)}
BETWEEN = re.compile(r"[\s().（）+—－–-]")


def digits(text):
    """Full width folded, and without what stands between the digits of a number."""
    return BETWEEN.sub("", text.translate(FOLDED))


class Search:
    """Haystacks by name, and what is found in them."""

    def __init__(self):
        self.haystacks, self.count, self.bytes, self.needles = {}, 0, 0, set()

    def add(self, name, content):
        content = content.encode() if isinstance(content, str) else bytes(content)
        self.haystacks.setdefault(name.partition(" ")[0], []).append((name, content))
        self.count += 1
        self.bytes += len(content)

    def names(self, *kinds):
        return kinds or tuple(self.haystacks)

    def find(self, needles, *kinds):
        """[(needle's name, haystack's name)] in the haystacks of these kinds, or in all. needles: {name: text}."""
        self.needles |= set(needles)
        wanted = [(name, spelling) for name, text in needles.items() for spelling in spellings(text)]
        found = []
        for kind in self.names(*kinds):
            whole = b"\0".join(content for _, content in self.haystacks[kind])
            for name, spelling in wanted:
                if spelling in whole:
                    found += [(name, hay) for hay, content in self.haystacks[kind] if spelling in content]
        return found

    def find_like(self, patterns, *kinds):
        """The same for regular expressions."""
        self.needles |= set(patterns)
        return [(what, name) for kind in self.names(*kinds) for name, content in self.haystacks[kind]
                for what, pattern in patterns.items() if pattern.search(content)]

    def find_numbers(self, numbers, *kinds):
        """The same for telephone numbers, however their digits are set apart."""
        self.needles |= set(numbers)
        return [(number, name) for kind in self.names(*kinds) for name, content in self.haystacks[kind]
                for text in [digits(content.decode(errors="replace"))] for number in numbers if digits(number) in text]


# A token's header begins with {" in base64url.
TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{12,}")
KEY = re.compile(rb"PRIVATE KEY|\"d\"\s*:\s*\"[A-Za-z0-9_-]{20,}")


def people_added(text):
    """The sample's list with columns of people, contacts within cells, and rows of contacts."""
    phones = iter(PHONES)
    rows = list(csv.reader(io.StringIO(text)))
    content, lead = 2, 4
    bodies = [row for row in rows[4:] if row[lead]]
    rows[2] += ["责任领导", "联系电话", "备注"]
    for number, row in enumerate(bodies):
        row += [NAMES[number % 2], PHONES[number % len(PHONES)], marker("attribute") if number == 3 else ""]
    for number, label in enumerate(["联系人：", "联系电话：", "经办人：", "填表人 ", "手机："]):
        bodies[number][content] += f"（{label}{NAMES[2 + number]} {PHONES[number]}）"
    for number, phone in enumerate(PHONES):  # each by itself, behind a label and behind none
        bodies[5 + number][content] += f"咨询电话：{phone}。"
    for number, phone in enumerate(PHONES):
        if phone != "77709999":  # seven or eight digits without a label may be anything
            bodies[-1 - number % 20][content] += f"服务热线{phone}。"
    bodies[7][lead + 1] += f"（联络员：{NAMES[7]}，邮箱：{MAILS[0]}）"
    width = len(rows[2])
    for words in ([f"联系人：{NAMES[8]}", f"联系电话：{next(phones)}"], ["填表人", NAMES[9]],
                  [f"审核人：{NAMES[10]}　电话：{next(phones)}　邮箱：{MAILS[1]}"]):
        rows.append(words + [""] * (width - len(words)))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([row + [""] * (width - len(row)) if index > 1 else row[:1]
                                                    for index, row in enumerate(rows)])
    return out.getvalue()


def rewrite(path, change):
    """Each row of a CSV with a header, changed by change(row, number)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        change(row, number)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def marked_sample(folder):
    """The sample with contacts in its list and a marker in every text that officials write."""
    shutil.copytree(SAMPLE, folder)
    path = folder / "list.csv"
    path.write_text(people_added(path.read_text(encoding="utf-8-sig")), encoding="utf-8")

    def report(row, number):
        row["problems"] = f"{marker('problems')}，请联系{NAMES[0]}"
        row["next_step"] = marker("next_step")
        row["progress_text"] += marker("progress_text")
        if row["correction_reason"]:
            row["correction_reason"] += marker("correction")

    def plan(row, number):
        row["text"] += marker("milestone_text")
        row["responsible_post"] = marker("milestone_post")
        row["reason"] = marker("plan_reason")

    def action(row, number):
        row["reason"] += marker({"return": "returned", "judge": "judged", "exempt": "exempted"}[row["action"]])

    rewrite(folder / "reports.csv", report)
    rewrite(folder / "plans.csv", plan)
    rewrite(folder / "actions.csv", action)
    corrections = folder / "corrections.tsv"
    lines = corrections.read_text(encoding="utf-8").splitlines()
    lines = [f"{line}\t{words}" for line, words in zip(lines, ["note", marker("target_note")] + [""] * len(lines))]
    corrections.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Year:
    """A year over a suite with TLS and tokens, all of whose outputs are kept."""

    def __init__(self, suite, redis):
        self.suite, self.redis, self.search = suite, redis, Search()
        self.tokens = {}  # name → token
        self.revoked_ids = []

    # --- what happens ----------------------------------------------------------------------------------------------------

    def run(self):
        sample = self.suite.folder / "sample"
        marked_sample(sample)
        self.cli("rehearse", str(sample), "--to", YEAR_END)
        self.suite.wait_followed()
        self.write()
        self.draft()
        self.revoke()
        self.refused()
        self.bad_tokens()
        self.suite.wait_followed()

    def cli(self, *arguments, secret=False, **variables):
        """The command line, whose words are a haystack; a secret answer is not."""
        environment = {**os.environ, "NO_COLOR": "1", "MINSHENG_REGISTRY": self.suite.address("registry"),
                       "MINSHENG_PROGRESS": self.suite.address("progress"), "MINSHENG_STATE": str(self.suite.folder), **variables}
        run = subprocess.run([str(BUILD / "bin" / "minsheng"), *arguments], env=environment, cwd=self.suite.folder,
                             capture_output=True, text=True)
        self.search.add(f"cli {' '.join(arguments)[:60]}", run.stderr + ("" if secret else run.stdout))
        return run

    def error(self, service, method, *expected, **fields):
        """A call that is refused with one of these codes; its error is a haystack."""
        client = self.suite.clients["registry" if service == "RegistryService" else "progress"]
        try:
            client.call(service, method, **fields)
        except RpcError as error:
            assert not expected or error.code in expected, error
            self.search.add(f"error {method}", f"{error.code} {error.reason} {error.message} {error.metadata}")
            return error
        raise AssertionError(f"{method} {fields} was accepted")

    def write(self):
        suite = self.suite
        suite.registry("FilePlan", parent=ROADS, revision={
            "milestones": [{"dueOn": "2024-12-31", "percent": "100", "text": marker("milestone_text"),
                            "responsiblePost": marker("milestone_post")}],
            "posts": {"责任人": marker("plan_post")}, "reason": marker("plan_reason")})
        number = len(suite.registry("ListPlanRevisions", parent=ROADS).revisions)
        suite.registry("ApprovePlan", name=f"{ROADS}/revisions/{number}", document_number=marker("plan_document"))
        read = suite.registry("GetTask", name=ROADS).task
        request = PB["registry"].UpdateTaskRequest(task=read, reason=marker("update_reason"))
        request.update_mask.paths.append("targets")
        request.task.targets[0].note = marker("target_note")
        suite.registry("UpdateTask", request)
        suite.progress("RecordJudgement", parent=DIFFICULT, judgement={
            "light": "LIGHT_BEHIND", "reason": marker("judged"), "validTo": "2025-02-28"})
        newest = suite.progress("ListReports", parent=DIFFICULT).reports[-1]
        suite.progress("SubmitReport", parent=DIFFICULT, period=newest.name.split("/reports/")[1].split("@")[0], report={
            "selfRating": "SELF_RATING_DIFFICULT", "problems": marker("problems"), "progressText": marker("progress_text"),
            "nextStep": marker("next_step"), "correctionReason": marker("correction")})
        suite.progress("ReturnReport", name=newest.name.split("@")[0], reason=marker("returned"))

    def draft(self):
        """Next year's list, of which nobody outside knows yet; and files that are no list at all."""
        content = people_added((SAMPLE / "list.csv").read_text(encoding="utf-8-sig")).replace("2024年", "2025年")
        content = content.replace("建设城市公园", marker("draft_title")).replace("建设完成2个口袋公园", marker("draft_content"))
        content = content.replace("承接市级民生实事", f"承接{marker('draft_group')}民生实事")
        content = content.replace("区旅游产业（集团）公司", marker("draft_unit"))
        request = PB["registry"].ImportProgramRequest(
            parent=Suite.DISTRICT, content=content.encode(), year=2025, document_number=marker("draft_document"),
            issued_on="2025-01-15", file_name=f"清单（联系人：{NAMES[4]} {PHONES[1]}）.csv")
        self.search.add("leader import", self.suite.registry("ImportProgram", request).SerializeToString())
        request.content = content.replace("4700", "4800").encode()
        self.error("RegistryService", "ImportProgram", "FAILED_PRECONDITION", request=request)  # the difference is to be confirmed
        request.validate_only = True
        self.search.add("leader import", self.suite.registry("ImportProgram", request).SerializeToString())
        path = self.suite.folder / "list.csv"
        path.write_text(content, encoding="utf-8")
        for command in (("notice", "parse", str(path)), ("notice", "check", str(path))):
            self.cli(*command)
        for broken in (f"联系人：{NAMES[2]},{PHONES[0]}\n", f"2025年\n{NAMES[3]} {PHONES[2]}\n", content[:len(content) // 2] + '"',
                       content.replace("项目名称", f"项目（联系人：{NAMES[5]}）"), content.replace("牵头单位", f"联系电话 {PHONES[3]}")):
            request.content, request.year = broken.encode(), 2026
            with contextlib.suppress(RpcError):
                self.search.add("leader import", self.suite.registry("ImportProgram", request).SerializeToString())
                continue
            self.error("RegistryService", "ImportProgram", request=request)

    def revoke(self):
        for name in ("revoked", "revoked too"):
            text = self.cli("token", "create", "--role", "leader", secret=True).stdout.strip()
            self.tokens[name] = text
            self.search.add("cli token", self.cli("token", "revoke", token_id(text), "--reason", "遗失").stdout)

    def refused(self):
        """Calls that break a rule of every kind; what does not fit comes back to the caller."""
        for role in ("public", "media_centre", "leader", "reporter", "finance"):
            for process in Suite.NAMES:
                for method, requests in asked(self.suite, process, ""):
                    if method.reads() or method.scope(role):
                        continue
                    answer = self.invoke(process, method, requests[0], self.metadata({"role": role, "unit": "区体育局"}))
                    assert answer.startswith(b"PERMISSION_DENIED"), (method.name, role, answer)
                    self.search.add(f"error {method.name}", answer)
        unborn = self.suite.registry("ListTasks", parent=DRAFT).tasks[0].name
        echo, said = {name: marker(name) for name in ECHOED}, {"problems": marker("problems")}
        self.error("ProgressService", "SubmitReport", "INVALID_ARGUMENT", parent=ROADS, period=echo["echoed_period"], report=said)
        self.error("ProgressService", "SubmitReport", "INVALID_ARGUMENT", parent=ROADS, period="2024-12",
                   report={**said, "measures": [{"target": 1, "value": echo["echoed_number"]}]})
        self.error("ProgressService", "SubmitReport", "NOT_FOUND", parent=task("municipal-99/1"), period="2024-12", report=said)
        self.error("ProgressService", "SubmitReport", "FAILED_PRECONDITION", "INVALID_ARGUMENT", parent=ROADS, period="2024-12",
                   report={**said, "measures": [{"target": 1, "value": "0"}, {"target": 2, "value": "0"}]})
        self.error("ProgressService", "SubmitReport", "PERMISSION_DENIED", parent=DIFFICULT, period="2024-12", report=said,
                   identity=REPORTER)
        self.error("ProgressService", "SubmitReport", "INVALID_ARGUMENT", parent=ROADS, period="2024-12",
                   report={"problems": marker("problems") * 4000})
        self.error("ProgressService", "RecordJudgement", "INVALID_ARGUMENT", parent=ROADS,
                   judgement={"reason": marker("judged"), "validTo": "2025-02-28"})
        self.error("ProgressService", "GetAssessment", "INVALID_ARGUMENT", name=echo["echoed_name"])
        self.error("ProgressService", "ListAssessments", "INVALID_ARGUMENT", parent=Suite.PROGRAM, page_token=echo["echoed_page"])
        self.error("RegistryService", "FilePlan", "INVALID_ARGUMENT", parent=ROADS, revision={
            "reason": marker("plan_reason"), "posts": {"责任人": marker("plan_post")}})
        self.error("RegistryService", "FilePlan", "FAILED_PRECONDITION", parent=unborn, revision={
            "reason": marker("plan_reason"), "milestones": [{"dueOn": "2025-12-31", "percent": "100"}]})
        self.error("RegistryService", "PublishProgram", "ABORTED", "FAILED_PRECONDITION", name=DRAFT, etag="x")
        self.error("RegistryService", "UpdateTask", "ABORTED", "FAILED_PRECONDITION", "INVALID_ARGUMENT",
                   task={"name": ROADS, "etag": "x"}, updateMask="targets", reason=marker("update_reason"))
        garbage = self.suite.clients["progress"].channel.unary_unary("/minsheng.progress.v1.ProgressService/SubmitReport")
        try:
            garbage(b"\xff" + marker("problems").encode(), timeout=10, metadata=self.metadata(REPORTER))
        except grpc.RpcError as error:
            self.search.add("error garbage", f"{error.details()} {error.trailing_metadata()}")

    def bad_tokens(self):
        issuer = self.suite.security.issuer
        for how in tokens.FORGERIES:
            self.tokens[how] = issuer.forged(how, "list_office", district="*", unit=marker("echoed_header"))
        sent = {how: [("authorization", f"Bearer {text}")] for how, text in self.tokens.items()}
        real = issuer.token("leader", district="*")
        self.tokens["scheme"] = real
        sent |= {"basic": [("authorization", f"Basic {real}")], "bare": [("authorization", real)],
                 "elsewhere": [("x-minsheng-token", real), ("x-minsheng-unit", urllib.parse.quote(marker("echoed_header")))],
                 "cut": [("authorization", f"Bearer {real[:-7]}")], "twice": [("authorization", f"Bearer {real}")] * 2,
                 "words": [("authorization", "Bearer " + urllib.parse.quote(marker("echoed_token")))],
                 "role": [("authorization", "Bearer " + issuer.sign(issuer.claims(marker("echoed_role"))))]}
        for how, metadata in sent.items():
            for process in Suite.NAMES:
                for name in ("GetClock", "ReadEvents", "SubmitReport", "PublishProgram"):
                    method = next(m for m in test_matrix.METHODS if m.name == name)
                    if process not in homes(method):
                        continue
                    answer = self.invoke(process, method, method.requests[0], metadata)
                    assert answer.startswith(b"UNAUTHENTICATED"), (how, answer)
                    self.search.add(f"error {name} {how}", answer)
        for how in ("expired", "altered_signature", "garbage"):
            self.search.add("cli token", self.cli("status", MINSHENG_TOKEN=self.tokens[how]).stderr)
        path = self.suite.folder / "mine"
        path.write_text(real)
        path.chmod(0o644)
        self.cli("status", MINSHENG_TOKEN_FILE=str(path))
        path.unlink()

    # --- what is searched ------------------------------------------------------------------------------------------------

    def collect(self):
        suite = self.suite
        for name in Suite.NAMES:
            process = pathlib.Path(f"/proc/{suite.processes[name].pid}")
            for part in ("cmdline", "environ"):
                self.search.add(f"{part} {name}", (process / part).read_bytes())
            self.search.add(f"http metrics {name}", suite.http(name, "/metrics"))
            self.search.add(f"http healthz {name}", suite.http(name, "/healthz"))
        for key, value in self.redis.values().items():
            self.search.add(f"redis {key.decode()}", key + b"\0" + value)
        for caller in ("public", "media_centre"):
            self.answers(caller, "public")
        for caller in ("leader", "auditor"):
            self.answers(caller, "leader")
        file = suite.folder / "written" / "export.jsonl"
        file.parent.mkdir()
        self.cli("audit", "export", "--to", str(file))
        self.search.add("audit export", file.read_bytes())
        self.cli("audit", "verify", "--save-anchors", str(file.parent / "anchors"))
        self.cli("token", "create", "--role", "auditor", "--out", str(file.parent / "token"))
        self.tokens["written"] = (file.parent / "token").read_text().strip()
        self.cli("audit", "list", "--limit", "0")
        self.cli("status")
        self.cli("backup", str(suite.folder / "backup"))
        for name in Suite.NAMES:  # its refusals are on disk
            assert suite.stop(name) == 0
        for name in Suite.NAMES:
            suite.start(name)
        suite.wait_followed()
        for name in Suite.NAMES:
            for event in suite.events(name):
                self.search.add(f"events {name} {event.position}", event.SerializeToString())
            rows = suite.log_call(name, "ListRefusals", max=1000).refusals
            assert rows, f"{name} noted no refusal"
            for row in rows:
                self.search.add(f"refusals {name} {row.position}", row.SerializeToString())
            self.search.add(f"log {name}", suite.log(name))
        self.tokens |= {f"held by {dict(who)}": text for who, text in suite.security.tokens.items()}
        for path in (suite.folder / "state").rglob("*"):
            if path.is_file():
                self.search.add(f"files {path.name}", path.read_bytes())
        for path in (suite.folder / "backup").rglob("*"):
            self.search.add(f"files backup {path.name}", path.read_bytes())

    def metadata(self, who):
        return self.suite.security.metadata({"post": "测试", "district": "500156", **who})

    def invoke(self, process, method, request, metadata):
        """Everything that comes back: the answer, or the error with its details."""
        channel = self.suite.clients[process].channel
        kind = channel.unary_stream if method.streams else channel.unary_unary
        call = kind(method.path, request_serializer=method.request_class.SerializeToString)
        try:
            answer = call(request, timeout=20, metadata=metadata)
            return b"OK " + (b"".join(answer) if method.streams else answer)
        except grpc.RpcError as error:
            return f"{error.code().name} {error.details()} {error.trailing_metadata()}".encode()

    def answers(self, role, kind):
        """What a caller with this role gets from every rpc for every name there is."""
        metadata = self.metadata({"role": role, "unit": "区融媒体中心"})
        for process in Suite.NAMES:
            for method, requests in asked(self.suite, process, role):
                for request in requests:
                    answer = self.invoke(process, method, request, metadata)
                    while answer.startswith(b"RESOURCE_EXHAUSTED"):  # the public may ask so often, and no more
                        time.sleep(0.2)
                        answer = self.invoke(process, method, request, metadata)
                    self.search.add(f"{kind} {role} {method.name} {str(request)[:90]!r}", answer)

    def contacts(self):
        return {**{name: name for name in NAMES}, **{mail: mail for mail in MAILS}}

    def secrets(self):
        """Tokens with their parts, and the private keys of the folder."""
        found = {}
        for name, text in self.tokens.items():
            parts = text.split(".")
            for part in ([text, parts[1], parts[2]] if len(parts) == 3 else [text]):
                if len(part) > 8:
                    found[f"token {name} {part[:8]}"] = part
        found["key of the issuer"] = json.loads((self.suite.folder / "issuer" / "key.jwk").read_text())["d"]
        for path in (self.suite.folder / "pki").rglob("*.key"):
            for number, line in enumerate(path.read_text().splitlines()):
                if not line.startswith("-----"):
                    found[f"key {path.name} {number}"] = line
        return found

    def ids(self):
        found = {f"id of {name}": token_id(text) for name, text in self.tokens.items()}
        return {name: text for name, text in found.items() if len(text) == 32}


def token_id(text):
    """The jti; "" of what is no token."""
    try:
        return json.loads(base64.urlsafe_b64decode(text.split(".")[1] + "==")).get("jti", "")
    except (IndexError, ValueError):
        return ""


def homes(method):
    if method.service.name in ("RegistryService", "CredentialService"):
        return ("registry",)
    return ("progress",) if method.service.name == "ProgressService" else Suite.NAMES


def resources(suite):
    """{kind: names}: every program and task there is, and one of each that is not there."""
    tasks = [t.name for program in (Suite.PROGRAM, DRAFT)
             for t in suite.registry("ListTasks", parent=program, pageSize=1000).tasks]
    return {"programs": [Suite.PROGRAM, DRAFT, DRAFT.replace("2025", "2026")], "tasks": tasks + [task("municipal-99/1")],
            "districts": [Suite.DISTRICT, "districts/-", "districts/500101"]}


def named(request):
    """(message, field) of the request's fields that hold a resource's name."""
    found = []
    for field, value in request.ListFields():
        if field.type == field.TYPE_STRING and not field.label == field.LABEL_REPEATED and value.startswith("districts/"):
            found.append((request, field.name))
        elif field.type == field.TYPE_MESSAGE and field.label != field.LABEL_REPEATED:
            found += named(value)
    return found


def variants(request, names):
    """The request about every resource of the kind that it is about."""
    for message, field in named(request):
        name = getattr(message, field)
        if test_matrix.TASK in name:
            begin, known = test_matrix.TASK, names["tasks"]
        elif Suite.PROGRAM in name:
            begin, known = Suite.PROGRAM, names["programs"]
        else:
            begin, known = Suite.DISTRICT, names["districts"]
        for other in known:
            setattr(message, field, name.replace(begin, other))
            copy = type(request)()
            copy.CopyFrom(request)
            yield copy
        setattr(message, field, name)
    if not named(request):
        yield request


def asked(suite, process, role):
    """(method, requests) of every rpc that the process serves; for a role that may read, at several instants."""
    names = resources(suite)
    for method in test_matrix.METHODS:
        if process not in homes(method):
            continue
        requests = []
        for request in method.requests:
            copy = method.request_class()
            copy.CopyFrom(request)
            for field in ("page_size", "max"):
                if field in copy.DESCRIPTOR.fields_by_name:
                    setattr(copy, field, 1000)
            requests += variants(copy, names) if role else [copy]
        if role and method.reads() and "as_of" in method.request_class.DESCRIPTOR.fields_by_name:
            requests += [at(request, instant) for request in list(requests) for instant in INSTANTS]
        yield method, requests


def at(request, instant):
    copy = type(request)()
    copy.CopyFrom(request)
    json_format.ParseDict({"asOf": instant}, copy)
    return copy


# Where nothing but what the caller may read is told. "events", "refusals", "audit", "files", "leader" and "cli" are for officials.
TOLD_TO_ALL = ("log", "http", "redis", "cmdline", "environ", "error", "public")


class Secrets(unittest.TestCase):
    maxDiff = 6000
    found = 0

    @classmethod
    def setUpClass(cls):
        cls.redis = Redis()
        cls.redis.start()
        cls.addClassCleanup(cls.redis.close)
        redis = f"unix:{cls.redis.path}"
        cls.suite = Suite(secure=True, redis=redis, flags=dict.fromkeys(Suite.NAMES, [f"--limits_redis={redis}"]))
        cls.addClassCleanup(cls.suite.close)
        cls.year = Year(cls.suite, cls.redis)
        cls.year.run()
        cls.year.collect()
        cls.search = cls.year.search

    @classmethod
    def tearDownClass(cls):
        kinds = ", ".join(f"{kind} {len(rows)}" for kind, rows in sorted(cls.search.haystacks.items()))
        print(f"» {len(cls.search.needles)} needles in {cls.search.count} haystacks, {cls.search.bytes / 1e6:.1f} MB: "
              f"{cls.found} found where they must not be ({kinds})", flush=True)

    def assert_nowhere(self, found):
        type(self).found += len(found)
        self.assertEqual([], found[:20], f"{len(found)} found")

    def test_no_contact_of_a_notice_is_anywhere(self):
        # Reports say "请联系张某某": an official's own words, which stay with officials.
        elsewhere = self.year.contacts()
        first = elsewhere.pop(NAMES[0])
        self.assert_nowhere(self.search.find(elsewhere) + self.search.find({first: first}, *TOLD_TO_ALL))

    def test_no_telephone_number_of_a_notice_is_anywhere(self):
        self.assert_nowhere(self.search.find_numbers(PHONES))

    def test_no_token_and_no_key_is_anywhere(self):
        self.assert_nowhere(self.search.find(self.year.secrets()))

    def test_nothing_like_a_token_or_a_key_is_anywhere(self):
        # Also those that the command line makes for a call and that nobody here has seen.
        self.assert_nowhere(self.search.find_like({"a token": TOKEN, "a key": KEY}))

    def test_ids_of_tokens_are_told_to_officials_only(self):
        self.assert_nowhere(self.search.find(self.year.ids(), *TOLD_TO_ALL))

    def test_no_internal_word_is_told_to_all(self):
        self.assert_nowhere(self.search.find({name: marker(name) for name in INTERNAL}, *TOLD_TO_ALL))

    def test_what_does_not_fit_is_told_to_its_caller_only(self):
        kinds = set(self.search.haystacks) - {"error"}
        self.assert_nowhere(self.search.find({name: marker(name) for name in ECHOED}, *kinds))

    # --- the search finds ------------------------------------------------------------------------------------------------

    def test_control_internal_words_are_found_where_officials_read(self):
        for name in INTERNAL:
            for kind in ("leader", "events", "files"):
                if name != "update_reason" or kind != "leader":  # told in the events alone
                    self.assertTrue(self.search.find({name: marker(name)}, kind), f"{name} is in no {kind}")
        self.assertTrue(self.search.find({NAMES[0]: NAMES[0]}, "leader"))

    def test_control_what_is_published_is_found_in_public_answers(self):
        for role in ("public", "media_centre"):
            found = {name.split()[2] for needle, name in self.search.find({"title": "建设城市公园"}, "public")
                     if name.split()[1] == role}
            self.assertLessEqual({"ListTasks", "ListProjects", "GetTask", "ListAssessments", "GetAssessment"}, found)
        self.assertTrue(any(name.startswith("redis") for name, _ in self.search.haystacks["redis"]))

    def test_control_every_contact_stood_in_the_notice_and_its_row_came_in(self):
        planted = Search()
        planted.add("input list.csv", (self.suite.folder / "sample" / "list.csv").read_bytes())
        contacts = [*NAMES, *MAILS, *PHONES]
        self.assertEqual(len(contacts), len(planted.find({text: text for text in contacts})))
        rows = {name for _, name in self.search.find({"words beside": "服务热线"}, "public") if " GetTask " in name}
        self.assertGreaterEqual(len(rows), len(PHONES) - 1)

    def test_control_ids_are_found_in_events_and_refusals(self):
        kept = {name.split()[0] for _, name in self.search.find(self.year.ids())}
        self.assertLessEqual({"events", "audit", "files", "refusals"}, kept)

    def test_control_errors_tell_back_what_did_not_fit(self):
        for name in ("echoed_period", "echoed_name"):
            self.assertTrue(self.search.find({name: marker(name)}, "error"), name)

    def test_control_what_is_planted_is_found(self):
        secrets = self.year.secrets()
        for name, text in secrets.items():
            planted = Search()
            planted.add("log planted", f'{{"message":"call with {text}"}}')
            self.assertEqual([(name, "log planted")], planted.find({name: text}))
            if text.count(".") == 2 and text.startswith("eyJ") and not text.endswith("."):
                self.assertEqual([("a token", "log planted")], planted.find_like({"a token": TOKEN}), text)
        planted = Search()
        planted.add("log planted", (self.suite.folder / "issuer" / "key.jwk").read_text())
        for path in (self.suite.folder / "pki").rglob("*.key"):
            planted.add("log planted", path.read_text())
        self.assertEqual(planted.count, len(planted.find_like({"a key": KEY})))
        self.assertGreater(len([name for name in secrets if name.startswith("key ")]), 6)
        for phone in PHONES:
            planted = Search()
            planted.add("log planted", f"电话{phone}")
            self.assertEqual([(phone, "log planted")], planted.find_numbers([phone]))
        for name in NAMES:
            for how in (name, json.dumps(name), urllib.parse.quote(name), '"\\345\\274\\240\\346\\237\\220\\346\\237\\220"'):
                planted = Search()
                planted.add("log planted", how)
                self.assertEqual(name == NAMES[0] or not how.startswith('"\\345\\274\\240'), bool(planted.find({name: name})))

    # --- files -----------------------------------------------------------------------------------------------------------

    def test_files_are_for_their_owner_alone(self):
        """State, keys, tokens, backups; what everybody may read is named."""
        wrong, looked_at = [], 0
        for folder in ("state", "pki", "issuer", "backup", "written"):
            for path in (self.suite.folder / folder).rglob("*"):
                mode = stat.S_IMODE(path.lstat().st_mode)
                public = path.suffix == ".pem" or path.name == "jwks.json"
                looked_at += 1
                if mode & (0o022 if public else 0o077):
                    wrong.append(f"{path} {mode:o}")
        self.assertEqual([], wrong)
        self.assertGreater(looked_at, 12)


if __name__ == "__main__":
    unittest.main()
