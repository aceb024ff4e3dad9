"""The Slack app manifest that comes with the bot."""

from importlib.resources import files
from pathlib import Path


def manifest_text() -> str:
    """The manifest, as the wheel carries it or, in a checkout, as it lies at the top."""
    packaged = files("incident_bot").joinpath("manifest.yml")
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return Path(__file__).parents[1].joinpath("manifest.yml").read_text(encoding="utf-8")
