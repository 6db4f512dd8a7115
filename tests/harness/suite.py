"""A real suite for tests: the service programs in a temporary folder, on free ports, and calls to them.

    with Suite() as suite:                    # registry and progress, made for a rehearsal; TEST_SECURE=1: TLS and tokens
        suite.import_sample()                 # district, list, published
        reply = suite.progress("SummarizeProgram", name=suite.PROGRAM)
        suite.kill("progress"); suite.start("progress")

Calls go over gRPC with messages generated from proto/ at first use; errors are RpcError with .code, .reason and .message.
Programs are taken from $MINSHENG_BINARY_DIR/bin (ctest sets it), else from build/release. Needs Debian's python3-grpcio,
python3-protobuf and protobuf-compiler; run with /usr/bin/python3.
"""

import atexit
import functools
import importlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import grpc
from engine import engine_of
from google.protobuf import json_format
from security import Security

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("MINSHENG_BINARY_DIR", ROOT / "build" / "release")).resolve()
SAMPLE = ROOT / "deploy" / "samples" / "wulong-2024"
CALENDAR = ROOT / "deploy" / "calendar" / "cn-holidays.csv"
SERVICE_CONFIG = (ROOT / "deploy" / "grpc" / "service-config.json").read_text()


def _generate():
    """The Python messages of every .proto, generated into a temporary folder."""
    out = tempfile.mkdtemp(prefix="minsheng-proto-")
    atexit.register(shutil.rmtree, out, True)
    protos = [str(p.relative_to(ROOT / "proto")) for p in (ROOT / "proto").rglob("*.proto")]
    subprocess.run(["protoc", "-I.", f"--python_out={out}", *protos], cwd=ROOT / "proto", check=True)
    sys.path.insert(0, out)
    # google/ is a package of the installed protobuf as well: let it hold ours, too.
    import google
    google.__path__.append(os.path.join(out, "google"))
    return {name: importlib.import_module(path) for name, path in {
        "access": "minsheng.common.v1.access_pb2",
        "credentials": "minsheng.common.v1.credentials_pb2",
        "events": "minsheng.common.v1.event_log_pb2",
        "clock": "minsheng.common.v1.clock_pb2",
        "registry": "minsheng.registry.v1.registry_pb2",
        "progress": "minsheng.progress.v1.progress_pb2",
        "http": "google.api.annotations_pb2",
        "status": "google.rpc.status_pb2",
        "details": "google.rpc.error_details_pb2",
    }.items()}


PB = _generate()

SERVICES = {
    "EventLogService": PB["events"],
    "ClockService": PB["clock"],
    "CredentialService": PB["credentials"],
    "RegistryService": PB["registry"],
    "ProgressService": PB["progress"],
}


# Who calls an rpc that the list office may not call.
ROLES = {**dict.fromkeys(("ReadEvents", "GetLogHead", "VerifyLog", "ListRefusals"), {"role": "auditor"}),
         **dict.fromkeys(("Backup", "AdvanceClock", "RevokeCredential", "ListRevocations"), {"role": "operator"})}


class RpcError(Exception):
    """An error answer: .code ("INVALID_ARGUMENT"), .reason ("BAD_NAME"), .message, .metadata."""

    def __init__(self, error):
        self.code = error.code().name
        self.message = error.details()
        self.reason, self.metadata = "", {}
        for key, value in error.trailing_metadata() or ():
            if key != "grpc-status-details-bin":
                continue
            status = PB["status"].Status.FromString(value)
            for any_ in status.details:
                info = PB["details"].ErrorInfo()
                if any_.Unpack(info):
                    self.reason, self.metadata = info.reason, dict(info.metadata)
        super().__init__(f"{self.code} {self.reason}: {self.message}")


class Client:
    """Calls to one service process, or with the shipped service config to several. Thread-safe."""

    def __init__(self, address, role="list_office", unit="区发展改革委", post="测试", service_config=None, security=None,
                 credentials=None):
        """With `security` TLS and tokens, with `credentials` TLS of one's own."""
        self.security = security
        connect = functools.partial(grpc.secure_channel, credentials=credentials) if credentials else \
            security.channel if security else grpc.insecure_channel
        self.channel = connect(address, options=[
            *([("grpc.service_config", service_config)] if service_config else []),
            ("grpc.max_receive_message_length", 64 << 20), ("grpc.max_send_message_length", 64 << 20),
            ("grpc.use_local_subchannel_pool", 1),  # a connection of its own: no other client's backoff after a restart
            # The least backoff is also the time that a connection may take to come up.
            ("grpc.initial_reconnect_backoff_ms", 50), ("grpc.min_reconnect_backoff_ms", 1000),
            ("grpc.max_reconnect_backoff_ms", 200)])
        self.identity = {"role": role, "unit": unit, "post": post}

    def call(self, service, method, request=None, timeout=10, identity=None, token="", wait_for_ready=False, **fields):
        """One unary call. The request is a message, or its fields as proto JSON; a token goes with it as a bearer's."""
        module = SERVICES[service]
        descriptor = module.DESCRIPTOR.services_by_name[service].methods_by_name[method]
        request_class = getattr(module, descriptor.input_type.name)
        response_class = getattr(module, descriptor.output_type.name)
        if request is None:
            request = json_format.ParseDict(fields, request_class())
        invoke = self.channel.unary_unary(
            f"/{descriptor.containing_service.full_name}/{method}",
            request_serializer=request_class.SerializeToString, response_deserializer=response_class.FromString)
        who = {**self.identity, **ROLES.get(method, {}), **(identity or {})}
        metadata = self.security.metadata(who) if self.security else [
            (f"x-minsheng-{k}", urllib.parse.quote(v)) for k, v in who.items() if v]
        if token:
            metadata.append(("authorization", f"Bearer {token}"))
        try:
            return invoke(request, timeout=timeout, metadata=metadata, wait_for_ready=wait_for_ready)
        except grpc.RpcError as error:
            raise RpcError(error) from None

    def close(self):
        self.channel.close()


class Suite:
    """Registry and progress in a temporary folder. A context manager: leaving it ends every process.

    "registry" is a process; "registry:2" is another one of the same service on the same database (PostgreSQL only)."""

    DISTRICT = "districts/500156"
    PROGRAM = "districts/500156/programs/2024"
    NAMES = ("registry", "progress")

    def __init__(self, rehearsal=True, redis="", flags=None, start=True, engine=None, secure=None, tls=False):
        """`secure`: TLS and tokens, by default as $TEST_SECURE says; `tls`: TLS alone, callers are believed."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="minsheng-suite-"))
        self.rehearsal = rehearsal
        self.redis = redis
        self.flags = flags or {}  # service → further flags
        self.processes, self.clients, self.ports = {}, {}, {}
        self.engine = engine_of(self, engine)
        self.pki = self.folder / "pki" if tls else None  # certificates, made by the CLI
        if tls:
            self.certs("init")
        if secure is None:
            secure = os.environ.get("TEST_SECURE") == "1" and not tls
        self.security = Security(self.folder, BUILD / "bin" / "minsheng") if secure else None
        if start:
            for name in self.NAMES:
                self.start(name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for client in self.clients.values():
            client.close()
        for name in list(self.processes):
            self.kill(name)
        self.engine.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- processes ---------------------------------------------------------------------------------------------------

    def start(self, name, wait=True, extra=()):
        """Starts a service, on the ports it had before if it ran already."""
        ready = self.folder / f"{name}.ready"
        ready.unlink(missing_ok=True)
        ports = self.ports.get(name, {"grpc": 0, "http": 0})
        service = name.partition(":")[0]
        command = [str(BUILD / "bin" / f"minsheng-{service}"), f"--state={self.folder / 'state'}",
                   f"--listen=127.0.0.1:{ports['grpc']}", f"--metrics_listen=127.0.0.1:{ports['http']}",
                   f"--ready_file={ready}", *self.engine.flags(service), *self.flags.get(service, ()), *extra]
        if self.security:
            command += self.security.flags()
        if self.rehearsal:
            command.append("--rehearsal")
        if self.pki:
            command.append(f"--tls={self.pki}")
        if service == "progress":
            command += [f"--registry={self.addresses('registry')}", f"--calendar={CALENDAR}"]
            if self.redis:
                command.append(f"--redis={self.redis}")
        log = open(self.folder / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        log.close()
        if wait:
            self.wait_ready(name)

    def wait_ready(self, name, patience=20):
        ready = self.folder / f"{name}.ready"
        end = time.monotonic() + patience
        while not ready.exists():
            if self.processes[name].poll() is not None or time.monotonic() > end:
                raise AssertionError(f"{name} did not start:\n{self.log(name)[-3000:]}")
            time.sleep(0.005)
        self.ports[name] = json.loads(ready.read_text())
        self.ports[name].pop("pid")
        # A connection of its own for every life of the service: an old one may still be waiting to try again.
        if name in self.clients:
            self.clients[name].close()
        self.clients[name] = Client(self.address(name), security=self.security, credentials=self.trust())

    def kill(self, name, sig=signal.SIGKILL):
        process = self.processes.pop(name)
        if process.poll() is None:
            process.send_signal(sig)
        return process.wait()

    def stop(self, name):
        """Ends a service as systemd would; returns its exit code."""
        return self.kill(name, signal.SIGTERM)

    def restart(self, *names):
        """Kills services and starts them again on their ports, with clients that never saw the old ones."""
        for name in names or self.NAMES:
            if name in self.processes:
                self.kill(name)
            self.clients.pop(name).close()
        for name in names or self.NAMES:
            self.start(name)

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def certs(self, *arguments, folder=None):
        """minsheng certs …, on the suite's certificates or another folder's."""
        run = subprocess.run([str(BUILD / "bin" / "minsheng"), "certs", *arguments, "--folder", str(folder or self.pki)],
                             capture_output=True, text=True)
        if run.returncode != 0:
            raise AssertionError(f"minsheng certs {' '.join(arguments)}: {run.stdout}{run.stderr}")
        return run.stdout

    def trust(self):
        """What people's clients need: the authority, no certificate. None without TLS."""
        return grpc.ssl_channel_credentials((self.pki / "ca.pem").read_bytes()) if self.pki else None

    def address(self, name):
        return f"127.0.0.1:{self.ports[name]['grpc']}"

    def addresses(self, service):
        """Of all processes of a service, as a gRPC target that a client balances over."""
        names = [name for name in self.ports if name.partition(":")[0] == service]
        return "ipv4:" + ",".join(self.address(name) for name in names)

    def http(self, name, path):
        url = f"http://127.0.0.1:{self.ports[name]['http']}{path}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read().decode()

    # --- calls ---------------------------------------------------------------------------------------------------------

    def registry(self, method, request=None, **fields):
        return self.clients["registry"].call("RegistryService", method, request, **fields)

    def progress(self, method, request=None, **fields):
        return self.clients["progress"].call("ProgressService", method, request, **fields)

    def log_call(self, name, method, request=None, **fields):
        return self.clients[name].call("EventLogService", method, request, **fields)

    def advance(self, to):
        """Moves the rehearsal's time: "2024-04-01T00:00:00+08:00"."""
        for name in self.NAMES:
            self.clients[name].call("ClockService", "AdvanceClock", to=to)

    def events(self, name):
        """The whole log of a service."""
        events = []
        while True:
            page = self.log_call(name, "ReadEvents", after=events[-1].position if events else 0, max=1000).events
            if not page:
                return events
            events.extend(page)

    def events_json(self, name, path):
        """Writes a service's log as the oracle reads it."""
        rows = [json_format.MessageToDict(e, preserving_proto_field_name=True) for e in self.events(name)]
        pathlib.Path(path).write_text(json.dumps(rows, ensure_ascii=False))

    def wait_followed(self, patience=10):
        """Until progress shows all of the registry's log."""
        head = self.log_call("registry", "GetLogHead").position
        end = time.monotonic() + patience
        while time.monotonic() < end:
            text = self.http("progress", "/metrics")
            known = [float(l.split()[-1]) for l in text.splitlines() if l.startswith("minsheng_feed_position")]
            if known and known[0] >= head and self.followed_position() >= head:
                return
            time.sleep(0.01)
        raise AssertionError("progress did not follow the registry")

    def followed_position(self):
        """How far progress has followed the registry, read from its database."""
        rows = self.engine.rows("progress", "SELECT position FROM peers WHERE peer = 'registry'")
        return rows[0][0] if rows else 0

    def import_sample(self, publish=True, corrections=True):
        """The sample's list: district, import, publish."""
        program = json.loads((SAMPLE / "program.json").read_text())
        self.registry("CreateDistrict", district=program["district"])
        request = PB["registry"].ImportProgramRequest(
            parent=program["district"]["name"], file_name="list.csv", content=(SAMPLE / "list.csv").read_bytes(),
            corrections=(SAMPLE / "corrections.tsv").read_bytes() if corrections else b"", year=program["year"],
            document_number=program["document_number"], issued_on=program["issued_on"], illustration=True)
        response = self.registry("ImportProgram", request)
        if publish:
            self.registry("PublishProgram", name=response.program.name, etag=response.program.etag)
            self.wait_followed()
        return response

    def rehearse(self, to):
        """The sample's year up to a date, through the CLI."""
        self.cli("rehearse", str(SAMPLE), "--to", to)
        self.wait_followed()

    def cli(self, *arguments, check=True):
        """Runs the CLI; returns its standard output, or (code, output, errors) when `check` is off."""
        environment = {**os.environ, "NO_COLOR": "1", "MINSHENG_REGISTRY": self.address("registry"),
                       "MINSHENG_PROGRESS": self.address("progress"), "MINSHENG_STATE": str(self.folder),
                       **({"MINSHENG_CA": str(self.pki / "ca.pem")} if self.pki else {})}
        run = subprocess.run([str(BUILD / "bin" / "minsheng"), *arguments], env=environment, cwd=ROOT,
                             capture_output=True, text=True)
        if not check:
            return run.returncode, run.stdout, run.stderr
        if run.returncode != 0:
            raise AssertionError(f"minsheng {' '.join(arguments)}: {run.returncode}\n{run.stdout}\n{run.stderr}")
        return run.stdout

    def verify(self, name):
        return self.log_call(name, "VerifyLog", timeout=60)


def task(short):
    """"municipal-11/2" → its resource name in the sample's program."""
    project, number = short.split("/")
    return f"{Suite.PROGRAM}/projects/{project}/tasks/{number}"


