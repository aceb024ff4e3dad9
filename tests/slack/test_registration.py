"""What is written in the folders of commands, buttons, shortcuts and modals is registered."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from incident_bot.slack import buttons, commands, modals, shortcuts
from incident_bot.slack.buttons.button import BUTTONS
from incident_bot.slack.commands.subcommand import COMMANDS, SUBCOMMANDS
from incident_bot.slack.modals.submitted import MODALS
from incident_bot.slack.payloads import Press
from incident_bot.slack.registry import Registry
from incident_bot.slack.shortcuts.shortcut import SHORTCUTS


def files_of(package: ModuleType) -> Iterator[Path]:
    yield from Path(str(package.__file__)).parent.glob("*.py")


def decorated(package: ModuleType, decorator: str) -> int:
    """How many functions in a folder begin with the decorator."""
    nodes = [node for file in files_of(package) for node in ast.walk(ast.parse(file.read_text()))]
    functions = [node for node in nodes if isinstance(node, ast.AsyncFunctionDef)]
    return sum(
        isinstance(one, ast.Call) and ast.unparse(one.func) == decorator
        for function in functions
        for one in function.decorator_list
    )


@pytest.mark.parametrize(
    ("package", "decorator", "registry"),
    [
        (buttons, "button", BUTTONS),
        (modals, "submitted", MODALS),
        (shortcuts, "shortcut", SHORTCUTS),
    ],
    ids=["buttons", "modals", "shortcuts"],
)
def test_all_that_is_written_in_a_folder_is_registered(
    package: ModuleType, decorator: str, registry: Registry[Press]
) -> None:
    modules = {inspect.getmodule(inspect.unwrap(one.run)) for one in registry.values()}
    functions = {one.run for one in registry.values()}

    assert len(functions) == decorated(package, decorator) > 0
    assert {module.__name__.rpartition(".")[0] for module in modules if module} == {
        package.__name__
    }


def test_every_file_of_commands_registers_a_subcommand() -> None:
    names = {file.stem.rstrip("_") for file in files_of(commands)}

    assert names - {"subcommand", "__init__".rstrip("_")} | {"help"} == SUBCOMMANDS.keys()
    assert SUBCOMMANDS.keys() <= COMMANDS.keys()


def test_the_help_lists_every_subcommand_once() -> None:
    assert sorted(one.name for one in commands.in_help()) == sorted(SUBCOMMANDS)


def test_no_name_is_taken_twice() -> None:
    registry = Registry[Press]("unknown")
    registry.register("resolve")(BUTTONS["resolve"].run)

    with pytest.raises(ValueError, match="resolve is registered twice"):
        registry.register("resolve")(BUTTONS["reopen"].run)
