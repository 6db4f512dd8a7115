"""The contract in proto/ as one line per rpc, field and value, so that a change of it is seen."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "harness"))
from golden import assert_golden  # noqa: E402
from suite import SERVICES  # noqa: E402
from google.api import annotations_pb2  # noqa: E402

TYPES = {1: "double", 2: "float", 3: "int64", 4: "uint64", 5: "int32", 8: "bool", 9: "string", 12: "bytes"}


def files():
    """Every file of ours that a service stands on, by name."""
    found, waiting = {}, [module.DESCRIPTOR for module in SERVICES.values()]
    while waiting:
        file = waiting.pop()
        if file.name.startswith("minsheng/") and file.name not in found:
            found[file.name] = file
            waiting.extend(file.dependencies)
    return [found[name] for name in sorted(found)]


def http_of(method):
    rule = method.GetOptions().Extensions[annotations_pb2.http]
    lines = []
    for one in (rule, *rule.additional_bindings):
        verb = one.WhichOneof("pattern")
        lines.append(f"{verb.upper()} {getattr(one, verb)}" + (f" body {one.body}" if one.body else ""))
    return "; ".join(lines)


def rpc_line(service, method):
    answer = ("stream " if method.server_streaming else "") + method.output_type.full_name
    return f"rpc {service.full_name}/{method.name} {method.input_type.full_name} -> {answer} | {http_of(method)}"


def type_of(field):
    named = field.message_type or field.enum_type
    kind = named.full_name if named else TYPES[field.type]
    return f"repeated {kind}" if field.label == field.LABEL_REPEATED else kind


def message_lines(message):
    yield from (f"field {message.full_name}.{f.name} {f.number} {type_of(f)}" for f in message.fields)
    for nested in message.nested_types:
        yield from message_lines(nested)
    for enum in message.enum_types:
        yield from enum_lines(enum)


def enum_lines(enum):
    return (f"value {enum.full_name}.{v.name} {v.number}" for v in enum.values)


def lines_of(file):
    for service in file.services_by_name.values():
        yield from (rpc_line(service, method) for method in service.methods)
    for message in file.message_types_by_name.values():
        yield from message_lines(message)
    for enum in file.enum_types_by_name.values():
        yield from enum_lines(enum)


class Descriptors(unittest.TestCase):

    def test_the_contract_is_the_one_kept(self):
        assert_golden(self, "descriptors.txt", "\n".join(l for f in files() for l in lines_of(f)) + "\n")

    def test_every_service_is_in_it(self):
        services = {s for f in files() for s in f.services_by_name}
        self.assertEqual(services, set(SERVICES))


if __name__ == "__main__":
    unittest.main()
