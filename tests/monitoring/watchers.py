"""A real Prometheus and Alertmanager over a Suite, with the configuration of deploy/, and a webhook that they reach.

Only addresses, intervals and waiting times are rewritten; every rewrite fails when there is nothing to rewrite.
"""

import http.server
import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from suite import ROOT  # noqa: E402

DEPLOY = ROOT / "deploy"
PACKAGES = {"prometheus": "prometheus", "promtool": "prometheus", "prometheus-alertmanager": "prometheus-alertmanager",
            "amtool": "prometheus-alertmanager", "redis-server": "redis-server"}


def program(name):
    found = shutil.which(name)
    if not found:
        raise AssertionError(f"{name} is missing: apt install {PACKAGES[name]}")
    return found


def wait_until(condition, what, patience=20):
    """Until the condition gives something, which is returned."""
    end = time.monotonic() + patience
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience} s for {what}")
        time.sleep(0.05)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def rewritten(text, *rewrites):
    for pattern, replacement in rewrites:
        text, count = re.subn(pattern, replacement, text)
        if not count:
            raise AssertionError(f"nothing to rewrite: {pattern}")
    return text


def get_json(url, timeout=10):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return json.loads(answer.read())


class Webhook:
    """Keeps what is posted: [(path, body)], in order."""

    def __init__(self):
        posts = self.posts = []

        class Handler(http.server.BaseHTTPRequestHandler):

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                posts.append((self.path, json.loads(body)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_address[1]

    def alerts(self, path, status):
        """Labels and annotations of what came at a path as firing or resolved."""
        return [(a["labels"], a["annotations"]) for at, body in list(self.posts) if at == path
                for a in body["alerts"] if a["status"] == status]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Process:
    """A program that ends with the test; its output is in the folder."""

    def __init__(self, folder, name, *arguments):
        self.log = folder / f"{name}.log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([program(name), *map(str, arguments)], stdout=log, stderr=log, cwd=folder)

    def wait_http(self, url):
        def answered():
            if self.process.poll() is not None:
                raise AssertionError(self.log.read_text()[-3000:])
            try:
                return urllib.request.urlopen(url, timeout=5).status == 200
            except OSError:
                return False
        wait_until(answered, url)

    def close(self):
        self.process.kill()
        self.process.wait()


class Redis(Process):

    def __init__(self, folder, port):
        super().__init__(folder, "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                         "--dir", folder)

        def answered():
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
                    s.sendall(b"PING\r\n")
                    return s.recv(16).startswith(b"+PONG")
            except OSError:
                return False
        wait_until(answered, "redis-server")


class Watchers:
    """Prometheus and Alertmanager over a suite's two services, and the webhook."""

    def __init__(self, suite):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="minsheng-monitoring-"))
        self.webhook = Webhook()
        self.prometheus_port, self.alertmanager_port = free_port(), free_port()
        self.processes = []
        self._configure(suite)
        self._start()

    def _configure(self, suite):
        ports = {9101: suite.ports["registry"]["http"], 9102: suite.ports["progress"]["http"],
                 9090: self.prometheus_port, 9093: self.alertmanager_port}
        config = rewritten((DEPLOY / "prometheus" / "prometheus.yml").read_text(),
                           (r"scrape_interval: 15s", "scrape_interval: 1s"), (r"scrape_timeout: 10s", "scrape_timeout: 1s"),
                           # No divisor of the scrapes': an evaluation sometimes falls between two scrapes.
                           (r"evaluation_interval: 15s", "evaluation_interval: 700ms"),
                           *((rf"127\.0\.0\.1:{old}\b", f"127.0.0.1:{{{old}}}") for old in ports))
        for old, new in ports.items():
            config = config.replace(f"{{{old}}}", str(new))
        (self.folder / "prometheus.yml").write_text(config)
        (self.folder / "rules").mkdir()
        shutil.copy(DEPLOY / "prometheus" / "rules" / "recording.yml", self.folder / "rules")
        (self.folder / "rules" / "alerts.yml").write_text(
            rewritten((DEPLOY / "prometheus" / "rules" / "alerts.yml").read_text(), (r"\n +for: \w+", ""), (r"keep_firing_for: 1m", "keep_firing_for: 4s")))
        (self.folder / "alertmanager.yml").write_text(
            rewritten((DEPLOY / "alertmanager" / "alertmanager.yml").read_text(),
                      (r"127\.0\.0\.1:9199", f"127.0.0.1:{self.webhook.port}"), (r"group_wait: \w+", "group_wait: 2s"),
                      (r"group_interval: \w+", "group_interval: 1s")))

    def _start(self):
        alertmanager = Process(self.folder, "prometheus-alertmanager", f"--config.file={self.folder / 'alertmanager.yml'}",
                               f"--storage.path={self.folder / 'alertmanager'}", "--cluster.listen-address=",
                               f"--web.listen-address=127.0.0.1:{self.alertmanager_port}")
        self.processes.append(alertmanager)
        prometheus = Process(self.folder, "prometheus", f"--config.file={self.folder / 'prometheus.yml'}",
                             f"--storage.tsdb.path={self.folder / 'prometheus'}",
                             f"--web.listen-address=127.0.0.1:{self.prometheus_port}")
        self.processes.append(prometheus)
        alertmanager.wait_http(f"http://127.0.0.1:{self.alertmanager_port}/-/ready")
        prometheus.wait_http(f"http://127.0.0.1:{self.prometheus_port}/-/ready")

    def close(self):
        for process in self.processes:
            process.close()
        self.webhook.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def api(self, path, **parameters):
        url = f"http://127.0.0.1:{self.prometheus_port}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        answer = get_json(url)
        assert answer["status"] == "success", answer
        return answer["data"]

    def vector(self, expression, at=None):
        """{labels without the name: value} of an instant query."""
        data = self.api("query", query=expression, **({"time": f"{at:.3f}"} if at else {}))
        assert data["resultType"] == "vector", (expression, data["resultType"])
        return {frozenset((k, v) for k, v in row["metric"].items() if k != "__name__"): float(row["value"][1])
                for row in data["result"]}

    def raw(self, selector, window="20m"):
        """[(labels, [(time, value)])]"""
        return [(row["metric"], [(t, float(v)) for t, v in row["values"]])
                for row in self.api("query", query=f"{selector}[{window}]")["result"]]

    def held_alerts(self):
        """What Alertmanager holds now."""
        return get_json(f"http://127.0.0.1:{self.alertmanager_port}/api/v2/alerts")
