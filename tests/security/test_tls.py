"""Transport over real processes: who is refused and by whom, and certificates that change under load.

TLS_ROTATIONS (50) is how often the certificates and keys of both services are exchanged, slowly enough that each comes into
force (gRPC looks once a second), after a burst of BURST that come faster.
"""

import os
import pathlib
import re
import ssl
import subprocess
import sys
import threading
import time
import unittest

import grpc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from forge import forge  # noqa: E402
from suite import BUILD, Client, RpcError, Suite  # noqa: E402

ROTATIONS = int(os.environ.get("TLS_ROTATIONS", "50"))
ROTATE_EVERY = 1.1
BURST, BURST_EVERY = 20, 0.3
LOOPBACK = "DNS:localhost,IP:127.0.0.1"


def measured(text):
    print(f"» {text}", flush=True)


def credentials(pki, trust=None, name=None):
    """Of a client: whom it trusts, and the certificate that it shows."""
    pair = [(pki / f"{name}{end}").read_bytes() for end in (".key", ".pem")] if name else [None, None]
    return grpc.ssl_channel_credentials((trust or pki / "ca.pem").read_bytes(), *pair)


def ask(address, creds):
    """One call on a connection of its own."""
    client = Client(address, credentials=creds)
    try:
        return client.call("ClockService", "GetClock")
    finally:
        client.close()


def wait_until(condition, patience=10):
    """Seconds until the condition held."""
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > patience:
            raise AssertionError(f"not within {patience} s")
        time.sleep(0.02)
    return time.monotonic() - begin


def is_refused(address, creds):
    try:
        ask(address, creds)
    except RpcError as error:
        if error.code != "UNAVAILABLE":
            raise
        return True
    return False


class TlsCase(unittest.TestCase):

    def setUp(self):
        self.suite = Suite(tls=True, start=False)
        self.addCleanup(self.suite.close)
        self.pki = self.suite.pki

    def other_authority(self):
        folder = self.suite.folder / "other-pki"
        self.suite.certs("init", "--client", "stranger", folder=folder)
        return folder

    def cli(self, *arguments, ca):
        environment = {**os.environ, "MINSHENG_REGISTRY": self.suite.address("registry")}
        environment.pop("MINSHENG_CA", None)
        run = subprocess.run([str(BUILD / "bin" / "minsheng"), *arguments, "--timeout", "5",
                              *(["--ca", str(ca)] if ca else [])], env=environment, capture_output=True, text=True)
        return run.returncode

    def follows(self):
        text = self.suite.http("progress", "/metrics")
        return float(re.search(r"^minsheng_feed_up\{.*\} (\S+)$", text, re.M).group(1)) == 1


class WhoIsRefused(TlsCase):

    def test_a_client_without_tls_is_refused_and_one_without_a_certificate_is_not(self):
        self.suite.start("registry")
        address = self.suite.address("registry")
        self.assertTrue(is_refused(address, None))
        self.assertFalse(is_refused(address, credentials(self.pki)))
        self.assertEqual(self.cli("program", "list", ca=None), 1)
        self.assertEqual(self.cli("program", "list", ca=self.pki / "ca.pem"), 0)

    def test_another_authority_is_refused_on_both_sides(self):
        other = self.other_authority()
        self.suite.start("registry")
        address = self.suite.address("registry")
        self.assertTrue(is_refused(address, credentials(self.pki, trust=other / "ca.pem")), "a server of another CA")
        self.assertTrue(is_refused(address, credentials(other, trust=self.pki / "ca.pem", name="stranger")),
                        "a client of another CA")
        self.assertEqual(self.cli("program", "list", ca=other / "ca.pem"), 1)
        self.suite.pki = other
        self.suite.start("progress")
        self.suite.pki = self.pki
        time.sleep(1.5)
        self.assertFalse(self.follows(), "a service whose peer has a certificate of another CA")

    def test_a_server_for_another_host_is_refused(self):
        forge(self.pki, "registry", "DNS:registry.example.cn,URI:minsheng:service/registry")
        self.suite.start("registry")
        self.assertTrue(is_refused(self.suite.address("registry"), self.suite.trust()), "by a Python client")
        self.assertEqual(self.cli("program", "list", ca=self.pki / "ca.pem"), 1)
        self.suite.start("progress")
        time.sleep(1.5)
        self.assertFalse(self.follows(), "by progress")
        self.suite.certs("issue", "registry-good")
        for end in (".key", ".pem"):
            os.replace(self.pki / f"registry-good{end}", self.pki / f"registry{end}")
        wait_until(self.follows)
        self.assertEqual(self.cli("program", "list", ca=self.pki / "ca.pem"), 0)

    def test_what_expired_is_refused(self):
        forge(self.pki, "late", LOOPBACK, ends=-1)
        forge(self.pki, "registry", LOOPBACK + ",URI:minsheng:service/registry", ends=6)
        expires = time.time() + 6
        self.suite.start("registry")
        address = self.suite.address("registry")
        self.assertTrue(is_refused(address, credentials(self.pki, name="late")), "a client")
        standing = Client(address, credentials=self.suite.trust())
        self.addCleanup(standing.close)
        standing.call("ClockService", "GetClock")
        self.assertFalse(is_refused(address, self.suite.trust()))
        time.sleep(max(0, expires + 1.2 - time.time()))
        self.assertTrue(is_refused(address, self.suite.trust()), "a server, by a Python client")
        self.assertEqual(self.cli("program", "list", ca=self.pki / "ca.pem"), 1, "a server, by the command line")
        standing.call("ClockService", "GetClock")
        measured("a server whose certificate expires: new connections refused, standing ones answered")
        self.suite.certs("renew", "registry", "--new-key")
        after = wait_until(lambda: not is_refused(address, self.suite.trust()))
        measured(f"renewed: taken after {after:.1f} s, without a restart")

    def test_what_was_revoked_is_refused(self):
        self.suite.certs("issue", "--client", "platform")
        for name in Suite.NAMES:
            self.suite.start(name)
        wait_until(self.follows)
        address, shown = self.suite.address("registry"), credentials(self.pki, name="platform")
        standing = Client(address, credentials=shown)
        self.addCleanup(standing.close)
        standing.call("ClockService", "GetClock")
        self.assertFalse(is_refused(address, shown))
        self.suite.certs("revoke", "platform")
        took = wait_until(lambda: is_refused(address, shown))
        self.assertLess(took, 1)
        self.assertFalse(is_refused(address, self.suite.trust()), "people need no certificate")
        standing.call("ClockService", "GetClock")
        measured(f"a revoked client certificate: new connections refused after {took:.2f} s; at the transport a standing "
                 "connection goes on")
        self.suite.certs("revoke", "registry")
        time.sleep(1)
        self.suite.kill("registry")
        self.suite.start("registry")
        wait_until(lambda: "was revoked" in self.suite.log("progress"), 20)
        wait_until(lambda: not self.follows(), 20)  # once its repeated calls have given up
        self.assertEqual(self.cli("program", "list", ca=self.pki / "ca.pem"), 1, "a revoked server, by the command line")


class Standing(unittest.TestCase):

    def test_a_revoked_service_is_refused_on_its_standing_connection(self):
        with Suite(secure=True) as suite:
            def feed_says(text):
                return text in suite.http("progress", "/healthz")
            wait_until(lambda: not feed_says("DEGRADED"), 20)
            suite.certs("revoke", "progress", folder=suite.security.pki)
            took = wait_until(lambda: feed_says("DEGRADED"), 20)
            measured(f"a revoked service: refused on its standing connection, its next read after {took:.1f} s")
            wait_until(lambda: "CREDENTIAL_REVOKED" in suite.log("progress"), 20)


class WhatDoesNotStart(TlsCase):

    def refusal(self, *extra):
        self.suite.start("registry", wait=False, extra=extra)
        self.assertEqual(self.suite.processes.pop("registry").wait(20), 1)
        return self.suite.log("registry").splitlines()[-1]

    def test_an_expired_certificate(self):
        forge(self.pki, "registry", LOOPBACK, ends=-1)
        self.assertIn("certs renew", self.refusal())

    def test_a_key_that_others_may_read(self):
        (self.pki / "registry.key").chmod(0o640)
        self.assertIn(f"chmod 600 {self.pki / 'registry.key'}", self.refusal())

    def test_an_address_beyond_loopback_without_tls_and_authentication(self):
        said = self.refusal("--listen=0.0.0.0:0")
        self.assertIn("--jwks", said)
        self.assertNotIn("--tls", said)
        self.suite.pki = None
        said = self.refusal("--listen=0.0.0.0:0")
        self.assertIn("--jwks", said)
        self.assertIn("--tls", said)
        self.assertIn("minsheng certs init", said)


class Caller(threading.Thread):
    """Calls until stopped; every call that fails is kept. No retry, so that none hides a failure."""

    def __init__(self, suite, fresh):
        super().__init__(daemon=True)
        self.suite, self.fresh = suite, fresh
        self.calls, self.failed, self.slowest = 0, [], 0.0
        self.stopping = threading.Event()

    def clients(self):
        return {name: Client(self.suite.address(name), credentials=self.suite.trust()) for name in Suite.NAMES}

    def run(self):
        clients = self.clients()
        while not self.stopping.is_set():
            for client in clients.values():
                begin = time.monotonic()
                try:
                    client.call("ClockService", "GetClock")
                except RpcError as error:
                    self.failed.append(str(error))
                self.slowest = max(self.slowest, time.monotonic() - begin)
                self.calls += 1
            if self.fresh:
                for client in clients.values():
                    client.close()
                clients = self.clients()
            time.sleep(0.005)
        for client in clients.values():
            client.close()


class CliCaller(Caller):
    """The command line: C++, a connection of its own for each command."""

    def __init__(self, suite):
        super().__init__(suite, fresh=True)

    def run(self):
        while not self.stopping.is_set():
            code, _, errors = self.suite.cli("clock", "show", check=False)
            self.calls += 2  # both services
            if code != 0:
                self.failed.append(errors)


class Shown(threading.Thread):
    """Which certificates a service shows, over time."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.seen = port, set()
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.wait(0.1):
            try:
                self.seen.add(ssl.get_server_certificate(("127.0.0.1", self.port), timeout=5))
            except OSError:
                pass


class Rotation(TlsCase):

    def test_no_call_fails_while_certificates_and_keys_change(self):
        for name in Suite.NAMES:
            self.suite.start(name)
        self.suite.import_sample()
        callers = [Caller(self.suite, fresh=False) for _ in range(3)] + \
            [Caller(self.suite, fresh=True) for _ in range(3)] + [CliCaller(self.suite)]
        shown = Shown(self.suite.ports["registry"]["grpc"])
        for thread in [*callers, shown]:
            thread.start()
        begin = time.monotonic()
        due = begin
        for i in range(BURST + ROTATIONS):
            self.suite.certs("renew", "--new-key", "--days", str(100 + i))
            due += BURST_EVERY if i < BURST else ROTATE_EVERY
            time.sleep(max(0, due - time.monotonic()))
        took = time.monotonic() - begin
        time.sleep(2.5)
        for thread in [*callers, shown]:
            thread.stopping.set()
        for thread in callers:
            thread.join(30)
        standing, fresh, commands = callers[:3], callers[3:6], callers[6:]
        calls = sum(c.calls for c in callers)
        failed = [text for c in callers for text in c.failed]
        measured(f"{BURST} rotations every {BURST_EVERY} s and {ROTATIONS} every {ROTATE_EVERY} s of certificates and keys of both services in {took:.1f} s: {calls} calls "
                 f"({sum(c.calls for c in standing)} on 3 standing connections, {sum(c.calls for c in fresh)} each on a new "
                 f"one, {sum(c.calls for c in commands)} of the command line), {len(failed)} failed; "
                 f"{len(shown.seen)} certificates of the registry seen; slowest call "
                 f"{max(c.slowest for c in callers) * 1000:.0f} ms")
        self.assertEqual(failed[:5], [])
        self.assertGreater(calls, 20 * ROTATIONS)
        self.assertGreater(len(shown.seen), 0.8 * ROTATIONS)
        self.suite.wait_followed()
        self.check_expiry(100 + BURST + ROTATIONS - 1)
        self.reconnects_with_the_new_one()

    def check_expiry(self, days):
        """The metric says when the last certificate expires."""
        text = self.suite.http("registry", "/metrics")
        at = float(re.search(r'^minsheng_certificate_expires_at_seconds\{.*certificate="own".*\} (\S+)$', text, re.M).group(1))
        self.assertAlmostEqual((at - time.time()) / 86400, days, delta=0.01)

    def reconnects_with_the_new_one(self):
        """Progress shows its new certificate when it must connect again."""
        self.suite.kill("registry")
        self.suite.start("registry")
        wait_until(self.follows)
        self.suite.wait_followed()


if __name__ == "__main__":
    unittest.main()
