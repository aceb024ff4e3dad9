"""`python -m tests.benchmarks [name…]`: the bot's speed against anchors, measured in one run.

Prints a table and writes it as JSON and as a plot into `output/benchmarks`. `--quick` does a
little of everything, to see that it works; its figures mean nothing.
"""

import argparse
import gc
from collections.abc import Callable, Coroutine
from typing import Any, Final

import uvloop

from tests.benchmarks import (
    acknowledging,
    announcing,
    bursts,
    footprint,
    listing,
    outbox,
    replicas,
    rest_reads,
    rest_writes,
    searching,
    starting,
    whole_list,
)
from tests.benchmarks.quantities import Effort, Quantity
from tests.benchmarks.report import machine, table, write

MEASURES: Final[dict[str, Callable[[Effort], Coroutine[Any, Any, list[Quantity]]]]] = {
    "acknowledging": acknowledging.measure,
    "bursts": bursts.measure,
    "announcing": announcing.measure,
    "rest-writes": rest_writes.measure,
    "rest-reads": rest_reads.measure,
    "whole-list": whole_list.measure,
    "listing": listing.measure,
    "searching": searching.measure,
    "starting": starting.measure,
    "footprint": footprint.measure,
    "outbox": outbox.measure,
    "replicas": replicas.measure,
}
"""By name; the order is the table's."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    if unknown := set(given.names) - MEASURES.keys():
        parser.error(f"there is no benchmark {', '.join(unknown)}")
    # What asks must not stand still while what is asked is timed.
    gc.freeze()
    quantities: list[Quantity] = []
    for name in given.names or MEASURES:
        print(f"… {name}", flush=True)
        quantities += uvloop.run(MEASURES[name](Effort(is_quick=given.quick)))
    print(f"\n{table(quantities)}\n\n{machine()}")
    write(quantities)


if __name__ == "__main__":
    main()
