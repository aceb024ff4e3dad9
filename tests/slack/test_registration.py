"""What lies in the folders of commands, buttons, shortcuts and modals is in their tables."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

from incident_bot.slack import buttons, commands, modals, shortcuts
from incident_bot.slack.buttons.action import Action
from incident_bot.slack.commands.subcommand import Subcommand
from incident_bot.slack.shortcuts.shortcut import Shortcut

T = TypeVar("T")


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{found.name}")


def defined_in(package: ModuleType, kind: type[T]) -> list[T]:
    """All of a kind that the package's modules define, alone or in a tuple."""
    found = []
    for module in modules_of(package):
        for value in vars(module).values():
            found += [
                one
                for one in (value if isinstance(value, tuple) else (value,))
                if isinstance(one, kind)
            ]
    return found


def test_every_subcommand_is_in_the_table_and_so_in_the_help() -> None:
    defined = defined_in(commands, Subcommand)

    assert defined
    assert {one.name for one in (*defined, commands.HELP)} == {
        one.name for one in commands.SUBCOMMANDS
    }


def test_every_button_is_in_the_table() -> None:
    assert {one.action_id for one in defined_in(buttons, Action)} == buttons.ACTIONS.keys()


def test_every_shortcut_is_in_the_table() -> None:
    defined = defined_in(shortcuts, Shortcut)

    assert {one.callback_id for one in defined} == shortcuts.SHORTCUTS.keys()


def test_every_modal_that_is_submitted_is_in_the_table() -> None:
    submitted = [module for module in modules_of(modals) if hasattr(module, "submit")]

    assert {module.CALLBACK_ID for module in submitted} == modals.MODALS.keys()


def test_no_two_have_the_same_name() -> None:
    names = [name for one in commands.SUBCOMMANDS for name in (one.name, *one.aliases)]

    assert len(names) == len(set(names))
