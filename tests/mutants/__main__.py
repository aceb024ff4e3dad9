"""Puts faults into the bot on purpose and counts how many the tests find.

    pip install -e '.[mutants]'
    python -m tests.mutants               # 80 of them, in some forty minutes on two cores
    python -m tests.mutants --number 20 --seed 7

cosmic-ray makes the faults: a comparison turned round, a number changed, a loop left out. Each is
put into a copy of the checkout, where the tests that run its line look for it, the nearest first.
What survived is printed with its diff and written to `output/mutants`.
"""

import argparse
import concurrent.futures
import random
import sys
from pathlib import Path
from typing import Final

from tests.mutants.copies import Copy
from tests.mutants.coverage import Covering
from tests.mutants.faults import Fault, all_faults
from tests.mutants.verdict import LAYERS, Verdict, judge, report

_ROOT: Final = Path(__file__).parents[2]
_OUTPUT: Final = _ROOT / "output" / "mutants"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--number", type=int, default=80, help="how many faults (80)")
    parser.add_argument("--seed", type=int, default=13, help="which ones (13)")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once (2)")
    parser.add_argument(
        "--full", action="store_true", help="what survives, have the other layers look for, too"
    )
    parser.add_argument(
        "--same-coverage", action="store_true", help="which test runs which line is as it was"
    )
    chosen = parser.parse_args()
    _OUTPUT.mkdir(parents=True, exist_ok=True)
    covering = Covering.of(_ROOT, _OUTPUT / "coverage", is_known=chosen.same_coverage)
    faults = _sample(all_faults(_ROOT), chosen.number, chosen.seed)
    layers = LAYERS if chosen.full else LAYERS[:1]
    verdicts = _judged(faults, covering, chosen.jobs, layers)
    text = report(verdicts, layers)
    (_OUTPUT / "report.md").write_text(text)
    sys.stdout.write(text)


def _sample(faults: list[Fault], number: int, seed: int) -> list[Fault]:
    """At most one for each place and kind of fault: an operator has ten others to be taken for."""
    chance = random.Random(seed)  # noqa: S311 - it has to be the same each time
    by_place: dict[tuple[str, int, int, str], list[Fault]] = {}
    for fault in faults:
        by_place.setdefault(fault.place, []).append(fault)
    with Copy(_ROOT) as copy:
        places = sorted(by_place)
        chance.shuffle(places)
        chosen: list[Fault] = []
        for place in places:
            fault = chance.choice(by_place[place])
            # What cannot even be imported, any test would find.
            if len(chosen) < number and copy.can_import(fault):
                chosen.append(fault)
        return chosen


def _judged(
    faults: list[Fault], covering: Covering, jobs: int, layers: tuple[str, ...]
) -> list[Verdict]:
    def one(fault: Fault) -> Verdict:
        with Copy(_ROOT) as copy:
            verdict = judge(fault, copy, covering, layers)
        sys.stderr.write(f"{verdict.line}\n")
        return verdict

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, faults))


main()
