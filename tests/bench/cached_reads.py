"""GetTask and GetAssessment, answered from memory, against a bare echo of the same answer size on gRPC's callback API; and with
the whole chain before them (TLS, token, policy, limits, audit), against an echo behind the same TLS that asks for no token."""

import argparse
import statistics

import rpc_bench
from table import Result, Row

BASELINE = "gRPC callback echo"
TLS_BASELINE = "gRPC callback echo behind TLS"
ROWS = [Row("cached-get-task", "缓存中的 GetTask (GetTask from memory)", "ratio", BASELINE, required=0.8, aim=0.9),
        Row("cached-get-assessment", "缓存中的 GetAssessment (GetAssessment from memory)", "ratio", BASELINE, required=0.8,
            aim=0.9),
        Row("secure-get-task", "TLS、令牌、权限、限额之后的 GetTask (behind the whole chain)", "ratio", TLS_BASELINE, required=0.8),
        Row("secure-get-assessment", "TLS、令牌、权限、限额之后的 GetAssessment (behind the whole chain)", "ratio", TLS_BASELINE,
            required=0.8)]
METHODS = {"cached-get-task": "GetTask", "cached-get-assessment": "GetAssessment",
           "secure-get-task": "GetTask", "secure-get-assessment": "GetAssessment"}


def measure(run, rows):
    arguments = argparse.Namespace(seconds=run.size(3, 0.2), outstanding=64, channels=2)
    results = []
    for row in rows:
        suite = run.sample(secure=row.name.startswith("secure"))
        pairs, size = rpc_bench.pairs(suite, METHODS[row.name], arguments, run.pairs)
        ratios = [real["calls_per_second"] / bare["calls_per_second"] for bare, real in pairs]
        detail = {f"{side}_{key}": statistics.median(pair[i][key] for pair in pairs)
                  for i, side in enumerate(("baseline", "subject"))
                  for key in ("calls_per_second", "p50_us", "p99_us", "server_cpu_us_per_call", "client_cpu_us_per_call")}
        results.append(Result(row, ratios, {"answer_bytes": size, **detail}))
    return results
