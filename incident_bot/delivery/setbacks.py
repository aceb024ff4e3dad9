"""Whether a message that fails is to blame for it, or Slack as a whole."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Final

_TRIES: Final = 5
"""How often a message may fail while others get through."""
_LEAST_SECONDS: Final = 60.0
"""How long it is tried at least, so that a short trouble of Slack's ends no message."""
_TRIES_UNTIL_ASKED: Final = 4
_MOST_TRIES: Final = 60
"""How often it may fail while nothing shows whether others would get through: about an hour."""
_MOST_KEPT: Final = 1000


@dataclass
class _Setback:
    """`held` are the failures while others got through, `unclear` those that prove nothing yet.

    `balance` is how the method stood after the latest of them, which was the try `attempts`;
    `got_through_before` is how many messages had got through by it before the first.
    """

    method: str
    since: float
    balance: int
    attempts: int
    got_through_before: int
    held: int = 0
    unclear: int = 0
    is_text_alone: bool = False
    is_hurried: bool = False


class Setbacks:
    """Counts a failure against a message only if the same method works for others."""

    def __init__(self) -> None:
        # How many more calls of each method succeeded than failed.
        self._balance: Counter[str] = Counter()
        self._got_through: Counter[str] = Counter()
        self._of: dict[int, _Setback] = {}

    def got_through(self, delivery_id: int, method: str) -> None:
        self._balance[method] += 1
        self._got_through[method] += 1
        self.forget(delivery_id)

    def forget(self, delivery_id: int) -> None:
        """It is settled, or what keeps it now is no failure."""
        self._of.pop(delivery_id, None)

    def failed(self, delivery_id: int, method: str, attempts: int) -> None:
        """Count a failed call of `method`, which was the try `attempts` of the delivery.

        The tries that other processes have made since the last one here count, too.
        """
        self._balance[method] -= 1
        balance = self._balance[method]
        setback = self._of.get(delivery_id)
        if setback is None:
            self._forget_oldest()
            now = asyncio.get_running_loop().time()
            before = self._got_through[method]
            self._of[delivery_id] = _Setback(method, now, balance, attempts, before, unclear=1)
            return
        setback.is_hurried = False
        tries = max(attempts - setback.attempts, 1)
        if balance >= setback.balance:  # more got through than failed, this failure included
            setback.held += tries
        else:
            setback.unclear += tries
        setback.balance, setback.attempts = balance, attempts

    def freed(self, method: str) -> list[int]:
        """What `method` kept from going out, now that it works; each is given once a failure.

        Without what has failed while others got through: that is not freed by their success.
        """
        freed = {
            delivery_id: setback
            for delivery_id, setback in self._of.items()
            if setback.method == method and setback.held == 0 and not setback.is_hurried
        }
        for setback in freed.values():
            setback.is_hurried = True
        return list(freed)

    def is_unclear(self, delivery_id: int) -> bool:
        """Whether it is time to ask Slack whether other messages would get through."""
        setback = self._of.get(delivery_id)
        return setback is not None and setback.unclear >= _TRIES_UNTIL_ASKED

    def do_most_get_through(self, delivery_id: int) -> bool:
        """Whether since its first failure more messages got through than fail now, it included.

        However often each of those fails: a few that Slack never takes excuse each other else.
        """
        setback = self._of[delivery_id]
        failing = sum(other.method == setback.method for other in self._of.values())
        return self._got_through[setback.method] - setback.got_through_before >= failing

    def asked(self, delivery_id: int, *, is_well: bool | None) -> None:
        """Note whether another message got through; None: Slack answers, but that is all."""
        setback = self._of[delivery_id]
        if is_well is None:
            return
        if is_well:
            setback.held += setback.unclear
            # The next failure counts, too.
            setback.balance -= 1
        setback.unclear = 0

    def is_suspected(self, delivery_id: int) -> bool:
        """Whether a message has failed while others got through."""
        setback = self._of.get(delivery_id)
        return setback is not None and setback.held > 0

    def is_to_blame(self, delivery_id: int) -> bool:
        """Whether a message has failed for too long while Slack was well."""
        setback = self._of.get(delivery_id)
        if setback is None:
            return False
        seconds = asyncio.get_running_loop().time() - setback.since
        is_often = setback.held >= _TRIES or setback.unclear >= _MOST_TRIES
        return is_often and seconds >= _LEAST_SECONDS

    def send_as_text_alone(self, delivery_id: int) -> None:
        """Have it sent without blocks from now on: that may be what Slack does not digest."""
        self._of[delivery_id].is_text_alone = True

    def is_text_alone(self, delivery_id: int) -> bool:
        setback = self._of.get(delivery_id)
        return setback is not None and setback.is_text_alone

    def _forget_oldest(self) -> None:
        """Those that another process has settled, or an operator, are forgotten at some time."""
        if len(self._of) >= _MOST_KEPT:
            del self._of[next(iter(self._of))]
