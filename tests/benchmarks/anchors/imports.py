"""Imports the modules that it is given and says so: an interpreter with the bot's libraries.

`python -m tests.benchmarks.anchors.imports MODULE…`
"""

import contextlib
import importlib
import sys

for name in sys.argv[1:]:
    with contextlib.suppress(ImportError):  # a few exist only once another is imported
        importlib.import_module(name)
print("imported", flush=True)
