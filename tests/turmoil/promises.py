"""What must hold when all is quiet: nothing lost, nothing doubled, in order."""

from tests.slack_people import Post, Slack
from tests.turmoil.model import State, told
from tests.turmoil.watched import Watched

_BUTTONS = {
    "Open": ["Acknowledge", "Update", "Resolve", "Join", "Follow"],
    "In Progress": ["Update", "Resolve", "Join", "Follow"],
    "Resolved": ["Reopen"],
}


def are_kept(slack: Slack, watched: Watched) -> None:
    """For one incident, wherever it is announced."""
    for channel in {"incidents", watched.channel}:
        _are_kept_in(channel, slack, watched)


def _are_kept_in(channel: str, slack: Slack, watched: Watched) -> None:
    posts = sorted(slack.posts(watched.announced, channel), key=lambda post: post.ts)
    announcements = [post for post in posts if is_announcement(post)]
    heard = [post.text for post in posts if not is_announcement(post)]
    _is_announced_once(watched, announcements)
    for announcement in announcements:
        _shows(announcement, watched.state)
    _each_is_told_once(watched, heard)


def is_announcement(post: Post) -> bool:
    """Rather than a notification, which may stand outside of a thread that is gone."""
    return not post.message.is_reply and "Reported by" in post.text


def _is_announced_once(watched: Watched, announcements: list[Post]) -> None:
    # One that was deleted comes back with the next change.
    may_be_gone = watched.gone_since == watched.state.version
    texts = [post.text for post in announcements]
    assert len(texts) == 1 or (may_be_gone and not texts), f"{watched}: {texts}"


def _shows(announcement: Post, state: State) -> None:
    lead = f"<@{state.lead}>" if state.lead else "nobody yet"
    for fact in (f"Status: {state.status}.", f"Severity: {state.severity} ", f"Lead: {lead}."):
        assert fact in announcement.text, f"{fact} is not in {announcement.text}"
    assert state.status in announcement.words
    assert announcement.buttons == _BUTTONS[state.status]


def _each_is_told_once(watched: Watched, heard: list[str]) -> None:
    wanted = told(watched.entries, watched.reference)
    difference = f"{watched.reference} should be told {wanted}; was told {heard}"
    assert len(heard) == len(wanted), difference
    assert all(words in text for words, text in zip(wanted, heard, strict=True)), difference
