"""From starting the process to /healthz saying SERVING, with the sample's database."""

import json
import time
import urllib.error

from servers import Idle
from table import Result, Row

ROWS = [Row("start-registry", "registry 启动到可服务 (start to SERVING)", "s", required=0.3, at_most=True),
        Row("start-progress", "progress 启动到可服务 (start to SERVING)", "s", required=0.3, at_most=True)]


def serving(suite, service):
    try:
        return json.loads(suite.http(service, "/healthz"))["status"] == "SERVING"
    except urllib.error.URLError:
        return False


def start_seconds(suite, service):
    suite.stop(service)
    begun = time.perf_counter()
    suite.start(service)
    while not serving(suite, service):
        time.sleep(0.001)
    return time.perf_counter() - begun


def measure(run, rows):
    with Idle() as suite:
        suite.start_sample()
        values = {row.name: [] for row in rows}
        for _ in run.each():
            for row in rows:
                values[row.name].append(start_seconds(suite, row.name.removeprefix("start-")))
    return [Result(row, values[row.name]) for row in rows]
