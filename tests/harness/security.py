"""What a suite with TLS and tokens stands on: a PKI folder made by the CLI, and an issuer of tokens."""

import os
import pathlib
import subprocess

import grpc
import tokens


class Security:
    def __init__(self, folder, cli):
        self.pki = pathlib.Path(folder) / "pki"
        environment = {**os.environ, "MINSHENG_STATE": str(folder)}
        for command in (["certs", "init"], ["token", "init"]):
            subprocess.run([str(cli), *command], check=True, stdout=subprocess.DEVNULL, env=environment)
        self.issuer = tokens.Issuer(pathlib.Path(folder) / "issuer")
        self.tokens = {}

    def flags(self):
        return [f"--tls={self.pki}", f"--jwks={self.issuer.jwks}", f"--token_issuer={tokens.NAME}",
                f"--token_audience={tokens.AUDIENCE}"]

    def channel(self, address, options):
        credentials = grpc.ssl_channel_credentials((self.pki / "ca.pem").read_bytes())
        return grpc.secure_channel(address, credentials, options=options)

    def token(self, who):
        """A token for {"role", "unit", "post", "district"}, remembered."""
        key = tuple(sorted(who.items()))
        if key not in self.tokens:
            self.tokens[key] = self.issuer.token(**{**who, "district": who.get("district") or "*"})
        return self.tokens[key]

    def metadata(self, who):
        return [("authorization", f"Bearer {self.token(who)}")]
