"""Tokens as a district's single sign-on would issue them, and as an attacker would make them. Needs python3-cryptography.

    issuer = Issuer(folder)                  # issuer.jwks is the key set that services check with
    issuer.token(role="reporter", unit="区交通局", district="500156")
    issuer.forged("alg_none", role="leader", district="500156")
"""

import base64
import hashlib
import hmac
import json
import pathlib
import time
import uuid

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

NAME, AUDIENCE = "minsheng", "minsheng"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return base64url(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def encoded(value):
    return base64url(json.dumps(value, ensure_ascii=False).encode())


class Key:
    """A signing key: ES256 or RS256."""

    def __init__(self, algorithm="ES256", kid=None, private=None):
        self.algorithm, self.kid = algorithm, kid or uuid.uuid4().hex
        if private:
            self.private = private
        elif algorithm == "ES256":
            self.private = ec.generate_private_key(ec.SECP256R1())
        else:
            self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @classmethod
    def read(cls, path, jwks):
        """A private EC key in JWK form, as the built-in issuer keeps it, with its id in the key set."""
        jwk = json.loads(path.read_text())
        kid = next(k["kid"] for k in json.loads(jwks.read_text())["keys"] if k["x"] == jwk["x"])
        d = int.from_bytes(base64.urlsafe_b64decode(jwk["d"] + "=="), "big")
        return cls(kid=kid, private=ec.derive_private_key(d, ec.SECP256R1()))

    def jwk(self):
        public = self.private.public_key().public_numbers()
        if self.algorithm == "ES256":
            return {"kty": "EC", "crv": "P-256", "x": number(public.x, 32), "y": number(public.y, 32), "kid": self.kid,
                    "alg": "ES256", "use": "sig"}
        return {"kty": "RSA", "n": number(public.n), "e": number(public.e), "kid": self.kid, "alg": "RS256", "use": "sig"}

    def pem(self):
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def sign(self, data):
        if self.algorithm == "RS256":
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class Issuer:
    """Issues tokens and writes the key set that belongs to them; or signs with the key of a built-in issuer's folder."""

    def __init__(self, folder, algorithm="ES256"):
        self.jwks = pathlib.Path(folder) / "jwks.json"
        if (kept := pathlib.Path(folder) / "key.jwk").exists():
            self.keys = [Key.read(kept, self.jwks)]
        else:
            self.keys = [Key(algorithm)]
            self.write()

    def write(self):
        partial = self.jwks.with_suffix(".new")
        partial.write_text(json.dumps({"keys": [key.jwk() for key in self.keys]}))
        partial.rename(self.jwks)

    @staticmethod
    def claims(role, district="*", unit="", post="", **more):
        now = int(time.time())
        return {"iss": NAME, "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + 3600, "jti": uuid.uuid4().hex,
                "sub": f"{role}/{unit}", "role": role, "district": district, "unit": unit, "post": post, **more}

    def sign(self, claims, key=None, **header):
        key = key or self.keys[-1]
        signed = f"{encoded({'alg': key.algorithm, 'typ': 'JWT', 'kid': key.kid, **header})}.{encoded(claims)}"
        return f"{signed}.{base64url(key.sign(signed.encode()))}"

    def token(self, role, **claims):
        return self.sign(self.claims(role, **claims))

    def forged(self, how, role, **claims):
        """A token that must be refused; FORGERIES names the ways."""
        return FORGERIES[how](self, self.claims(role, **claims))


def hs256(issuer, claims, secret):
    signed = f"{encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': issuer.keys[-1].kid})}.{encoded(claims)}"
    return f"{signed}.{base64url(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def replaced(token, part, text):
    parts = token.split(".")
    parts[part] = text
    return ".".join(parts)


def without(claims, name):
    return {key: value for key, value in claims.items() if key != name}


def altered_signature(issuer, claims):
    header, payload, signature = issuer.sign(claims).split(".")
    return f"{header}.{payload}.{('B' if signature[0] == 'A' else 'A') + signature[1:]}"


FORGERIES = {
    "expired": lambda i, c: i.sign({**c, "exp": int(time.time()) - 61}),
    "not_yet_valid": lambda i, c: i.sign({**c, "nbf": int(time.time()) + 600}),
    "wrong_audience": lambda i, c: i.sign({**c, "aud": "another"}),
    "wrong_issuer": lambda i, c: i.sign({**c, "iss": "https://sso.example"}),
    "without_expiry": lambda i, c: i.sign(without(c, "exp")),
    "without_role": lambda i, c: i.sign(without(c, "role")),
    "unknown_role": lambda i, c: i.sign({**c, "role": "root"}),
    "without_district": lambda i, c: i.sign(without(c, "district")),
    "altered_claims": lambda i, c: replaced(i.sign(c), 1, encoded({**c, "jti": "another"})),
    "altered_signature": altered_signature,
    "without_signature": lambda i, c: replaced(i.sign(c), 2, ""),
    "alg_none": lambda i, c: f"{encoded({'alg': 'none', 'typ': 'JWT', 'kid': i.keys[-1].kid})}.{encoded(c)}.",
    "hs256_with_public_pem": lambda i, c: hs256(i, c, i.keys[-1].pem()),
    "hs256_with_public_jwk": lambda i, c: hs256(i, c, json.dumps(i.keys[-1].jwk()).encode()),
    "another_key": lambda i, c: i.sign(c, key=Key(kid=i.keys[-1].kid)),
    "unknown_key": lambda i, c: i.sign(c, key=Key()),
    "key_in_header": lambda i, c: (lambda key: i.sign(c, key=key, jwk=key.jwk()))(Key(kid=i.keys[-1].kid)),
    "garbage": lambda i, c: "garbage",
    "empty": lambda i, c: "",
}
