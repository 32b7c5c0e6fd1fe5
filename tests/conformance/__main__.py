"""The W3C suite, turned into a table: ``python -m tests.conformance`` runs it over HTTP against a service of its own.

Exit 1 where a test fails that is not in known.csv, where one passes that is, or where the suite is not there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.conformance.evaluation import Evaluation
from tests.conformance.manifest import Case, tests
from tests.conformance.protocol import Protocol
from tests.conformance.report import PAGE, Report, known_failures
from tests.conformance.service import ROOT, running

HOW = (
    "The W3C suite is not at {}. Fetch https://github.com/w3c/rdf-tests (commit ad541a5) and set RDF_TESTS to its folder sparql, "
    "which holds sparql10, sparql11 and sparql12."
)


def run(root: Path, only: str = "") -> Report:
    """Every test of the suite, or those whose name contains ``only``."""
    chosen = [test for test in tests(root) if only in test.id]
    # Tests on the same data follow one another, so that each dataset is published once.
    chosen.sort(key=lambda test: (test.kind.endswith("ProtocolTest"), str(test.before), test.id))
    outcomes: dict[Case, str] = {}
    with tempfile.TemporaryDirectory() as data, running(Path(data), default_graph="separate", workers="1", spares="0") as service:
        evaluation = Evaluation(root, service)
        protocol = Protocol(evaluation)
        for test in chosen:
            runner = protocol if test.kind.endswith("ProtocolTest") or test.kind == "ServiceDescriptionTest" else evaluation
            outcomes[test] = runner.run(test)
    return Report(dict(sorted(outcomes.items(), key=lambda pair: pair[0].id)), known_failures())


def main() -> int:
    """Runs, prints the table and what was not expected, and writes the page of the documentation if it is told to."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("--only", default="", help="run the tests whose name contains this")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    parser.add_argument("--if-present", action="store_true", help="say that the suite is missing, and do not fail")
    given = parser.parse_args()
    root = Path(os.environ.get("RDF_TESTS") or ROOT.parent / "shared" / "rdf-tests").resolve()
    if not (root / "sparql11" / "manifest-all.ttl").is_file():
        print(HOW.format(root), file=sys.stderr)
        return 0 if given.if_present else 1
    began = time.monotonic()
    report = run(root, given.only)
    print(report.table())
    print(f"{time.monotonic() - began:.0f} s")
    unexpected = [line for line in report.unexpected if not given.only or not line.endswith("not in the suite")]
    print("\n".join(unexpected))
    if given.write:
        PAGE.write_text(report.page(), "utf-8")
    return 1 if unexpected or not report.outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
