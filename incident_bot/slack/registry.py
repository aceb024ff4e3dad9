"""What Slack calls for by a name: each function registers beside where it is written."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import ModuleType
from typing import Generic, Protocol, TypeVar

from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services
from incident_bot.slack.text.errors import NotUnderstood


class Permission(Enum):
    """Who in the workspace may have something done."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    """Not guests: they change nothing."""


class Asked(Protocol):
    """What Slack sends when somebody wants something done."""

    @property
    def user_id(self) -> str:
        """Who wants it."""


A = TypeVar("A", bound=Asked)
Run = Callable[[A, Services], Awaitable[AnyReply]]


@dataclass(frozen=True)
class Registered(Generic[A]):
    """One function, and who may have it called."""

    run: Run[A]
    permission: Permission


class Registry(Mapping[str, Registered[A]]):
    """Functions by the names under which Slack calls for them.

    `unknown` and `hint` are what a person is told who calls for one that is not there.
    """

    def __init__(self, unknown: str, hint: str = "") -> None:
        self._unknown = unknown
        self._hint = hint
        self._registered: dict[str, Registered[A]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._registered)

    def __getitem__(self, name: str) -> Registered[A]:
        return self._registered[name]

    def __len__(self) -> int:
        return len(self._registered)

    def register(
        self, *names: str, permission: Permission = Permission.MEMBERS
    ) -> Callable[[Run[A]], Run[A]]:
        """Have the decorated function called for these names; none may be taken already."""

        def add(run: Run[A]) -> Run[A]:
            for name in names:
                if name in self._registered:
                    raise ValueError(f"{name} is registered twice")
                self._registered[name] = Registered(run, permission)
            return run

        return add

    async def dispatch(self, name: str, asked: A, services: Services) -> AnyReply:
        """Run what is registered under a name; raises NotUnderstood, NotAllowed."""
        registered = self._registered.get(name)
        if registered is None:
            raise NotUnderstood(self._unknown, self._hint)
        if registered.permission is Permission.MEMBERS:
            await services.people.refuse_change(asked.user_id)
        return await registered.run(asked, services)


def import_all(package: ModuleType) -> None:
    """Import every module of a package, so that all that is written there is registered."""
    for found in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{found.name}")
