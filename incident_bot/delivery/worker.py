"""The worker: claims what is due, has it sent, notes the outcome."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from incident_bot.delivery.outcome import (
    AccessLost,
    ChannelClosed,
    ChannelMade,
    Done,
    NotLetIn,
    NotSent,
    Outcome,
    RateLimited,
    Refused,
    Sent,
    SetAside,
    TakenOver,
    Unknown,
    Unwelcome,
)
from incident_bot.delivery.pace import Pace, channel_wait, hurried_wait, retry_wait
from incident_bot.delivery.problems import (
    NEW_CHANNELS,
    SLACK,
    Concern,
    Everywhere,
    Problems,
    name_of,
)
from incident_bot.delivery.setbacks import Setbacks
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import DatabaseAway
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation

_MOST_AT_ONCE: Final = 32
_DATABASE_RETRY: Final = 1.0
_ACCESS_RETRY: Final = 10.0
# A message on its way when the reply was lost needs a moment to show up in the history.
_LOOK_AFTER: Final = 1.0
_SUSPECT_RETRY: Final = 10.0
_LONGEST_SLEEP: Final = 60.0
_MOST_TRIES: Final = 10
_SHARED_SLEEP: Final = 1.0
_RENEW_EVERY: Final = 1.0
_LOOK_AT_CLOCK_EVERY: Final = 1.0
# Seconds. NTP moves a clock by less at a time.
_WORTH_NOTICING: Final = 1.0

log = structlog.get_logger(__name__)


class Sender(Protocol):
    """Does the sending."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Send one message; never raises for what the target or the network do."""

    def method(self, delivery: Delivery) -> str:
        """The name of the call that `delivery` needs, for its rate limit."""

    async def who_asked(self, delivery: Delivery) -> str | None:
        """The ID of the person who is to hear of trouble with `delivery`; None: nobody."""

    async def is_target_answering(self) -> bool:
        """Whether the target answers, whatever becomes of messages."""


class Worker:
    """Empties the outbox of what one target is sent, for as long as it runs.

    `problems` says what keeps messages from going out and needs a person: a reason for each
    channel, for new ones, or for the target as a `whole`.
    """

    def __init__(
        self,
        outbox: Outbox,
        sender: Sender,
        clock: Callable[[], datetime],
        pace: Pace,
        whole: Everywhere = SLACK,
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._clock = clock
        self._pace = pace
        self.whole = whole
        self._setbacks = Setbacks()
        self._went_out_at = clock()
        self._awake = asyncio.Event()
        self._is_stopping = False
        self._has_taken_over = False
        self._is_clock_set_back = False
        self._resting_until = 0.0
        self._waiting: dict[asyncio.Task[None], Delivery] = {}
        self._sending: set[asyncio.Task[None]] = set()
        self._untold: set[str] = set()
        self.problems = Problems()

    def wake(self) -> None:
        """Something has been put into the outbox, or can go out now."""
        self._awake.set()

    def retry_now(self) -> None:
        """Something has been mended: do not wait for the end of a rest."""
        self._resting_until = 0.0
        self._awake.set()

    def silent_seconds(self) -> float:
        """Seconds since a message last went out, or since the start."""
        return (self._clock() - self._went_out_at).total_seconds()

    def stop(self) -> None:
        """Claim no more; `run` returns once what is being sent has ended."""
        self._is_stopping = True
        self._awake.set()

    async def run(self) -> None:
        """Empty the outbox until `stop`; what was only claimed by then is given back."""
        renewing = asyncio.create_task(self._renew())
        watching = asyncio.create_task(self._watch_clock())
        while not self._is_stopping:
            self._awake.clear()
            try:
                await self._take_over()
                await self._make_due()
                await self._claim()
                await self._sleep()
            except DatabaseAway:
                await asyncio.sleep(_DATABASE_RETRY)
            except Exception:
                log.exception("the outbox cannot be read")
                await asyncio.sleep(_DATABASE_RETRY)
        # A task cancelled before its first step never runs: it could not give back its message.
        await asyncio.sleep(0)
        for task in self._waiting.keys() - self._sending:
            task.cancel()
        if self._waiting:
            await asyncio.wait(self._waiting)
        renewing.cancel()
        watching.cancel()

    async def _take_over(self) -> None:
        if self._has_taken_over:
            return
        if taken_over := await self._outbox.take_over(self._clock()):
            log.info("outbox taken over from a process that is gone", deliveries=taken_over)
        self._has_taken_over = True

    async def _watch_clock(self) -> None:
        """Notice when it is set back: what waits would wait until it shows the same time again."""
        loop_clock = asyncio.get_running_loop().time
        ahead = self._clock().timestamp() - loop_clock()
        while True:
            await asyncio.sleep(_LOOK_AT_CLOCK_EVERY)
            before, ahead = ahead, self._clock().timestamp() - loop_clock()
            if before - ahead > _WORTH_NOTICING:
                log.warning("the clock was set back", seconds=round(before - ahead))
                self._is_clock_set_back = True
                self.wake()

    async def _make_due(self) -> None:
        if self._is_clock_set_back:
            await self._outbox.make_due(self._clock())
            self._is_clock_set_back = False

    async def _renew(self) -> None:
        """Keep what is claimed from other processes, for as long as this one lives."""
        while self._outbox.is_shared:
            await asyncio.sleep(_RENEW_EVERY)
            try:
                await self._outbox.renew()
            except DatabaseAway:
                continue
            except Exception:
                log.exception("claims could not be renewed")

    async def _claim(self) -> None:
        if self._rest_left() > 0:
            return
        # Whatever keeps the oldest, another may show that access has come back.
        in_turn = self.whole in self.problems
        for delivery in await self._outbox.claim(self._clock(), *self._rooms(), in_turn=in_turn):
            task = asyncio.create_task(self._deliver(delivery), name=f"delivery {delivery.id}")
            self._waiting[task] = delivery
            task.add_done_callback(self._ended)

    def _rooms(self) -> tuple[int, int]:
        """How many more posts, and how many more edits, may be claimed.

        Each has places of its own: while Slack lets one method rest, the other goes on.
        """
        # Without access, one message at a time shows whether it has come back.
        most = 1 if self.whole in self.problems else _MOST_AT_ONCE
        posts = sum(delivery.is_post for delivery in self._waiting.values())
        return most - posts, most - (len(self._waiting) - posts)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._waiting[task]
        self._awake.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("a delivery could not be noted", exc_info=error)

    async def _sleep(self) -> None:
        # Others put messages into a shared outbox without waking us.
        seconds = _SHARED_SLEEP if self._outbox.is_shared else _LONGEST_SLEEP
        if (rest := self._rest_left()) > 0:
            seconds = rest
        elif due_at := await self._outbox.next_due(*self._rooms()):
            seconds = min(max((due_at - self._clock()).total_seconds(), 0.0), seconds)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._awake.wait(), seconds)

    async def _deliver(self, delivery: Delivery) -> None:
        method = self._sender.method(delivery)
        try:
            if delivery.is_post:
                await self._pace.turn(delivery.destination)
        except asyncio.CancelledError:
            await self._outbox.give_back(delivery, self._clock(), None)
            return
        if (rest := self._pace.rest_left(method)) > 0:
            # A rest may be long, and a claim is only held for what is about to be sent.
            due_at = self._clock() + timedelta(seconds=rest)
            await self._outbox.give_back(delivery, due_at, f"{method} rests")
            return
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - this is a coroutine of a task
        self._sending.add(task)
        try:
            is_text_alone = self._setbacks.is_text_alone(delivery.id)
            tried = replace(delivery, is_text_alone=is_text_alone)
            outcome = await self._weigh(tried, await self._try(tried))
            await self._note_surely(tried, outcome)
            if isinstance(outcome, Sent | Done | ChannelMade):
                await self._hurry(method)
        finally:
            self._sending.discard(task)

    async def _try(self, delivery: Delivery) -> Outcome:
        try:
            return await self._sender.send(delivery)
        except DatabaseAway:
            return NotSent("the database did not answer")
        except Exception as error:
            log.exception("a delivery failed unexpectedly", delivery=delivery.id)
            reason = f"{type(error).__name__}: {error}"
            # A fault of ours would come back for ever, and all after it in the channel would wait.
            return Unknown(reason) if delivery.attempts < _MOST_TRIES else Refused(reason)

    async def _weigh(self, delivery: Delivery, outcome: Outcome) -> Outcome:
        """Give up what fails while others get through: it would hold up its lane for ever."""
        method = self._sender.method(delivery)
        match outcome:
            case Unknown(reason, failed):
                method = failed or method
            case NotSent(reason, str(failed)):
                method = failed
            case Sent() | Done() | ChannelMade():
                self._setbacks.got_through(delivery.id, method)
                self._went_out_at = self._clock()
                return outcome
            case Refused() | Unwelcome():
                self._setbacks.forget(delivery.id)
                return outcome
            case _:
                return outcome
        self._setbacks.failed(delivery.id, method, delivery.attempts)
        if self._setbacks.is_unclear(delivery.id):
            is_well = self._setbacks.do_most_get_through(delivery.id) or (
                await self._is_slack_well(delivery)
            )
            self._setbacks.asked(delivery.id, is_well=is_well)
        if not self._setbacks.is_to_blame(delivery.id):
            return outcome
        if delivery.operation.is_message and not delivery.is_text_alone:
            self._setbacks.send_as_text_alone(delivery.id)
            return outcome
        self._setbacks.forget(delivery.id)
        return SetAside(reason)

    async def _hurry(self, method: str) -> None:
        """Try soon what failed by `method`, which works again: not all of it at once."""
        freed = self._setbacks.freed(method)
        if not freed:
            return
        now = self._clock()
        due = {one: now + timedelta(seconds=hurried_wait()) for one in freed}
        try:
            await self._outbox.bring_forward(due)
        except DatabaseAway:
            log.warning("what waits for Slack could not be hurried", method=method)

    async def _is_slack_well(self, delivery: Delivery) -> bool | None:
        """Whether Slack takes other messages: that to who asked of this one shows it.

        None: Slack answers, but whether it takes messages is not known.
        """
        if delivery.operation is Operation.TROUBLE:
            return False  # it is what would show it
        try:
            if delivery.is_post:
                is_told = await self._outbox.is_trouble_told(delivery, self._clock())
                if is_told is not None:
                    return is_told
            return None if await self._sender.is_target_answering() else False
        except Exception:
            log.exception("it is not known whether Slack is well", **_about(delivery))
            return None

    async def _note_surely(self, delivery: Delivery, outcome: Outcome) -> None:
        """Note the outcome, however long the database takes: without it the lane would stand."""
        is_to_hear = self._keep_problems(delivery, outcome) or self._is_missed(delivery, outcome)
        while True:
            try:
                tell = await self._who_asked(delivery) if is_to_hear else None
                return await self._note(delivery, outcome, tell)
            except DatabaseAway:
                log.warning("an outcome cannot be noted yet", **_about(delivery))
            except Exception:
                log.exception("an outcome could not be noted", **_about(delivery))
            if self._is_stopping:
                return None
            await asyncio.sleep(_DATABASE_RETRY)

    async def _who_asked(self, delivery: Delivery) -> str | None:
        try:
            return await self._sender.who_asked(delivery)
        except DatabaseAway:
            raise
        except Exception:
            log.exception("it is not known who asked for a message", **_about(delivery))
            return None

    def _is_missed(self, delivery: Delivery, outcome: Outcome) -> bool:
        """Whether who asked is to hear of it; that others were refused is in the log."""
        match outcome:
            case Refused() | NotLetIn():
                return delivery.is_missed
            case SetAside():
                return delivery.is_post or delivery.is_missed
            case Unwelcome():
                # Where else it is announced, it was announced as a courtesy.
                is_courtesy = (
                    delivery.operation.is_message and delivery.operation is not Operation.ORIGIN
                )
                return delivery.is_missed and not is_courtesy
            case Unknown() | NotSent():  # whether they can be told shows whether Slack is well
                return delivery.is_post and self._setbacks.is_unclear(delivery.id)
            case _:
                return False

    async def _note(self, delivery: Delivery, outcome: Outcome, tell: str | None) -> None:
        """Note it, and have the person `tell` told of it."""
        match outcome:
            case Sent(channel_id, message_ts):
                await self._outbox.sent(delivery, channel_id, message_ts, self._clock())
            case Done(receipt):
                await self._outbox.done(delivery, self._clock(), receipt)
            case ChannelMade(channel_id, name):
                await self._outbox.channel_made(delivery, channel_id, name, self._clock())
            case Refused(reason):
                log.error("a message was refused", reason=reason, **_about(delivery))
                await self._outbox.failed(delivery, reason, self._clock(), tell=tell)
            case NotLetIn(reason, user_ids):
                log.error("a message was refused", reason=reason, **_about(delivery))
                now = self._clock()
                await self._outbox.not_let_in(delivery, user_ids, reason, now, tell=tell)
            case SetAside(reason):
                log.error("a message was set aside", reason=reason, **_about(delivery))
                await self._outbox.failed(delivery, reason, self._clock(), tell=tell)
            case Unwelcome(reason):
                log.info("not announced there", reason=reason, **_about(delivery))
                now = self._clock()
                await self._outbox.forget_destination(delivery, reason, now, tell=tell)
            case _:
                await self._note_wait(delivery, outcome)
                if tell is not None:
                    await self._outbox.tell_what_keeps(delivery, tell, self._clock())

    async def _note_wait(
        self,
        delivery: Delivery,
        outcome: RateLimited | Unknown | NotSent | ChannelClosed | AccessLost | TakenOver,
    ) -> None:
        match outcome:
            case TakenOver():
                log.warning("a message is left to another process", **_about(delivery))
                # Perhaps nobody has it: our renewing would keep it from everybody then.
                await self._outbox.give_back(delivery, self._clock(), None)
            case RateLimited(method, retry_after):
                rest = self._pace.rest(method, retry_after)
                await self._put_back(delivery, rest, f"{method} was rate limited")
            case Unknown(reason):
                wait = _LOOK_AFTER if delivery.attempts == 1 else self._retry_wait(delivery)
                await self._put_back(delivery, wait, reason, is_uncertain=True)
            case NotSent(reason):
                await self._put_back(delivery, self._retry_wait(delivery), reason)
            case ChannelClosed(reason):
                await self._put_back(delivery, channel_wait(delivery.attempts), reason)
            case AccessLost(reason):
                self._rest(_ACCESS_RETRY)
                await self._put_back(delivery, 0, reason)

    def _retry_wait(self, delivery: Delivery) -> float:
        if self._setbacks.is_text_alone(delivery.id):  # the last try
            return _LOOK_AFTER
        wait = retry_wait(delivery.attempts)
        # It is soon known to be at fault, and all behind it waits until then.
        return min(wait, _SUSPECT_RETRY) if self._setbacks.is_suspected(delivery.id) else wait

    async def _put_back(
        self, delivery: Delivery, wait: float, reason: str, *, is_uncertain: bool = False
    ) -> None:
        due_at = self._clock() + timedelta(seconds=wait)
        log.warning("a message has to wait", reason=reason, seconds=wait, **_about(delivery))
        await self._outbox.put_back(
            delivery, due_at, reason, is_uncertain=is_uncertain or delivery.is_uncertain
        )

    def _keep_problems(self, delivery: Delivery, outcome: Outcome) -> bool:
        """Whether who asked is to hear of a problem."""
        match outcome:
            case AccessLost(reason):
                self.note_problem(self.whole, reason)
            case ChannelClosed(reason):
                self.note_problem(self.whole, None)  # it said so: it lets us in
                return self._keep_closed(delivery, reason)
            case Unwelcome():
                self.note_problem(self.whole, None)
            case Sent() | Done() | ChannelMade():
                self.note_problem(self.whole, None)
                self.note_problem(_what_keeps(delivery), None)
        return False

    def _keep_closed(self, delivery: Delivery, reason: str) -> bool:
        """Whoever comes upon it first is told; the others read it in the answer that they get.

        Of a channel that cannot be made no answer tells: each who asked is told.
        """
        concern = _what_keeps(delivery)
        if concern is NEW_CHANNELS:
            self.note_problem(concern, reason)
            return True
        if concern not in self.problems:
            self._untold.add(delivery.destination)
        self.note_problem(concern, reason)
        is_first = delivery.is_post and delivery.destination in self._untold
        if is_first:
            self._untold.discard(delivery.destination)
        return is_first

    def tell_first(self, destination: str) -> None:
        """Tell whoever comes upon a problem first, who may have asked before it was known."""
        if destination in self.problems:
            self._untold.add(destination)

    def note_problem(self, concern: Concern, reason: str | None) -> None:
        """Keep what a person has to mend, or None when it is mended; each is logged once."""
        if self.problems.get(concern) == reason:
            return
        if reason is None:
            del self.problems[concern]
            log.info("mended", what=name_of(concern))
        else:
            self.problems[concern] = reason
            log.error(
                "messages wait until somebody mends this", what=name_of(concern), reason=reason
            )

    def _rest(self, seconds: float) -> None:
        self._resting_until = asyncio.get_running_loop().time() + seconds

    def _rest_left(self) -> float:
        return self._resting_until - asyncio.get_running_loop().time()


def _what_keeps(delivery: Delivery) -> Concern:
    """The key in `Worker.problems` for what may keep `delivery` from going out."""
    return NEW_CHANNELS if delivery.operation is Operation.CHANNEL else delivery.destination


def _about(delivery: Delivery) -> dict[str, object]:
    return {
        "delivery": delivery.id,
        "incident": delivery.incident_id,
        "operation": str(delivery.operation),
        "destination": delivery.destination,
    }
