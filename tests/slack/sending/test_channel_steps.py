"""Each step in an incident's channel, by what Slack answers to it."""

from collections.abc import Mapping
from typing import Any

import pytest

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
    Unknown,
    Unwelcome,
)
from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import Responder, Responders
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.sending.channel_steps import METHODS, ChannelSteps
from incident_bot.slack.services import Services
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.outbox.contents import Content
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from tests.factories import (
    ANA,
    BEN,
    CARA,
    EVE,
    GUS,
    NOON,
    Clock,
    a_delivery,
    after,
    an_entry,
    an_incident,
    by,
    in_progress,
    resolved,
)
from tests.slack.incidents import OWN, declared, with_channel
from tests.web_api import (
    LOST,
    Answer,
    Call,
    WebApi,
    error,
    ok,
    rate_limited,
)

INVITE = "conversations.invite"
MEMBERS = "conversations.members"
CREATE = "conversations.create"
LINK = "https://example.slack.com/archives/C0INC/p1"


@pytest.fixture(autouse=True)
def only_the_bot_is_in_the_channel(web_api: WebApi) -> None:
    """Until a test says otherwise."""
    web_api.answers(MEMBERS, ok(members=["U0BOT"]))


def a_step(operation: Operation, **changes: Any) -> Delivery:  # noqa: ANN401 - Delivery's
    return a_delivery(operation=operation, destination=OWN, lane=OWN, **changes)


def in_channel(**changes: Any) -> Incident:  # noqa: ANN401 - Incident's
    """An incident with an open channel of its own."""
    return in_progress(channel_id=OWN, channel_name="inc-12-checkout", **changes)


async def taken(
    steps: ChannelSteps,
    operation: Operation,
    incident: Incident,
    content: Mapping[str, Any] | None = None,
    **changes: Any,  # noqa: ANN401 - Delivery's
) -> Outcome:
    """What comes of a step, of an incident that is so."""
    return await steps.take(
        a_step(operation, **changes), Content(incident, None, **(content or {}))
    )


@pytest.mark.parametrize("is_private", [True, False])
async def test_a_channel_is_made(steps: ChannelSteps, web_api: WebApi, *, is_private: bool) -> None:
    web_api.answers(CREATE, ok(channel={"id": OWN, "name": "as-slack-names-it"}))
    incident = an_incident(is_private=is_private)

    outcome = await taken(steps, Operation.CHANNEL, incident)

    assert outcome == ChannelMade(OWN, "as-slack-names-it")
    name = "inc-12-private" if is_private else "inc-12-checkout-answers-500"
    [made] = web_api.asked(CREATE)
    assert made == {"name": name, "is_private": "1" if is_private else "0"}


async def test_a_name_that_is_taken_is_not_adopted_but_numbered(
    steps: ChannelSteps, web_api: WebApi
) -> None:
    made = ok(channel={"id": OWN, "name": "x"})
    web_api.answers(CREATE, error("name_taken"), error("name_taken"), made)

    assert await taken(steps, Operation.CHANNEL, an_incident()) == ChannelMade(OWN, "x")
    name = "inc-12-checkout-answers-500"
    assert [one["name"] for one in web_api.asked(CREATE)] == [name, f"{name}-2", f"{name}-3"]


async def test_ten_names_are_tried(steps: ChannelSteps, web_api: WebApi) -> None:
    web_api.answers(CREATE, error("name_taken"))

    outcome = await taken(steps, Operation.CHANNEL, an_incident())

    assert outcome == Refused("all names that it could have are taken")
    assert len(web_api.calls) == 10


@pytest.mark.parametrize(
    ("incident", "words"),
    [
        (an_incident(channel_id=OWN), "it has a channel already"),
        (an_incident(deleted_at=NOON), "the incident was deleted before"),
    ],
)
async def test_a_channel_that_is_not_needed_is_not_made(
    steps: ChannelSteps, web_api: WebApi, incident: Incident, words: str
) -> None:
    assert await taken(steps, Operation.CHANNEL, incident) == Refused(words)
    assert web_api.calls == []


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ({}, True),
        ({"name": "inc-12-checkout-answers-500-10"}, True),
        ({"created": NOON.timestamp() - 300}, True),
        ({"name": "inc-12-checkout-answers-500-11"}, False),
        ({"name": "inc-12-other"}, False),
        ({"creator": CARA}, False),
        ({"created": NOON.timestamp() - 301}, False),
        ({"created": None}, False),
        ({"is_private": True}, False),
    ],
    ids=str,
)
async def test_a_channel_that_a_lost_reply_left_behind_is_found_again(
    steps: ChannelSteps, web_api: WebApi, changes: dict[str, Any], *, is_found: bool
) -> None:
    channel = {
        "id": OWN,
        "name": "inc-12-checkout-answers-500",
        "creator": "U0BOT",
        "created": NOON.timestamp(),
        "is_private": False,
    }
    found = {name: value for name, value in (channel | changes).items() if value is not None}
    web_api.answers("conversations.list", ok(channels=[found]))
    web_api.answers(CREATE, ok(channel={"id": "C0NEW", "name": "new"}))

    outcome = await taken(steps, Operation.CHANNEL, an_incident(), is_uncertain=True)

    expected = ChannelMade(OWN, str(found["name"])) if is_found else ChannelMade("C0NEW", "new")
    assert outcome == expected


async def test_a_channel_of_another_incident_is_not_taken_for_it(
    steps: ChannelSteps, services: Services, outbox: Outbox, web_api: WebApi
) -> None:
    await with_channel(services, outbox)
    name = "inc-12-checkout-answers-500"
    found = {"id": OWN, "name": name, "creator": "U0BOT", "created": NOON.timestamp()}
    web_api.answers("conversations.list", ok(channels=[found]))
    web_api.answers(CREATE, ok(channel={"id": "C0NEW", "name": "new"}))

    outcome = await taken(steps, Operation.CHANNEL, an_incident(), is_uncertain=True)

    assert outcome == ChannelMade("C0NEW", "new")


async def test_its_people_are_invited(steps: ChannelSteps, web_api: WebApi) -> None:
    web_api.answers(INVITE, ok())
    responders = Responders((Responder(BEN, NOON), Responder(ANA, NOON)))

    outcome = await taken(steps, Operation.INVITATION, in_channel(), {"responders": responders})

    assert outcome == Done()
    [invited] = web_api.asked(INVITE)
    assert invited == {"channel": OWN, "users": f"{CARA},{ANA},{BEN}", "force": "1"}


async def test_who_is_in_the_channel_already_is_not_invited(
    steps: ChannelSteps, web_api: WebApi
) -> None:
    first_page = ok(members=["U0BOT", CARA], response_metadata={"next_cursor": "more"})
    web_api.answers(MEMBERS, first_page, ok(members=[GUS, ANA]))
    web_api.answers(INVITE, ok())
    responders = Responders((Responder(BEN, NOON),))

    outcome = await taken(steps, Operation.INVITATION, in_channel(), {"responders": responders})

    assert outcome == Done()
    assert [one["users"] for one in web_api.asked(INVITE)] == [BEN]


async def test_when_everybody_is_in_the_channel_slack_is_asked_no_more(
    steps: ChannelSteps, web_api: WebApi
) -> None:
    first_page = ok(members=["U0BOT", CARA, ANA], response_metadata={"next_cursor": "more"})
    web_api.answers(MEMBERS, first_page)

    assert await taken(steps, Operation.INVITATION, in_channel()) == Done()
    assert web_api.methods == [MEMBERS]


async def test_when_slack_does_not_say_who_is_in_the_channel_everybody_is_invited(
    steps: ChannelSteps, web_api: WebApi
) -> None:
    web_api.answers(MEMBERS, rate_limited(30))
    web_api.answers(INVITE, error("x", errors=[{"user": CARA, "error": "already_in_channel"}]))

    assert await taken(steps, Operation.INVITATION, in_channel()) == Done()
    assert [one["users"] for one in web_api.asked(INVITE)] == [f"{CARA},{ANA}"]


async def test_only_who_can_be_invited_is(steps: ChannelSteps, web_api: WebApi) -> None:
    """A name that REST gave is nobody in Slack, whatever it looks like."""
    web_api.answers(INVITE, ok())
    incident = in_channel(reported_by=CARA, has_named_reporter=True, lead="monitor")
    responders = Responders((Responder(BEN, NOON),))

    await taken(steps, Operation.INVITATION, incident, {"responders": responders})

    assert [one["users"] for one in web_api.asked(INVITE)] == [BEN]


@pytest.mark.parametrize(("who", "users"), [(BEN, [BEN]), (GUS, []), (None, [])])
async def test_whom_an_entry_brought_in_is_invited_unless_they_left(
    steps: ChannelSteps, web_api: WebApi, who: str | None, users: list[str]
) -> None:
    web_api.answers(INVITE, ok())
    entry = an_entry(EntryKind.JOINED, after=who)
    responders = Responders((Responder(BEN, NOON),))
    content = Content(in_channel(), entry, responders=responders)

    assert await steps.take(a_step(Operation.INVITATION), content) == Done()
    assert [one["users"] for one in web_api.asked(INVITE)] == users


async def test_a_hundred_are_invited_at_once(steps: ChannelSteps, web_api: WebApi) -> None:
    web_api.answers(INVITE, ok())
    people = tuple(Responder(f"U0{number:09}", NOON) for number in range(149))

    await taken(steps, Operation.INVITATION, in_channel(), {"responders": Responders(people)})

    assert [len(one["users"].split(",")) for one in web_api.asked(INVITE)] == [100, 51]


@pytest.mark.parametrize("is_ok", [True, False])
async def test_whom_slack_does_not_let_in_is_told_by_name(
    steps: ChannelSteps, web_api: WebApi, *, is_ok: bool
) -> None:
    wrong = [
        {"user": ANA, "error": "already_in_channel"},
        {"user": CARA, "error": "user_is_restricted"},
        {"error": "cant_invite"},
        {"user": "U0BOT", "error": "cant_invite_self"},
        {"user": EVE},
    ]
    answer = ok(errors=wrong) if is_ok else error("cant_invite", errors=wrong)
    web_api.answers(INVITE, answer)
    web_api.answers("users.info", _called_by_id)

    outcome = await taken(steps, Operation.INVITATION, in_channel())

    assert outcome == NotLetIn(
        "Slack does not let in Cara (user_is_restricted), somebody (cant_invite), "
        "Eve (unknown_error)",
        frozenset({CARA}),
    )


async def test_of_one_alone_it_is_known_whom_slack_does_not_let_in(
    steps: ChannelSteps, web_api: WebApi
) -> None:
    web_api.answers(INVITE, error("cant_invite", errors=[{"error": "user_is_restricted"}]))
    web_api.answers("users.info", _called_by_id)
    entry = an_entry(EntryKind.JOINED, after=CARA)

    outcome = await steps.take(a_step(Operation.INVITATION), Content(in_channel(), entry))

    words = "Slack does not let in Cara (user_is_restricted)"
    assert outcome == NotLetIn(words, frozenset({CARA}))


def _called_by_id(call: Call) -> Answer:
    user_id = call.arguments["user"]
    if not user_id.startswith("U0"):
        return error("user_not_found")
    return ok(user={"id": user_id, "name": user_id[2:].capitalize()})


async def test_nobody_is_invited_to_what_was_deleted(steps: ChannelSteps, web_api: WebApi) -> None:
    outcome = await taken(steps, Operation.INVITATION, in_channel(deleted_at=NOON))

    assert outcome == Refused("the incident was deleted before")
    assert web_api.calls == []


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        (ANA, "INC-12 · 🔶 In Progress · High · lead Ana"),
        ("on-call & co", "INC-12 · 🔶 In Progress · High · lead on-call &amp; co"),
        (None, "INC-12 · 🔶 In Progress · High · nobody leads yet"),
    ],
)
async def test_the_topic_says_how_it_stands(
    steps: ChannelSteps, web_api: WebApi, lead: str | None, words: str
) -> None:
    web_api.answers("conversations.setTopic", ok())

    assert await taken(steps, Operation.TOPIC, in_channel(lead=lead)) == Done()
    assert web_api.asked("conversations.setTopic") == [{"channel": OWN, "topic": words}]


async def announced(services: Services, outbox: Outbox, permalink: str | None) -> None:
    """INC-1 is announced in the announcement channel."""
    await declared(services)
    [post] = await outbox.claim(NOON, 9, 9)
    await outbox.sent(post, "C0INC", "1.000001", NOON)
    if permalink is not None:
        await outbox.messages.keep_permalink(post, permalink)


@pytest.mark.parametrize(
    ("permalink", "attempts", "calls"),
    [
        (LINK, 1, ["bookmarks.add"]),
        (None, 2, ["chat.getPermalink", "bookmarks.add"]),
    ],
)
async def test_the_announcement_elsewhere_is_bookmarked(
    steps: ChannelSteps,
    services: Services,
    outbox: Outbox,
    web_api: WebApi,
    *,
    permalink: str | None,
    attempts: int,
    calls: list[str],
) -> None:
    await announced(services, outbox, permalink)
    web_api.answers("chat.getPermalink", ok(permalink=LINK))
    web_api.answers("bookmarks.add", ok())

    outcome = await taken(
        steps, Operation.BOOKMARK, in_channel(id=1), incident_id=1, attempts=attempts
    )

    assert (outcome, web_api.methods) == (Done(), calls)
    [added] = web_api.asked("bookmarks.add")
    title = "Announcement of INC-1"
    assert added == {"channel_id": OWN, "title": title, "type": "link", "link": LINK}


@pytest.mark.parametrize("is_announced", [True, False])
async def test_a_link_that_is_not_known_yet_is_waited_for(
    steps: ChannelSteps, services: Services, outbox: Outbox, web_api: WebApi, *, is_announced: bool
) -> None:
    if is_announced:
        await announced(services, outbox, None)
    else:
        await declared(services)

    outcome = await taken(
        steps,
        Operation.BOOKMARK,
        in_channel(id=1),
        incident_id=1,
        attempts=1 if is_announced else 2,
    )

    assert outcome == NotSent("the link to its announcement elsewhere is not known yet")
    assert web_api.calls == []


async def test_an_announcement_that_was_given_up_is_not_waited_for(
    steps: ChannelSteps, services: Services, outbox: Outbox
) -> None:
    await declared(services)
    [post] = await outbox.claim(NOON, 1, 0)
    await outbox.failed(post, "Slack does not take it", NOON)

    outcome = await taken(steps, Operation.BOOKMARK, in_channel(id=1), incident_id=1)

    assert outcome == Refused("it is announced nowhere else")


@pytest.mark.parametrize(
    ("link", "calls"),
    [(LINK, ["bookmarks.list"]), ("https://else", ["bookmarks.list", "bookmarks.add"])],
)
async def test_what_may_be_bookmarked_already_is_looked_for(
    steps: ChannelSteps,
    services: Services,
    outbox: Outbox,
    web_api: WebApi,
    *,
    link: str,
    calls: list[str],
) -> None:
    await announced(services, outbox, LINK)
    web_api.answers("bookmarks.list", ok(bookmarks=[{"id": "Bk1"}, {"link": link}]))
    web_api.answers("bookmarks.add", ok())

    outcome = await taken(
        steps, Operation.BOOKMARK, in_channel(id=1), incident_id=1, is_uncertain=True
    )

    assert (outcome, web_api.methods) == (Done(), calls)


async def test_its_announcement_is_pinned(steps: ChannelSteps, web_api: WebApi) -> None:
    web_api.answers("pins.add", ok())

    outcome = await taken(steps, Operation.PIN, in_channel(), {"message_ts": "1.000001"})

    assert outcome == Done()
    assert web_api.asked("pins.add") == [{"channel": OWN, "timestamp": "1.000001"}]


@pytest.mark.parametrize(
    "incident",
    [
        resolved(channel_id=OWN, channel_closed_at=after(130)),
        in_channel(deleted_at=NOON, channel_closed_at=NOON),
    ],
    ids=["resolved", "deleted"],
)
async def test_a_channel_is_archived(
    steps: ChannelSteps, web_api: WebApi, incident: Incident
) -> None:
    web_api.answers("conversations.archive", ok())

    assert await taken(steps, Operation.ARCHIVING, incident) == Done()
    assert web_api.asked("conversations.archive") == [{"channel": OWN}]


@pytest.mark.parametrize(
    ("incident", "words"),
    [
        (resolved(channel_id=OWN), "it is not to be archived any more"),
        (in_channel(channel_closed_at=NOON), "INC-12 is not resolved any more"),
    ],
)
async def test_a_channel_that_is_needed_again_is_not_archived(
    steps: ChannelSteps, web_api: WebApi, incident: Incident, words: str
) -> None:
    assert await taken(steps, Operation.ARCHIVING, incident) == Refused(words)
    assert web_api.calls == []


async def test_what_is_to_be_said_there_goes_first(
    steps: ChannelSteps, services: Services, outbox: Outbox, clock: Clock, web_api: WebApi
) -> None:
    await with_channel(services, outbox)
    await services.store.take(by(ANA), 1, Step.RESOLVE)
    await services.incident_channels.archive(by(ANA), 1)
    incident = await services.store.get(1, by(ANA).viewer)
    del clock

    outcome = await taken(steps, Operation.ARCHIVING, incident, incident_id=1, id=99)

    assert outcome == NotSent("what is to be said there goes first")
    assert web_api.calls == []


@pytest.mark.parametrize(
    "name", ["already_in_channel", "cant_invite_self", "already_pinned", "already_archived"]
)
async def test_what_is_so_already_is_done(steps: ChannelSteps, web_api: WebApi, name: str) -> None:
    web_api.answers("pins.add", error(name))

    outcome = await taken(steps, Operation.PIN, in_channel(), {"message_ts": "1.1"})

    assert outcome == Done()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (error("is_archived"), Unwelcome("nothing can be done in the channel (is_archived)")),
        (error("not_in_channel"), Unwelcome("nothing can be done in the channel (not_in_channel)")),
        (
            error("channel_not_found"),
            Unwelcome("nothing can be done in the channel (channel_not_found)"),
        ),
        (error("restricted_action"), Refused("pins.add answered restricted_action")),
        (error("no_permission"), Refused("pins.add answered no_permission")),
        (error("bad_timestamp"), Refused("pins.add answered bad_timestamp")),
        (
            error("missing_scope", needed="pins:write"),
            Refused("the bot token lacks the scope pins:write: add it and install the app again"),
        ),
        (
            error("token_revoked"),
            AccessLost("Slack does not accept SLACK_BOT_TOKEN (token_revoked)"),
        ),
        (rate_limited(7), RateLimited("pins.add", 7)),
    ],
    ids=str,
)
async def test_a_step_that_slack_refuses_stops_no_other_incident(
    steps: ChannelSteps, web_api: WebApi, answer: Answer, outcome: Outcome
) -> None:
    web_api.answers("pins.add", answer)

    assert await taken(steps, Operation.PIN, in_channel(), {"message_ts": "1.1"}) == outcome


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("restricted_action", "conversations.create answered restricted_action"),
        ("no_permission", "conversations.create answered no_permission"),
    ],
)
async def test_where_no_channels_may_be_made_all_wait_until_that_is_mended(
    steps: ChannelSteps, web_api: WebApi, name: str, words: str
) -> None:
    web_api.answers(CREATE, error(name))

    assert await taken(steps, Operation.CHANNEL, an_incident()) == ChannelClosed(words)


async def test_a_lost_reply_leaves_it_open_whether_it_is_done(
    steps: ChannelSteps, web_api: WebApi
) -> None:
    web_api.answers(INVITE, LOST)

    outcome = await taken(steps, Operation.INVITATION, in_channel())

    assert isinstance(outcome, Unknown)


def test_each_step_comes_down_to_one_call() -> None:
    steps = {one for one in Operation if one is not Operation.EVENT and not one.is_message}

    assert METHODS.keys() == steps


async def test_into_a_channel_that_is_closed_nobody_is_invited(
    steps: ChannelSteps, web_api: WebApi
) -> None:
    web_api.answers(INVITE, error("is_archived"))

    outcome = await taken(steps, Operation.INVITATION, in_channel())

    assert outcome == Unwelcome("nothing can be done in the channel (is_archived)")
