"""`/incident …`: what each subcommand has in common with the others."""

import pytest

from incident_bot.delivery.problems import SLACK, Concern
from incident_bot.domain.errors import RepeatedRequest
from incident_bot.slack.commands import dispatch
from incident_bot.slack.commands.subcommand import SUBCOMMANDS
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.mrkdwn import section
from incident_bot.store.after_delivery import Outbox
from tests.factories import BEN, CARA, EVE, GUS
from tests.slack.answers import deeds, refusal, said
from tests.slack.incidents import OWN, SECRET, declared, kept_private, with_channel
from tests.slack.payloads import typed

HELP = """\
`/incident new [title]` declares an incident
`/incident list [status] [severity] [all] [mine]` lists what is not resolved; add words to filter
`/incident search words` finds incidents by words of their titles and descriptions
`/incident show INC-12` shows it with its buttons
`/incident ack INC-12` takes it on: it becomes In Progress
`/incident resolve INC-12` ends it: it becomes Resolved
`/incident reopen INC-12` takes it up again: it becomes In Progress
`/incident update INC-12 [text]` tells how it goes
`/incident severity INC-12 High` changes its severity
`/incident lead INC-12 @person` hands the lead over
`/incident assign INC-12 @person [role]` gives a role, or adds a responder
`/incident edit INC-12` changes its title, description, severity
`/incident note INC-12 [14:05] text` writes a note into its timeline; `14:05` or `10 min ago` \
says when it happened
`/incident timeline INC-12` shows what happened to it, newest first
`/incident action INC-12 text [@owner] [due]` adds an action item, due for example \
`by Friday 14:00`
`/incident actions INC-12` lists its action items
`/incident delete INC-12` deletes it; only its reporter or lead may
`/incident follow INC-12` sends you its updates in direct messages
`/incident unfollow INC-12` ends that
`/incident help` shows this
In an incident's own channel it need not be named."""

CHANGES = {
    "ack": "INC-1",
    "resolve": "INC-1",
    "reopen": "INC-1",
    "update": "INC-1 Rolled back",
    "severity": "INC-1 Low",
    "lead": "INC-1 @ben",
    "assign": "INC-1 @ben",
    "edit": "INC-1",
    "note": "INC-1 Rolled back",
    "action": "INC-1 Fix the alert",
    "delete": "INC-1",
}
LOOKS = {
    "show": "INC-1",
    "timeline": "INC-1",
    "actions": "INC-1",
    "follow": "INC-1",
    "unfollow": "INC-1",
    "new": "Tills are down",
    "list": "",
    "search": "checkout",
    "help": "",
}
OF_AN_INCIDENT = [
    f"{name} {arguments}" for name, arguments in (CHANGES | LOOKS).items() if "INC-1" in arguments
]
UNKNOWN = "There is no incident `INC-1`. `/incident list all` shows what there is."


@pytest.mark.parametrize("text", ["", "  ", "help", " HELP ", "help me"])
async def test_help_names_every_subcommand_and_what_it_does(services: Services, text: str) -> None:
    assert await dispatch(typed(text), services) == Reply(HELP, (section(HELP),))


@pytest.mark.parametrize(
    "mark", ["\u200b", "\ufeff", "\u2060", "\u200e", "\u202e", "\u200d", "\u00a0"]
)
async def test_what_cannot_be_seen_keeps_nothing_from_being_a_command(
    services: Services, mark: str
) -> None:
    await declared(services)

    shown = said(await dispatch(typed(f"{mark} {mark}show INC-1"), services))

    assert "INC-1" in shown
    assert "is not a command" not in shown


def test_each_subcommand_changes_something_or_looks() -> None:
    assert SUBCOMMANDS.keys() == CHANGES.keys() | LOOKS.keys()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hlep", "“hlep” is not a command. Did you mean `/incident help`?"),
        ("HLEP me", "“HLEP” is not a command. Did you mean `/incident help`?"),
        ("declair it", "“declair” is not a command. Did you mean `/incident declare`?"),
        ("frobnicate", "“frobnicate” is not a command."),
        ("*`is`*", "“\u200b*\u200b'is'\u200b*\u200b” is not a command."),
        ("x" * 41, f"“{'x' * 39}…” is not a command."),
    ],
)
async def test_what_is_no_command_is_answered_with_what_may_be_meant(
    services: Services, text: str, words: str
) -> None:
    answer = await dispatch(typed(text), services)

    assert answer == Reply(f"{words} `/incident help` shows what there is.")


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("make me a `sandwich`", "make", "make me a 'sandwich'"),
        ("<!channel> *is* down", "&lt;!channel&gt;", "&lt;!channel&gt; *is* down"),
        (f"xyz {'x' * 97}", "xyz", f"xyz {'x' * 95}…"),
    ],
)
async def test_what_may_be_a_title_is_answered_with_how_to_declare(
    services: Services, text: str, name: str, title: str
) -> None:
    words = said(await dispatch(typed(text), services))

    assert words == (
        f"“{name}” is not a command. To declare an incident, type `/incident new {title}`. "
        "`/incident help` shows what there is."
    )


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("show", "show INC-12"),
        ("ack", "ack INC-12"),
        ("acknowledge", "ack INC-12"),
        ("resolve", "resolve INC-12"),
        ("reopen", "reopen INC-12"),
        ("update", "update INC-12"),
        ("severity", "severity INC-12 Low"),
        ("sev", "severity INC-12 Low"),
        ("lead", "lead INC-12 @ana"),
        ("lead @ben", "lead INC-12 @ana"),
        ("assign", "assign INC-12 @ana Scribe"),
        ("edit", "edit INC-12"),
        ("note", "note INC-12 14:05 Rolled back"),
        ("log", "note INC-12 14:05 Rolled back"),
        ("note 14:05 Rolled back", "note INC-12 14:05 Rolled back"),
        ("note 10 min ago Rolled back", "note INC-12 14:05 Rolled back"),
        ("timeline", "timeline INC-12"),
        ("action", "action INC-12 Fix the alert @ana by Friday"),
        ("todo", "action INC-12 Fix the alert @ana by Friday"),
        ("actions", "actions INC-12"),
        ("delete", "delete INC-12"),
        ("follow", "follow INC-12"),
        ("unfollow", "unfollow INC-12"),
    ],
)
async def test_without_an_incident_the_answer_asks_which(
    services: Services, text: str, example: str
) -> None:
    words = await refusal(dispatch(typed(text), services))

    assert words == (
        f"Which incident? Type for example `/incident {example}`. "
        "`/incident list` shows those that are not resolved."
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ack checkout", "checkout"),
        ("resolve -1", "-1"),
        ("reopen INC-1 now", "INC-1 now"),
        ("reopen <@U1>", "&lt;@U1&gt;"),
        ("show ١٢", "١٢"),
        ("update Rolled back", "Rolled"),
        ("severity Low", "Low"),
        ("lead Low @ben", "Low"),
        (f"show {'x' * 41}", f"{'x' * 39}…"),
    ],
)
async def test_what_names_no_incident_is_quoted_with_the_way_out(
    services: Services, text: str, name: str
) -> None:
    words = await refusal(dispatch(typed(text), services))

    assert words.startswith(f"“{name}” names no incident. Type for example `/incident ")


@pytest.mark.parametrize("name", ["INC-1", "inc-1", "inc1", "#1", "1", "001"])
async def test_an_incident_is_named_in_many_ways(services: Services, name: str) -> None:
    await declared(services)

    assert said(await dispatch(typed(f"resolve {name}"), services)) == "You resolved INC-1."


async def test_a_number_that_no_incident_can_have_is_nobody_s(services: Services) -> None:
    words = await refusal(dispatch(typed(f"show {'9' * 30}"), services))

    assert words == (
        "There is no incident with that number. `/incident list all` shows what there is."
    )


@pytest.mark.parametrize("is_there", [True, False])
async def test_no_command_knows_what_is_private_or_not_there(
    services: Services, *, is_there: bool
) -> None:
    if is_there:
        await kept_private(services)

    for text in OF_AN_INCIDENT:
        assert await refusal(dispatch(typed(text, by=BEN), services)) == UNKNOWN


@pytest.mark.parametrize("text", ["list all", "list high", "search payroll data"])
async def test_others_find_what_is_private_in_no_list(services: Services, text: str) -> None:
    await kept_private(services)

    assert "There are no" in said(await dispatch(typed(text, by=BEN), services))
    assert SECRET in said(await dispatch(typed(text, by=CARA), services))


async def test_guests_change_nothing(services: Services) -> None:
    await declared(services)

    for name, arguments in CHANGES.items():
        assert await refusal(dispatch(typed(f"{name} {arguments}", by=GUS), services)) == (
            "Guests may declare and read incidents, but not change them. "
            "Ask a member of the workspace to do it."
        )

    assert await deeds(services) == []


async def test_guests_look(services: Services) -> None:
    await declared(services)

    for name, arguments in LOOKS.items():
        await dispatch(typed(f"{name} {arguments}", by=GUS), services)


async def test_people_of_other_organisations_change_and_follow_nothing(
    services: Services,
) -> None:
    await declared(services)

    for name in (*CHANGES, "follow"):
        text = f"{name} {(CHANGES | LOOKS)[name]}"
        words = await refusal(dispatch(typed(text, by=EVE), services))
        assert words.startswith("Only people of this workspace may change incidents.")

    assert await deeds(services) == []


@pytest.mark.parametrize(
    "text",
    [
        "ack INC-1",
        "resolve INC-1",
        "severity INC-1 Low",
        "lead INC-1 @ben",
        "assign INC-1 @ben",
        "note INC-1 Rolled back",
        "action INC-1 Fix the alert",
    ],
)
async def test_a_command_that_slack_sends_again_is_carried_out_once(
    services: Services, text: str
) -> None:
    await declared(services)
    command = typed(text)
    await dispatch(command, services)
    before = await deeds(services)

    with pytest.raises(RepeatedRequest):
        await dispatch(command, services)

    assert await deeds(services) == before


@pytest.mark.parametrize(
    "text",
    ["ack INC-1", "resolve INC-1", "severity INC-1 Low", "lead INC-1 @ben", "assign INC-1 @ben"],
)
async def test_what_keeps_others_from_hearing_of_a_change_is_said(
    services: Services, problems: dict[Concern, str], text: str
) -> None:
    await declared(services)
    problems[SLACK] = "Slack cannot be reached"

    words = said(await dispatch(typed(text), services))

    assert words.startswith(":warning: ")
    assert words.endswith("\nNobody else is told yet: Slack cannot be reached.")


@pytest.mark.parametrize(
    "text", ["show", "ack", "resolve", "timeline", "actions", "follow", "note x", "action x"]
)
async def test_in_an_incident_s_own_channel_it_need_not_be_named(
    services: Services, outbox: Outbox, text: str
) -> None:
    await with_channel(services, outbox)

    answer = await dispatch(typed(text, channel_id=OWN), services)

    assert "INC-1" in said(answer)


async def test_in_its_own_channel_a_mere_number_is_no_incident(
    services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)
    await declared(services)

    await dispatch(typed("note 2 hosts are down", channel_id=OWN), services)
    await dispatch(typed("note INC-2 hosts are down", channel_id=OWN), services)

    *_, first = await services.store.timeline(1, typed().request.viewer)
    *_, second = await services.store.timeline(2, typed().request.viewer)
    assert (first.text, second.text) == ("2 hosts are down", "hosts are down")


async def test_in_its_own_channel_another_incident_can_be_named(
    services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)
    await declared(services)

    assert said(await dispatch(typed("ack 2", channel_id=OWN), services)).startswith(
        "You acknowledged INC-2"
    )
    assert await deeds(services, 2) != []
