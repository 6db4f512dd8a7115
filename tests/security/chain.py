#!/usr/bin/python3
"""Recomputes the chains of `minsheng audit export` with nothing of the suite's own: for whoever is handed such a file.

    minsheng audit export > audit.jsonl; tests/security/chain.py audit.jsonl

A hash is SHA-256 over the previous hash and the fields: a text or bytes as its length (8 bytes, little end first) and its
bytes, a number as 8 bytes. An event's district and credential are fields only where one of them is not empty, so that events
from before callers had them keep their hashes. Prints the heads, to be held against heads that were printed earlier;
exit code 1, naming the place, when anything does not fit."""

import base64
import hashlib
import json
import sys

EVENT = ("position", "recorded_at_us", "subject", "post", "unit", "role", "method", "request_id", "request_hash", "type_url",
         "payload")
REFUSAL = ("position", "post", "unit", "role", "district", "credential", "origin", "method", "reason", "count", "first_at_us",
           "last_at_us")


def field(value):
    if isinstance(value, int):
        return (value & (2**64 - 1)).to_bytes(8, "little")
    data = value.encode() if isinstance(value, str) else value
    return len(data).to_bytes(8, "little") + data


def event_hash(previous, event):
    """Of an event as a mapping of EVENT, district and credential; bytes as bytes."""
    values = [event[name] for name in EVENT]
    if event["district"] or event["credential"]:
        values += [event["district"], event["credential"]]
    return hashlib.sha256(b"".join(map(field, [previous, *values]))).digest()


def refusal_hash(previous, refusal):
    return hashlib.sha256(b"".join(map(field, [previous, *(refusal[name] for name in REFUSAL)]))).digest()


class Chain:
    """One service's events, or its refusals: add them in order; problems are collected."""

    def __init__(self, what, hash_of):
        self.what, self.hash_of = what, hash_of
        self.position, self.hash, self.problems = 0, b"", []

    def add(self, entry, stored):
        position = entry["position"]
        if position != self.position + 1:
            self.problems.append(f"{self.what} {self.position + 1} is missing: the next one is {position}")
        if self.hash_of(self.hash, entry) != stored:
            self.problems.append(f"{self.what} {position} or one before it was changed: its hash does not fit")
        self.position, self.hash = position, stored

    def end(self, position, stored):
        if (self.position, self.hash) != (position, stored):
            self.problems.append(f"{self.what}s end at {self.position}, the export's head is at {position}")


def check(lines):
    """({service: (events, hash, refusals, hash)}, problems)."""
    chains, heads, problems = {}, {}, []
    for line in lines:
        row = json.loads(line)
        service = row["service"]
        events, refusals = chains.setdefault(service, (Chain(f"{service} event", event_hash), Chain(f"{service} refusal", refusal_hash)))
        if row["kind"] == "event":
            row["payload"], row["request_hash"] = base64.b64decode(row["payload"]), bytes.fromhex(row["request_hash"])
            events.add(row, bytes.fromhex(row["hash"]))
        elif row["kind"] == "refusal":
            refusals.add(row, bytes.fromhex(row["hash"]))
        elif row["kind"] == "head":
            events.end(row["events"], bytes.fromhex(row["events_hash"]))
            refusals.end(row["refusals"], bytes.fromhex(row["refusals_hash"]))
            heads[service] = (events.position, events.hash.hex(), refusals.position, refusals.hash.hex())
        else:
            problems.append(f"a line of kind {row['kind']}")
    for service, pair in chains.items():
        problems += [problem for chain in pair for problem in chain.problems]
        if service not in heads:
            problems.append(f"{service} has no head: the export was cut")
    return heads, problems


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        heads, problems = check(file)
    for service, (events, event_head, refusals, refusal_head) in heads.items():
        print(f"{service}:{events}:{event_head or '-'}:{refusals}:{refusal_head or '-'}")
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
