#!/usr/bin/env python3
"""GetTask and GetAssessment of real services against a bare gRPC echo of the same answer size.

    /usr/bin/python3 tests/bench/rpc_bench.py [--pairs 9] [--seconds 3] [--method GetTask]

Runs pairs in turn, echo first and service first by turns, so that what else the machine does hits both alike. Prints one JSON
object per method: the median ratio of calls per second, and what a call cost the servers' processors. Programs are taken
as by tests/harness/suite.py: $MINSHENG_BINARY_DIR/bin, else build/release/bin.
"""

import argparse
import json
import statistics
import subprocess

from servers import Suite, cpu_seconds, output_of, program

BENCH = program("rpc_bench")
ECHO = "/minsheng.bench.Echo/Get"
METHODS = {"GetTask": ("registry", "/minsheng.registry.v1.RegistryService/GetTask"),
           "GetAssessment": ("progress", "/minsheng.progress.v1.ProgressService/GetAssessment")}


class Echo:
    def __init__(self, size, security=None):
        tls = [f"--tls={security.pki}"] if security else []
        self.process = subprocess.Popen([BENCH, "echo", f"--bytes={size}", *tls], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.pid = self.process.pid
        self.address = f"127.0.0.1:{json.loads(self.process.stdout.readline())['port']}"

    def close(self):
        self.process.communicate("")


def load(address, pid, method, names, arguments, security=None, token=""):
    before = cpu_seconds(pid)
    secure = [f"--ca={security.pki / 'ca.pem'}"] if security else []
    result = output_of(BENCH, "load", "--address", address, "--method", method, "--name", *names, "--warm-up=0",
                       f"--seconds={arguments.seconds}", f"--outstanding={arguments.outstanding}",
                       f"--channels={arguments.channels}", *secure, token=token)
    result["server_cpu_us_per_call"] = (cpu_seconds(pid) - before) * 1e6 / result["calls"]
    return result


def names_and_size(suite, service, method):
    """All tasks, and how many bytes an answer on one has on average."""
    tasks = suite.registry("ListTasks", parent=Suite.PROGRAM, page_size=100).tasks
    names = [task.name for task in tasks]
    sizes = [getattr(suite, service)(method, name=name).ByteSize() for name in names]
    return names, round(statistics.mean(sizes))


def in_turn(count):
    """Runs two sides so many times, who is first by turns, so that what else the machine does hits both alike."""
    def run(bare, real):
        done = []
        for i in range(count):
            first, second = (bare, real) if i % 2 == 0 else (real, bare)
            one, other = first(), second()
            done.append((one, other) if i % 2 == 0 else (other, one))
        return done
    return run


def pairs(suite, method, arguments, in_pairs):
    """[(echo's figures, the service's)] and the bytes of an answer."""
    service, path = METHODS[method]
    names, size = names_and_size(suite, service, method)
    security = suite.security
    token = security.token({"role": "service"}) if security else ""
    echo = Echo(size - 3, security)  # the field's tag and length are the rest
    pid = suite.processes[service].pid
    try:
        return in_pairs(lambda: load(echo.address, echo.pid, ECHO, names, arguments, security),
                        lambda: load(suite.address(service), pid, path, names, arguments, security, token)), size
    finally:
        echo.close()


def compare(suite, method, arguments):
    done, size = pairs(suite, method, arguments, in_turn(arguments.pairs))

    def median(side, key):
        return round(statistics.median(pair[side][key] for pair in done), 2)

    ratios = sorted(real["calls_per_second"] / bare["calls_per_second"] for bare, real in done)
    return {"method": method, "pairs": len(done), "answer_bytes": size, "ratio": round(statistics.median(ratios), 3),
            "ratio_least": round(ratios[0], 3), "ratio_most": round(ratios[-1], 3),
            **{f"{side}_{key}": median(i, key) for i, side in enumerate(("echo", "service"))
               for key in ("calls_per_second", "p50_us", "p99_us", "server_cpu_us_per_call", "client_cpu_us_per_call")}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=9, help="pairs of runs; the median counts (9)")
    parser.add_argument("--seconds", type=float, default=3, help="length of a run (3)")
    parser.add_argument("--outstanding", type=int, default=64, help="calls under way at any moment (64)")
    parser.add_argument("--channels", type=int, default=2, help="connections (2)")
    parser.add_argument("--method", choices=sorted(METHODS), action="append", help="one method only")
    arguments = parser.parse_args()
    with Suite() as suite:
        suite.import_sample()
        suite.rehearse("2024-06-15")
        for method in arguments.method or METHODS:
            print(json.dumps(compare(suite, method, arguments)), flush=True)


if __name__ == "__main__":
    main()
