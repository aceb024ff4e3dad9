"""The README says what is so: its drawing, its commands and its settings."""

import re
from pathlib import Path

from incident_bot.domain.status import TRANSITIONS
from incident_bot.settings import Settings
from incident_bot.slack.commands import COMMAND, in_help

README = Path(__file__).parents[1] / "README.md"


def test_the_drawing_of_the_life_cycle_shows_every_transition_and_no_other() -> None:
    drawing = README.read_text().split("stateDiagram-v2")[1].split("```")[0]

    drawn = set(re.findall(r"^\s*(\w+) --> (\w+): (\w+)$", drawing, re.MULTILINE))

    assert drawn == {
        (before.replace(" ", ""), after.replace(" ", ""), verb)
        for (before, after), verb in TRANSITIONS.items()
    }


def test_the_table_of_commands_is_the_help() -> None:
    listed = re.findall(rf"^\| `({COMMAND} .*?)` \| (.*?) \|$", README.read_text(), re.MULTILINE)

    assert listed == [
        (f"{COMMAND} {subcommand.name} {subcommand.arguments}".strip(), subcommand.summary)
        for subcommand in in_help()
    ]


def test_the_table_of_settings_names_every_setting() -> None:
    section = README.read_text().split("## Settings")[1].split("\n## ")[0]

    named = set(re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE))

    settings = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert named == {name for name in settings if not name.startswith("INCIDENT_BOT_TEST_")}


def test_every_picture_and_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text())

    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []
