"""What is there in the end, held against what people were told."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from incident_bot.sandbox.cast import BOT_USER_ID
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.workspace import Workspace
from tests.chaos.people import Done
from tests.chaos.plan import INCIDENTS, POISON, SHARED, Plan
from tests.chaos.records import Records, Waiting
from tests.chaos.report import Report
from tests.chaos.witness import Witness

_AFTER_A_FORM: Final = re.compile(r" \(\d+\)$")
_STEPS: Final = ("acknowledged", "resolved")


@dataclass(frozen=True)
class Ledger:
    """Counts into a report."""

    workspace: Workspace
    records: Records
    plan: Plan
    done: Sequence[Done]
    report: Report

    def count_incidents(self, listed: Mapping[int, str]) -> None:
        """`listed` are the titles that REST lists, by their IDs."""
        by_title = Counter(listed.values())
        self.report.incidents = len(self.plan.errands)
        self.report.private = sum(errand.is_private for errand in self.plan.errands)
        self.report.doubled += [title for title, number in by_title.items() if number > 1]
        declared = {done.errand.title for done in self.done if done.incident_id in listed}
        self.report.lost += [
            errand.title for errand in self.plan.errands if errand.title not in declared
        ]

    def count_of(self, done: Done, timeline: Sequence[Mapping[str, str]]) -> None:
        """What was done to one incident, and what was told of it; its timeline is REST's."""
        reference = f"INC-{done.incident_id}"
        kinds = Counter(entry["kind"] for entry in timeline)
        updates = [entry["text"] for entry in timeline if entry["kind"] == "update posted"]
        for kind in _STEPS:
            self._is_once(kinds[kind], f"{kind} in the timeline of {reference}")
        for text, number in Counter(updates).items():
            self._is_once(number, f"the update “{text}” in the timeline of {reference}")
        self.report.lost += [f"the update of {reference}"] * (not updates)
        for channel_id in self._channels:
            self._count_posts(done, channel_id, [*_STEPS, *updates])
        self._count_direct_messages(done, [*_STEPS, *updates])

    def count_deliveries(self) -> None:
        """Whatever it says: what one row of the outbox stands for is posted once."""
        posted = Counter(
            json.dumps(post.metadata)
            for post in self.workspace.posting.every()
            if post.metadata is not None and post.user_id == BOT_USER_ID
        )
        self.report.doubled += [f"{key} times {n}" for key, n in posted.items() if n > 1]

    def count_failures(self) -> None:
        """What was given up: for a good reason, and told to whoever asked."""
        by_id = {done.incident_id: done for done in self.done}
        for failure in self.records.unsent("failed"):
            done = by_id.get(failure.incident_id)
            if done is None or failure.destination in self._refusing | done.put_out:
                continue
            if not _is_poisoned(f"{done.title} {done.errand.update}"):
                self.report.lost.append(str(failure))
                continue
            self.report.set_aside += 1
            is_missed = failure.is_post and failure.kind in ("announcement", "notification")
            if is_missed and not self._is_told_of(failure):
                self.report.lost.append(f"nobody was told: {failure}")

    def count_sights(self, witness: Witness, listed: Mapping[int, str]) -> None:
        """Who has seen what they may not see."""
        [shared] = [c.id for c in self.workspace.directory.channels.values() if c.name == SHARED]
        told_there = {
            errand.title
            for errand in self.plan.errands
            if errand.channel == SHARED and not errand.is_private
        }
        ids = {
            incident_id
            for incident_id, title in listed.items()
            if _AFTER_A_FORM.sub("", title) in told_there
        }
        sights = dict.fromkeys([*witness.betrayals(), *witness.seen_in(shared, but=ids)])
        self.report.seen += map(str, sights)
        self.report.sights = witness.number_of_sights

    # Messages

    def _count_posts(self, done: Done, channel_id: str, told: Sequence[str]) -> None:
        """`told` are the words by which what is told is known."""
        where = f"INC-{done.incident_id} in {channel_id}"
        posts = list(self._posts(done.incident_id, channel_id))
        announcements = [post.text for post in posts if "Reported by" in post.text]
        others = [post.text for post in posts if "Reported by" not in post.text]
        self.report.announced += len(announcements)
        self.report.told += len(others)
        is_whole = self._is_whole(done, channel_id)
        # It shows the latest update.
        is_poisoned = _is_poisoned(f"{done.title} {done.errand.update}")
        is_needed = is_whole and not is_poisoned
        self._is_once(len(announcements), f"the announcement of {where}", is_needed=is_needed)
        for words in told:
            number = sum(_tells(text, words) for text in others)
            is_needed = is_whole and not _is_unfit(done, words)
            self._is_once(number, f"“{words}” of {where}", is_needed=is_needed)
        if is_whole:
            wrong = [text for text in announcements if "Status: Resolved" not in text]
            self.report.lost += [f"the state of {where}: {text}" for text in wrong]

    def _count_direct_messages(self, done: Done, told: Sequence[str]) -> None:
        """Whoever is put out may have heard or not of what was before."""
        if done.follower is None:
            return
        posts = list(self._posts(done.incident_id, f"D{done.follower[1:]}"))
        stays = not done.errand.is_private or done.errand.is_guest_to_stay
        for words in told:
            number = sum(_tells(post.text, words) for post in posts)
            self.report.direct += number
            what = f"“{words}” of INC-{done.incident_id} to {done.follower}"
            self._is_once(number, what, is_needed=stays and not _is_unfit(done, words))

    def _posts(self, incident_id: int, channel_id: str) -> Iterator[Message]:
        name = re.compile(rf"\bINC-{incident_id}\b")
        for post in self.workspace.posting.logs[channel_id]:
            is_to_all = post.user_id == BOT_USER_ID and post.ephemeral_to is None
            if is_to_all and name.search(post.text):
                yield post

    def _is_told_of(self, failure: Waiting) -> bool:
        told = self._posts(failure.incident_id, f"D{failure.actor[1:]}")
        return any("could not be sent to" in post.text for post in told)

    def _is_once(self, number: int, what: str, *, is_needed: bool = True) -> None:
        if number == 0 and is_needed:
            self.report.lost.append(what)
        if number > 1:
            self.report.doubled.append(f"{what}, {number} times")

    # Where

    @property
    def _channels(self) -> list[str]:
        channels = self.workspace.directory.channels.values()
        return [channel.id for channel in channels if channel.kind != "dm"]

    @property
    def _refusing(self) -> set[str]:
        """The IDs of channels that refused at some time, but for the announcement channel."""
        named = {one.channel for one in self.plan.refusals} - {INCIDENTS}
        channels = self.workspace.directory.channels.values()
        return {channel.id for channel in channels if channel.name in named}

    def _is_whole(self, done: Done, channel_id: str) -> bool:
        """Whether all that is told of the incident must be found there."""
        if done.errand.is_private:
            return channel_id == done.channel_id
        name = self.workspace.directory.channels[channel_id].name
        is_announced = name in (INCIDENTS, done.errand.channel)
        return is_announced and channel_id not in self._refusing


def _tells(text: str, words: str) -> bool:
    """Whether a notification tells a step or an update."""
    if words in _STEPS:
        return f"{words} " in text
    return text.startswith("💬") and words in text.splitlines()


def _is_unfit(done: Done, words: str) -> bool:
    """Whether Slack takes no notification of this: that of the end has the title in it."""
    return _is_poisoned(done.title if words == "resolved" else words)


def _is_poisoned(text: str) -> bool:
    return any(word in text for word in POISON)
