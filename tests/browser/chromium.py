"""The machine's own Chromium; Playwright is never asked to download one."""

import os
import shutil
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Playwright

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FOLDERS: Final = (
    "/usr/bin",
    "/usr/local/bin",
    "/usr/lib/chromium",
    "/snap/bin",
    "/opt/google/chrome",
)
_QUIETLY: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def installed_chromium() -> Path | None:
    found = (shutil.which(name) for name in _NAMES)
    usual = (f"{folder}/{name}" for folder in _FOLDERS for name in _NAMES)
    return next(
        (Path(path) for path in (*found, *usual) if path and os.access(path, os.X_OK)), None
    )


async def launched(playwright: Playwright) -> Browser:
    """Without a browser a test is skipped; in CI, which installs one, it fails."""
    executable = installed_chromium()
    if executable is None and os.environ.get("CI") == "true":
        pytest.fail("There is no Chromium here, and in CI there must be one.")
    if executable is None:
        pytest.skip("There is no Chromium here: `apt install chromium` gives one.")
    # Chromium refuses to run as root within its sandbox.
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return await playwright.chromium.launch(
        executable_path=executable, headless=True, args=[*_QUIETLY, *as_root]
    )
