"""A bot whose claim on a message has run out leaves the message to the others."""

import contextlib
from collections.abc import Iterator

import pytest

from incident_bot.delivery.outcome import Done, NotSent, TakenOver
from incident_bot.domain.declaration import OriginMessage
from incident_bot.domain.edits import Edit, ProgressUpdate
from incident_bot.domain.status import Step
from incident_bot.slack.sending.sender import SlackSender
from incident_bot.slack.services import Services
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.case import SeenVersion
from incident_bot.store.engine.database import Database
from incident_bot.store.engine.opening import open_database
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from tests.databases import Rows
from tests.factories import ANA, BEN, CARA, INCIDENTS, Clock, a_declaration, a_delivery, by
from tests.postgres import PostgresServer
from tests.slack.incidents import OWN
from tests.web_api import Answer, Call, WebApi, error, ok

LOOK_UPS = {
    "conversations.members": ok(members=["U0BOT"]),
    "conversations.list": ok(channels=[{"id": "C0INC", "name": INCIDENTS, "is_member": True}]),
    "chat.getPermalink": ok(permalink="https://example.slack.com/archives/C0INC/p1000001"),
}


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    """Where several bots may share the work."""
    return postgres.emptied_database()


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    with contextlib.closing(open_database(address)) as opened:
        yield opened


async def settle(outbox: Outbox, delivery: Delivery, now: Clock) -> None:
    """As if it had gone out."""
    if delivery.operation is Operation.CHANNEL:
        await outbox.channel_made(delivery, OWN, "inc-1-checkout", now())
    elif delivery.operation.is_message:
        await outbox.sent(delivery, "C0INC", f"{delivery.id}.000001", now())
    else:
        await outbox.done(delivery, now())


async def test_nothing_is_sent_or_done_by_a_claim_that_has_run_out(
    services: Services,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    clock: Clock,
    rows: Rows,
) -> None:
    for method, answer in LOOK_UPS.items():
        web_api.answers(method, answer)
    seen: set[tuple[Operation, bool]] = set()

    async def nothing_goes_out() -> None:
        while claimed := await outbox.claim(clock(), 99, 99):
            rows.execute(
                "UPDATE outbox SET lease_until = now() - interval '1 second' "
                "WHERE lease_until IS NOT NULL"
            )
            for delivery in claimed:
                outcome = await sender.send(delivery)
                if isinstance(outcome, NotSent):  # something else goes first
                    await outbox.put_back(delivery, clock(), None, is_uncertain=False)
                    continue
                if outcome != Done():  # there was nothing to do
                    assert outcome == TakenOver(), delivery
                    seen.add((delivery.operation, delivery.is_post))
                await settle(outbox, delivery, clock)

    store = services.store
    declaration = a_declaration(wants_channel=True)
    origin = OriginMessage("C0OPS", "100.1")
    await store.declare(by(CARA), declaration, [INCIDENTS], origin)
    await nothing_goes_out()
    rows.execute("UPDATE outbox SET state = 'failed', reason = 'no' WHERE operation = 'bookmark'")
    [(failed,)] = rows.query("SELECT id FROM outbox WHERE state = 'failed'")
    await outbox.tell_what_keeps(a_delivery(id=failed, incident_id=1), CARA, clock())
    await store.take(by(ANA), 1, Step.ACKNOWLEDGE)
    await store.follow(1, CARA)
    await store.hand_over(by(ANA), 1, BEN)
    await store.post_update(by(BEN), 1, ProgressUpdate(message="Rolled bakc"))
    await nothing_goes_out()
    [(entry_id,)] = rows.query("SELECT id FROM timeline_entries WHERE kind = 'update posted'")
    await store.edit_update(by(BEN), SeenVersion(1, entry_id, None), "Rolled back")
    await store.edit(by(CARA), 1, Edit(title="Checkout is slow"))
    await nothing_goes_out()
    await store.take(by(BEN), 1, Step.RESOLVE)
    await nothing_goes_out()
    await services.incident_channels.archive(by(BEN), 1)
    await nothing_goes_out()

    assert {kind for kind, _ in seen} == set(Operation) - {Operation.EVENT}, (
        "all that Slack is sent"
    )
    assert {kind for kind, is_post in seen if kind.is_message and not is_post} >= {
        Operation.ANNOUNCEMENT,
        Operation.NOTIFICATION,
        Operation.DIRECT,
    }
    assert set(web_api.methods) <= {*LOOK_UPS, "users.info"}


async def test_what_goes_again_without_its_blocks_is_claimed_anew_before(
    services: Services,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    clock: Clock,
    rows: Rows,
) -> None:
    def refuses_while_the_claim_runs_out(_call: Call) -> Answer:
        rows.execute("UPDATE outbox SET lease_until = now() - interval '1 second'")
        return error("invalid_blocks")

    web_api.answers("conversations.list", LOOK_UPS["conversations.list"])
    web_api.answers("chat.postMessage", refuses_while_the_claim_runs_out)
    await services.store.declare(by(CARA), a_declaration(), [INCIDENTS])
    [delivery] = await outbox.claim(clock(), 99, 99)

    assert await sender.send(delivery) == TakenOver()

    assert len(web_api.asked("chat.postMessage")) == 1
