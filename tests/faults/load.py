"""Load for fault tests: writers that repeat an unanswered write under its request id, what they were told, and the audit.

Every write carries a mark of its own inside its content (a report's text, a plan's reason), apart from its request id:
what was stored twice is found by its mark even when the ids differ.
"""

import collections
import pathlib
import random
import socket
import subprocess
import sys
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from suite import CALENDAR, PB, ROOT, Client, RpcError, Suite  # noqa: E402

ORACLE = ROOT / "tests" / "oracle" / "oracle.py"
PERIODS = ("2024-03", "2024-04", "2024-05", "2024-06", "2024-07")
JULY = "2024-07-05T09:00:00+08:00"


def restartable(suite, processes=None):
    """Gives a suite ports that survive a restart: outside the range from which outgoing connections take theirs. Starts the
    processes, "registry:2" being another one of the registry."""
    processes = processes or suite.NAMES
    def free():
        while True:
            port = random.randrange(12000, 32000)
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) != 0:
                    return port
    suite.ports = {name: {"grpc": free(), "http": free()} for name in processes}
    for name in processes:
        suite.start(name)
    return suite


def prepared(processes=None, **options):
    """A running suite with the sample's list published, in July."""
    suite = restartable(Suite(start=False, **options), processes)
    suite.import_sample()
    suite.advance(JULY)
    suite.wait_followed()
    return suite


def measures(task, level):
    """A valid statement on a task; counts grow with `level`."""
    kinds = PB["registry"].TargetKind
    stated = []
    for target in task.targets:
        if target.kind == kinds.Value("TARGET_KIND_COUNT"):
            stated.append({"target": target.number, "value": str(level)})
        elif target.kind == kinds.Value("TARGET_KIND_COVERAGE"):
            stated.append({"target": target.number, "value": "1"})
        elif target.kind == kinds.Value("TARGET_KIND_EVENT"):
            stated.append({"target": target.number, "work_stage": "WORK_STAGE_PREPARATION"})
    return stated


def report_of(task, level, mark):
    return {"measures": measures(task, level), "progress_text": mark, "self_rating": "SELF_RATING_NORMAL"}


def tasks_of(suite):
    return list(suite.registry("ListTasks", parent=suite.PROGRAM, page_size=100).tasks)


class Write:
    """One write and what became of it."""

    def __init__(self, service, method, marks, **fields):
        self.service, self.method, self.marks, self.fields = service, method, marks, fields
        self.request_id = uuid.uuid4().hex
        self.state = "open"  # answered, abandoned (never asked again) or refused
        self.answer = None


class Attempt:
    def __init__(self, write):
        self.write, self.outcome, self.begin = write, None, time.monotonic()


class Ledger:
    """What all writers did. Thread-safe."""

    def __init__(self):
        self.lock = threading.Lock()
        self.writes, self.running, self.surprises, self.failures = [], set(), [], []
        self.codes = collections.Counter()

    def begin(self, write):
        attempt = Attempt(write)
        with self.lock:
            self.running.add(attempt)
        return attempt

    def end(self, attempt, outcome):
        with self.lock:
            attempt.outcome = outcome
            self.running.discard(attempt)
            self.codes[attempt.write.service, outcome] += 1
            if outcome != "OK":
                self.failures.append((attempt.write.service, attempt.begin, time.monotonic()))

    def in_flight(self, services):
        with self.lock:
            return [a for a in self.running if a.write.service in services]

    def surprise(self, text):
        with self.lock:
            self.surprises.append(text)

    def answered(self):
        with self.lock:
            return sum(1 for write in self.writes if write.state == "answered")


class Writer(threading.Thread):
    """Writes until told to stop; what it began it ends."""

    RETRIED = ("UNAVAILABLE",)
    METHOD_SERVICE = {"progress": "ProgressService", "registry": "RegistryService"}

    def __init__(self, suite, ledger, seed, think=0.01, abandon=0.0, retried=RETRIED):
        super().__init__(daemon=True)
        self.suite, self.ledger, self.think, self.abandon, self.retried = suite, ledger, think, abandon, retried
        self.random = random.Random(seed)
        self.stopping = threading.Event()
        self.clients = {name: Client(suite.address(name)) for name in suite.NAMES}
        self.serial, self.last_error = 0, None

    def mark(self):
        self.serial += 1
        return f"{self.name}-{self.serial}"

    def invoke(self, write):
        return self.clients[write.service].call(self.METHOD_SERVICE[write.service], write.method,
                                                request_id=write.request_id, **write.fields)

    def reconnect(self, service):
        """gRPC's Python channels now and then stop trying for seconds after several deaths of their server: take another."""
        self.clients[service].close()
        self.clients[service] = Client(self.suite.address(service))

    def perform(self, write):
        """Asks until answered; the answer, or None when it was refused or, on purpose, given up."""
        self.ledger.writes.append(write)
        while True:
            attempt = self.ledger.begin(write)
            try:
                write.answer = self.invoke(write)
            except RpcError as error:
                self.ledger.end(attempt, error.code)
                self.last_error = error
                if error.code not in self.retried:
                    self.ledger.surprise(f"{write.method} {write.fields}: {error}")
                    write.state = "refused"
                    return None
                if self.random.random() < self.abandon:
                    write.state = "abandoned"
                    return None
                self.pause(write.service, error)
                continue
            self.ledger.end(attempt, "OK")
            write.state = "answered"
            return write.answer

    def pause(self, service, error):
        time.sleep(0.02)
        if error.code == "UNAVAILABLE":
            self.reconnect(service)

    def read(self, service, method, **fields):
        while True:
            try:
                return self.clients[service].call(self.METHOD_SERVICE[service], method, **fields)
            except RpcError as error:
                self.last_error = error
                if error.code not in self.retried:
                    raise
                self.pause(service, error)

    def run(self):
        while not self.stopping.is_set():
            try:
                self.step()
            except Exception as error:  # a thread must not die in silence
                self.ledger.surprise(f"{self.name}: {error!r}")
                return
            time.sleep(self.random.uniform(0, 2 * self.think))

    def step(self):
        raise NotImplementedError


class ReportWriter(Writer):
    """Reports on its own tasks, one or several at once; values never fall."""

    def __init__(self, *args, tasks, **options):
        super().__init__(*args, **options)
        self.tasks, self.level = tasks, 0

    def step(self):
        self.level += 1
        count = 1 if self.random.random() < 0.8 else min(3, len(self.tasks))
        mark = self.mark()
        parts = []
        for i, task in enumerate(self.random.sample(self.tasks, count)):
            period = self.random.randrange(len(PERIODS))
            parts.append({"parent": task.name, "period": PERIODS[period],
                          "report": report_of(task, period * 1_000_000 + self.level, f"{mark}/{i}")})
        marks = [part["report"]["progress_text"] for part in parts]
        if count == 1:
            answer = self.perform(Write("progress", "SubmitReport", marks, **parts[0]))
            stored = [answer.report] if answer else []
        else:
            answer = self.perform(Write("progress", "BatchSubmitReports", marks, parent=Suite.PROGRAM, requests=parts))
            stored = answer.reports if answer else []
        if answer and [r.progress_text for r in stored] != marks:
            self.ledger.surprise(f"asked to store {marks}, answered {[r.progress_text for r in stored]}")


class PlanWriter(Writer):
    """Files and approves plans and changes targets of its own tasks."""

    def __init__(self, *args, tasks, **options):
        super().__init__(*args, **options)
        self.tasks = {task.name: task for task in tasks}

    def step(self):
        name = self.random.choice(list(self.tasks))
        if self.random.random() < 0.5:
            self.update(name)
        else:
            self.file(name)

    def update(self, name):
        task, mark = self.tasks[name], self.mark()
        changed = PB["registry"].Task(name=name, etag=task.etag, targets=task.targets)
        changed.targets[0].note = mark
        request = PB["registry"].UpdateTaskRequest(task=changed, reason=mark)
        request.update_mask.paths.append("targets")
        write = Write("registry", "UpdateTask", [mark], request=request)
        request.request_id = write.request_id
        answer = self.perform(write)
        self.tasks[name] = answer.task if answer else self.read("registry", "GetTask", name=name).task

    def file(self, name):
        mark = self.mark()
        revision = {"starts_on": "2024-04-01", "reason": mark, "milestones": [
            {"due_on": "2024-06-30", "percent": str(self.random.randrange(10, 50))},
            {"due_on": "2024-12-20", "percent": "100"}]}
        answer = self.perform(Write("registry", "FilePlan", [mark], parent=name, revision=revision))
        if answer and self.random.random() < 0.3:
            mark = self.mark()
            self.perform(Write("registry", "ApprovePlan", [mark], name=answer.revision.name, document_number=mark))

    def invoke(self, write):
        if "request" not in write.fields:
            return super().invoke(write)
        write.fields["request"].request_id = write.request_id
        return self.clients[write.service].call("RegistryService", write.method, write.fields["request"])


def start_writers(suite, ledger, reporters=6, planners=3, seed=1, **options):
    """Writers over disjoint tasks: a statement never meets another one's figures, an etag never another's change. The first
    task is left to the test."""
    tasks = tasks_of(suite)[1:]
    writers = [ReportWriter(suite, ledger, seed + i, tasks=tasks[i::reporters], **options) for i in range(reporters)]
    writers += [PlanWriter(suite, ledger, seed + 100 + i, tasks=tasks[i::planners], **options) for i in range(planners)]
    for i, writer in enumerate(writers):
        writer.name = f"w{i}"
        writer.start()
    return writers


def stop_writers(writers, patience=60):
    for writer in writers:
        writer.stopping.set()
    for writer in writers:
        writer.join(patience)
        if writer.is_alive():
            raise AssertionError(f"{writer.name} got no answer within {patience} s; last: {writer.last_error}")


def mark_of(event):
    """The mark in an event's content; None for events that are no writer's."""
    kind = event.payload.TypeName().rsplit(".", 1)[-1]
    module = PB["progress"] if kind == "ReportSubmitted" else PB["registry"]
    field = {"ReportSubmitted": lambda p: p.report.progress_text, "TaskPut": lambda p: p.reason,
             "PlanFiled": lambda p: p.revision.reason, "PlanApproved": lambda p: p.revision.document_number}.get(kind)
    if field is None:
        return None
    payload = getattr(module, kind)()
    event.payload.Unpack(payload)
    return field(payload) or None


def numbers_in(events):
    """(report of task and period, or plan of task) → the version numbers given, in the log's order."""
    found = collections.defaultdict(list)
    for event in events:
        kind = event.payload.TypeName().rsplit(".", 1)[-1]
        if kind == "ReportSubmitted":
            payload = PB["progress"].ReportSubmitted()
            event.payload.Unpack(payload)
            found[payload.report.name.split("@")[0]].append(payload.report.version)
        elif kind == "PlanFiled":
            payload = PB["registry"].PlanFiled()
            event.payload.Unpack(payload)
            task, _, number = payload.revision.name.rpartition("/revisions/")
            found[task].append(int(number))
    return found


class Audit:
    """Compares what writers were told with the logs, and the logs with everything that is made from them."""

    def __init__(self, suite, ledger, anchors=None):
        self.problems = list(ledger.surprises)
        self.lost, self.twice, self.partial = [], [], []
        self.acknowledged = 0
        suite.wait_followed()
        self.events = {name: suite.events(name) for name in suite.NAMES}
        self._writes(ledger)
        for name in suite.NAMES:
            self._log(name)
            self._verify(suite, name, (anchors or {}).get(name))
        head = suite.log_call("registry", "GetLogHead").position
        if suite.followed_position() != head:
            self.problems.append(f"progress follows to {suite.followed_position()} of {head}")
        self._recount(suite)

    def _writes(self, ledger):
        stored = collections.Counter()
        by_request = collections.defaultdict(list)
        for events in self.events.values():
            for event in events:
                mark = mark_of(event)
                if mark:
                    stored[mark] += 1
                    by_request[event.method, event.request_id].append(event.position)
        self.twice = [mark for mark, count in stored.items() if count > 1]
        for write in ledger.writes:
            there = sum(1 for mark in write.marks if stored[mark])
            if write.state == "answered":
                self.acknowledged += 1
                if there < len(write.marks):
                    self.lost.append(write.marks)
            if there not in (0, len(write.marks)):
                self.partial.append(write.marks)
        for (method, request_id), positions in by_request.items():
            if positions != list(range(positions[0], positions[0] + len(positions))):
                self.twice.append(f"{method} {request_id} at {positions}")
        known = {w.request_id for w in ledger.writes}
        for method, request_id in by_request:
            if request_id not in known:
                self.problems.append(f"nobody asked for {method} {request_id}")

    def _log(self, name):
        positions = [event.position for event in self.events[name]]
        if positions != list(range(1, len(positions) + 1)):
            self.problems.append(f"{name}: positions have gaps")
        for of, numbers in numbers_in(self.events[name]).items():
            if numbers != list(range(1, len(numbers) + 1)):
                self.problems.append(f"{of}: versions {numbers}")

    def _verify(self, suite, name, anchor):
        fields = {"anchor_position": anchor[0], "anchor_hash": anchor[1]} if anchor else {}
        verdict = suite.log_call(name, "VerifyLog", PB["events"].VerifyLogRequest(**fields), timeout=120)
        if not verdict.ok or verdict.events != len(self.events[name]):
            self.problems.append(f"{name}: verify says {verdict.ok}, {verdict.events} events, {list(verdict.findings)}")

    def _recount(self, suite):
        """/metrics against the oracle, which counts from the logs alone."""
        folder = suite.folder / "audit"
        folder.mkdir(exist_ok=True)
        for name in suite.NAMES:
            suite.events_json(name, folder / f"{name}.json")
        (folder / "metrics.txt").write_text(suite.http("progress", "/metrics"))
        now = suite.clients["progress"].call("ClockService", "GetClock").now.ToJsonString()
        run = subprocess.run([sys.executable, str(ORACLE), "--registry", folder / "registry.json", "--progress",
                              folder / "progress.json", "--at", now, "--metrics", folder / "metrics.txt",
                              "--holidays", str(CALENDAR)], capture_output=True, text=True)
        if run.returncode != 0:
            self.problems.append(f"the oracle counts otherwise:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")

    def check(self, test):
        test.assertEqual([], self.problems[:5])
        test.assertEqual([], self.lost[:5], "acknowledged and lost")
        test.assertEqual([], self.twice[:5], "applied twice")
        test.assertEqual([], self.partial[:5], "there in part")


def measured(text):
    """What an experiment found, for a reader and for tools/prove."""
    print(f"» {text}", flush=True)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
