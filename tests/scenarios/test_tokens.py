"""Tokens from the built-in issuer to a refused call: made, shown, used, revoked, keys rotated; and nothing of them kept."""

import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from case import tables  # noqa: E402
from suite import BUILD, RpcError, SAMPLE, Suite  # noqa: E402

WITHIN = 1.0  # seconds in which a revocation must count everywhere


class Tokens(unittest.TestCase):
    """progress checks tokens and follows a registry that believes its callers; a second registry checks them, too."""

    @classmethod
    def setUpClass(cls):
        cls.suite = Suite(start=False)
        cls.addClassCleanup(cls.suite.close)
        cls.state = cls.suite.folder / "admin"
        cls.minsheng("token", "init")
        cls.jwks = cls.state / "issuer" / "jwks.json"
        cls.suite.flags["progress"] = [f"--jwks={cls.jwks}"]
        cls.suite.start("registry")
        cls.suite.start("progress")

    @classmethod
    def minsheng(cls, *arguments, check=True, token_file=None, state=None, **variables):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MINSHENG_")}
        environment |= {"NO_COLOR": "1", "MINSHENG_STATE": str(state or cls.state), **variables}
        for name in cls.suite.ports:
            environment[f"MINSHENG_{name.upper()}"] = cls.suite.address(name)
        if token_file:
            environment["MINSHENG_TOKEN_FILE"] = str(token_file)
        run = subprocess.run([str(BUILD / "bin" / "minsheng"), *arguments], cwd=cls.suite.folder, env=environment,
                             capture_output=True, text=True)
        if check and run.returncode != 0:
            raise AssertionError(f"minsheng {' '.join(arguments)}: {run.returncode}\n{run.stdout}\n{run.stderr}")
        return run

    def create(self, *options):
        """(jti, token)"""
        run = self.minsheng("token", "create", *options)
        return run.stderr.split()[1].split("，")[0], run.stdout.strip()

    def reason(self, token, method="GetClock", service="ClockService"):
        try:
            self.suite.clients["progress"].call(service, method, token=token)
        except RpcError as error:
            if token:
                self.assertNotIn(token, str(error))
            return error.reason
        return "OK"

    def until(self, token, reason, patience=5):
        """Seconds until a call with the token is answered so."""
        begin = time.monotonic()
        while self.reason(token) != reason:
            self.assertLess(time.monotonic() - begin, patience, f"not {reason} but {self.reason(token)}")
        return time.monotonic() - begin

    def test_what_is_stated_counts_nothing_where_tokens_are_checked(self):
        self.assertEqual(self.reason(""), "TOKEN_MISSING")
        _, token = self.create("--role", "reporter", "--unit", "区交通局", "--district", "500156")
        self.assertEqual(self.reason(token), "OK")
        # The client states the operator's role beside the reporter's token.
        with self.assertRaises(RpcError) as refused:
            self.suite.clients["progress"].call("ClockService", "AdvanceClock", token=token, to="2024-04-01T00:00:00Z")
        self.assertEqual(refused.exception.reason, "ROLE_NOT_ALLOWED")

    def test_a_revocation_counts_within_a_second_where_the_log_is_followed(self):
        slowest = 0.0
        for _ in range(10):
            jti, token = self.create("--role", "leader")
            self.assertEqual(self.reason(token), "OK")
            self.minsheng("token", "revoke", jti, "--reason", "遗失")
            slowest = max(slowest, self.until(token, "CREDENTIAL_REVOKED"))
        print(f"» a revocation counts at the follower at most {slowest * 1000:.0f} ms after the command's end")
        self.assertLess(slowest, WITHIN)
        self.assertIn(jti, self.minsheng("token", "revoked").stdout)

        # It outlives the process, and the table agrees with the logs.
        self.suite.restart("progress")
        self.assertEqual(self.reason(token), "CREDENTIAL_REVOKED")
        run = self.minsheng("audit", "verify")
        self.assertIn("progress", run.stdout)

    def test_keys_rotate_while_the_service_runs(self):
        _, old = self.create("--role", "leader")
        self.assertEqual(self.reason(old), "OK")
        self.minsheng("token", "keys", "rotate")
        _, new = self.create("--role", "leader")
        self.assertEqual(self.reason(new), "OK")
        self.assertEqual(self.reason(old), "OK")

    def test_a_token_is_shown_without_its_signature_and_never_taken_from_the_command_line(self):
        _, token = self.create("--role", "auditor")
        path = self.suite.folder / "t"
        path.write_text(token)
        shown = self.minsheng("token", "show", str(path)).stdout
        self.assertIn('"auditor"', shown)
        self.assertNotIn(token.split(".")[2], shown)
        for arguments in (("show", token), ("revoke", token, "--reason", "x")):
            run = self.minsheng("token", *arguments, check=False)
            self.assertEqual(run.returncode, 2)
            self.assertNotIn(token, run.stdout + run.stderr)

    def test_a_token_file_is_used_and_must_be_its_owners_alone(self):
        path = self.suite.folder / "mine"
        elsewhere = self.suite.folder / "nobody"
        self.minsheng("token", "create", "--role", "leader", "--out", str(path))
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.minsheng("clock", "show", token_file=path, state=elsewhere)
        self.minsheng("clock", "show", state=elsewhere, MINSHENG_TOKEN=path.read_text().strip())
        run = self.minsheng("clock", "show", state=elsewhere, check=False)
        self.assertIn("TOKEN_MISSING", run.stderr)
        run = self.minsheng("audit", "verify", "--service", "progress", token_file=path, state=elsewhere, check=False)
        self.assertNotEqual(run.returncode, 0)
        path.chmod(0o644)
        run = self.minsheng("clock", "show", token_file=path, state=elsewhere, check=False)
        self.assertIn("KEY_READABLE", run.stderr)

    def test_a_token_does_not_leave_the_machine_without_tls(self):
        run = self.minsheng("--progress", "192.0.2.1:1", "clock", "show", check=False)
        self.assertIn("TLS_NEEDED", run.stderr)

    def test_a_units_token_for_every_district_comes_with_a_warning(self):
        unit = ("--role", "reporter", "--unit", "区交通局")
        self.assertIn("--district", self.minsheng("token", "create", *unit).stderr)
        self.assertNotIn("--district", self.minsheng("token", "create", *unit, "--district", "500156").stderr)
        self.assertNotIn("--district", self.minsheng("token", "create", "--role", "auditor").stderr)

    def test_the_issuer_refuses_what_no_service_would_take(self):
        for options in (("--role", "mayor"), (), ("--role", "reporter"), ("--role", "leader", "--district", "5")):
            run = self.minsheng("token", "create", *options, check=False)
            self.assertNotEqual(run.returncode, 0, options)
            self.assertEqual(run.stdout, "", options)

    def test_tokens_and_keys_are_kept_nowhere(self):
        _, token = self.create("--role", "leader")
        self.assertEqual(self.reason(token), "OK")
        self.assertEqual(self.reason(token[:-2] + ("AA" if token[-2:] != "AA" else "BA")), "TOKEN_SIGNATURE")
        jti, _ = self.create("--role", "leader")
        self.minsheng("token", "revoke", jti, "--reason", "对照")
        secret = (self.state / "issuer" / "key.jwk").read_text().split('"d":"')[1].split('"')[0]
        words = (token, token.split(".")[2], secret)
        for path in self.suite.folder.rglob("*"):
            if path.is_file() and path.name not in ("key.jwk", "mine", "t"):
                for word in words:
                    self.assertNotIn(word.encode(), path.read_bytes(), str(path))
        stored = {name: str(tables(self.suite, name)) for name in Suite.NAMES}
        self.assertIn(f"token:{jti}", stored["registry"])  # what is kept is found
        for name in Suite.NAMES:
            for word in words:
                self.assertNotIn(word, stored[name])
        for name in Suite.NAMES:
            self.assertNotIn(token.split(".")[2], self.suite.http(name, "/metrics"))


class RegistryWithTokens(unittest.TestCase):

    def test_the_command_line_acts_with_the_issuers_key(self):
        suite = Suite(start=False)
        self.addCleanup(suite.close)
        minsheng = Tokens.minsheng.__func__
        holder = type("Holder", (), {"suite": suite, "state": suite.folder / "admin"})
        minsheng(holder, "token", "init")
        suite.flags["registry"] = [f"--jwks={holder.state / 'issuer' / 'jwks.json'}"]
        suite.start("registry")
        minsheng(holder, "district", "create", "500156", "武隆区")
        minsheng(holder, "notice", "import", str(SAMPLE / "list.csv"), "--corrections", str(SAMPLE / "corrections.tsv"),
                 "--district", "500156", "--year", "2024", "--yes", "--document-number", "x", "--issued-on", "2024-03-01")
        self.assertIn("500156", minsheng(holder, "program", "list").stdout)
        run = minsheng(holder, "program", "list", check=False, state=suite.folder / "nobody")
        self.assertIn("TOKEN_MISSING", run.stderr)


if __name__ == "__main__":
    unittest.main()
