"""Chaos: replicas are paused, cut off and deceived about the time, while channels refuse.

    python -m tests.chaos                          200 incidents, three replicas, on PostgreSQL
    python -m tests.chaos --incidents 24 --seed 7  a small one, by another plan

What was acknowledged must be there in the end, once, without having waited for what was broken,
and of what is private nobody else may have seen anything. The figures are printed.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.chaos.plan import POISON, Size
from tests.chaos.scene import chaos
from tests.postgres import postgres_server


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--incidents", type=int, default=200)
    parser.add_argument("--perils", type=int, default=12, help="how many each replica meets")
    parser.add_argument("--mode", choices=["socket", "http"], default="http")
    parser.add_argument(
        "--poison",
        nargs="+",
        choices=POISON,
        default=["Hemlock"],
        help="words that no post may have",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--logs", type=Path, help="folder in which the bots' logs are kept")
    given = parser.parse_args()
    size = Size(given.incidents, given.perils, poison=tuple(given.poison), hangs=2)
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        address = server.new_database()
        report = asyncio.run(
            chaos(size, given.mode, given.logs or Path(folder), address, given.seed)
        )
    print("\n".join(report.lines()))
    return bool(report.wrongs)


if __name__ == "__main__":
    sys.exit(main())
