"""Whether a fault was found, and what to say of all of them."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.mutants.copies import Copy
from tests.mutants.coverage import Covering
from tests.mutants.faults import Fault

DEFAULT: Final = "default"
_MARKS: Final = {
    "PostgreSQL": "postgres and not slow",
    "slow": "slow",
    "stand-in": "stand_in and not slow",
}
LAYERS: Final = (DEFAULT, *_MARKS)


@dataclass(frozen=True)
class Verdict:
    """`found_by` is the layer of tests that found it, or None."""

    fault: Fault
    found_by: str | None
    diff: str

    @property
    def line(self) -> str:
        return f"{'found by ' + self.found_by if self.found_by else 'SURVIVED':<20} {self.fault}"


def judge(fault: Fault, copy: Copy, covering: Covering, layers: Sequence[str]) -> Verdict:
    """Put a fault into a copy and have one layer after the other look for it."""
    copy.takes(fault)
    found_by = next((layer for layer in layers if _finds(layer, fault, copy, covering)), None)
    return Verdict(fault, found_by, copy.diff(fault))


def _finds(layer: str, fault: Fault, copy: Copy, covering: Covering) -> bool:
    if layer != DEFAULT:
        return copy.finds("-m", _MARKS[layer])
    tests = covering.tests_of(fault)
    if not tests:
        folder = f"tests/{fault.module.split('/')[1]}"
        return copy.finds("-n0", folder) or copy.finds()
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(tests))
        listed.flush()
        return copy.finds("-n0", "-p", "no:randomly", f"@{listed.name}")


def report(verdicts: Sequence[Verdict], layers: Sequence[str]) -> str:
    """As Markdown: how many were found by which layer, and those that were not."""
    lines = ["# Faults put in on purpose", ""]
    found = 0
    for layer in layers:
        here = sum(verdict.found_by == layer for verdict in verdicts)
        found += here
        share = found / len(verdicts)
        lines.append(f"- {layer}: {here} found, {found} of {len(verdicts)} so far ({share:.0%})")
    lines += ["", "## Not found", ""]
    for verdict in verdicts:
        if verdict.found_by is None:
            lines += [f"### {verdict.fault}", "", "```diff", verdict.diff, "```", ""]
    return "\n".join(lines) + "\n"
