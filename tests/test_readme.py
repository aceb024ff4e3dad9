"""README and docs say what is so: the drawing, the commands, the settings, the links."""

import re
from pathlib import Path

import pytest

from incident_bot.domain.status import TRANSITIONS
from incident_bot.settings import Settings
from incident_bot.slack.commands import COMMAND, in_help

PROJECT = Path(__file__).parents[1]
DOCS = PROJECT / "docs"
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]


def test_the_drawing_of_the_life_cycle_shows_every_transition_and_no_other() -> None:
    drawing = (DOCS / "architecture.md").read_text().split("stateDiagram-v2")[1].split("```")[0]

    drawn = set(re.findall(r"^\s*(\w+) --> (\w+): (\w+)$", drawing, re.MULTILINE))

    assert drawn == {
        (before.replace(" ", ""), after.replace(" ", ""), verb)
        for (before, after), verb in TRANSITIONS.items()
    }


def test_the_table_of_commands_is_the_help() -> None:
    page = (DOCS / "commands.md").read_text()
    listed = re.findall(rf"^\| `({COMMAND} .*?)` \| (.*?) \|$", page, re.MULTILINE)

    assert listed == [
        (f"{COMMAND} {subcommand.name} {subcommand.arguments}".strip(), subcommand.summary)
        for subcommand in in_help()
    ]


def test_the_table_of_settings_names_every_setting() -> None:
    page = (DOCS / "settings.md").read_text()

    named = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))

    settings = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert named == {name for name in settings if not name.startswith("INCIDENT_BOT_TEST_")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_picture_and_file_that_is_linked_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_is_a_front_door() -> None:
    assert len((PROJECT / "README.md").read_text().splitlines()) <= 150
