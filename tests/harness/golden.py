"""Kept answers in tests/golden/. UPDATE_GOLDEN=1 writes them anew; look at the difference before it is committed."""

import os

from suite import ROOT

FOLDER = ROOT / "tests" / "golden"


def assert_golden(test, name, text):
    """`text` is what tests/golden/<name> holds."""
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    test.maxDiff = 8000
    test.assertEqual(path.read_text(encoding="utf-8").splitlines(), text.splitlines(),
                     f"{path} differs; if that is meant, run with UPDATE_GOLDEN=1")
