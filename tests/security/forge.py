"""Certificates that `minsheng certs` never makes (expired, for other hosts), signed with an authority's key by openssl."""

import datetime
import pathlib
import subprocess
import tempfile

CONFIG = """
[ca]
default_ca = any
[any]
database = {work}/index
serial = {work}/serial
new_certs_dir = {work}
default_md = sha256
policy = policy
unique_subject = no
[policy]
commonName = supplied
[leaf]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = serverAuth,clientAuth
subjectAltName = {names}
[req]
distinguished_name = empty
[empty]
"""


def openssl(*arguments):
    run = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    if run.returncode != 0:
        raise AssertionError(f"openssl {arguments[0]}: {run.stderr}")


def stamp(seconds_from_now):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds_from_now)
    return at.strftime("%Y%m%d%H%M%SZ")


def forge(pki, name, names, begins=-3600, ends=3600):
    """Puts NAME.key and NAME.pem into the folder: for these names ("DNS:localhost,IP:127.0.0.1,URI:minsheng:service/x"),
    from so many seconds from now until so many."""
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "index").touch()
        (work / "serial").write_text(f"{int.from_bytes(name.encode()[:6], 'big'):016x}\n")
        (work / "config").write_text(CONFIG.format(work=work, names=names))
        key = pki / f"{name}.key"
        key.unlink(missing_ok=True)
        openssl("genpkey", "-quiet", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
        key.chmod(0o600)
        openssl("req", "-new", "-config", work / "config", "-key", key, "-subj", f"/CN={name}", "-out", work / "csr")
        openssl("ca", "-batch", "-notext", "-config", work / "config", "-extensions", "leaf", "-cert", pki / "ca.pem",
                "-keyfile", pki / "ca.key", "-startdate", stamp(begins), "-enddate", stamp(ends), "-in", work / "csr",
                "-out", pki / f"{name}.pem")
