"""Whatever people do and whatever befalls the bot, in any order: nothing lost, nothing doubled.

The steps are chosen by Hypothesis; `tests/turmoil` does them and knows what must come of them.
"""

from collections.abc import Callable
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    rule,
    run_state_machine_as_test,
)

from incident_bot.failpoints import Failpoint
from incident_bot.sandbox.faults import Fault
from tests.slack_people import Button
from tests.story import Stage
from tests.turmoil.deeds import REST_USER, Deed
from tests.turmoil.model import SEVERITIES, STATUSES, VERBS
from tests.turmoil.scene import Scene
from tests.turmoil.watched import Watched

# What somebody looked at: there may have been no button.
Seen = tuple[Watched, Button | None]

PEOPLE = st.sampled_from(["U0ANA", "U0BEN", "U0CARA"])
ONCE_OR_TWICE = st.sampled_from([1, 1, 2])
VERB = st.sampled_from(list(VERBS))
SEVERITY = st.sampled_from(SEVERITIES)
DEED = st.one_of(
    st.builds(Deed, PEOPLE, st.just("command"), VERB | SEVERITY),
    st.builds(Deed, PEOPLE, st.just("button"), VERB),
    st.builds(Deed, st.just(REST_USER), st.just("rest"), st.sampled_from(STATUSES) | SEVERITY),
)
TWO_DEEDS = st.tuples(DEED, DEED).filter(lambda two: two[0].who != two[1].who)

TIMES = st.integers(1, 2)
METHOD = st.sampled_from(
    [
        "chat.postMessage",
        "chat.postMessage",
        "chat.update",
        "conversations.history",
        "conversations.replies",
        "*",
    ]
)
# Without effect, so that nobody is answered twice.
HARMLESS = ["rate_limited", "down", "drop_before", "error", "slow"]
FAULT = st.one_of(
    st.builds(
        Fault,
        method=METHOD,
        kind=st.sampled_from(HARMLESS),
        ms=st.sampled_from([100, 400]),
        retry_after=st.sampled_from([0, 1]),
        status=st.sampled_from([500, 502, 503]),
        times=TIMES,
    ),
    st.builds(
        Fault,
        method=st.sampled_from(["chat.postMessage", "chat.update"]),
        kind=st.sampled_from(["lost_reply", "cut_body"]),
        times=TIMES,
    ),
)
FAULTS = st.lists(FAULT, min_size=1, max_size=2)

# Seconds by which the bot's clock is wrong.
CLOCK = st.sampled_from(["0", "0", "3600", "-3600"])


class AnyOrder(RuleBasedStateMachine):
    """One turmoil after the other, in one scene."""

    scene: ClassVar[Scene]
    incidents: Bundle[Watched] = Bundle("incidents")
    seen: Bundle[Seen] = Bundle("seen")

    def __init__(self) -> None:
        super().__init__()
        self.scene.begins()

    def teardown(self) -> None:
        self.scene.ends()

    @rule(
        target=incidents,
        who=PEOPLE,
        severity=SEVERITY,
        channel=st.sampled_from(["incidents", "incidents", "general"]),
        times=ONCE_OR_TWICE,
    )
    def somebody_declares(self, who: str, severity: str, channel: str, times: int) -> Watched:
        return self.scene.run(self.scene.declares(who, severity, channel, times))

    @rule(target=incidents, severity=SEVERITY, times=ONCE_OR_TWICE)
    def a_monitor_declares(self, severity: str, times: int) -> Watched:
        return self.scene.run(self.scene.declares_by_rest(severity, times))

    @rule(incident=incidents, deed=DEED)
    def somebody_acts(self, incident: Watched, deed: Deed) -> None:
        self.scene.run(self.scene.tries(incident, deed))

    @rule(incident=incidents, two=TWO_DEEDS)
    def two_act_at_once(self, incident: Watched, two: tuple[Deed, Deed]) -> None:
        self.scene.run(self.scene.tries(incident, *two))

    @rule(target=seen, incident=incidents, verb=VERB)
    def somebody_looks_at_a_button(self, incident: Watched, verb: str) -> Seen:
        return incident, self.scene.run(self.scene.looks_at(incident, verb))

    @rule(seen=seen, who=PEOPLE, times=ONCE_OR_TWICE)
    def somebody_presses_it_later(self, seen: Seen, who: str, times: int) -> None:
        incident, button = seen
        self.scene.run(self.scene.presses(incident, who, button, times))

    @rule(incident=incidents)
    def an_announcement_is_deleted(self, incident: Watched) -> None:
        self.scene.run(self.scene.deletes_the_announcement(incident))

    @rule(faults=FAULTS)
    def slack_is_in_trouble(self, faults: list[Fault]) -> None:
        self.scene.run(self.scene.breaks(faults))

    @rule(incident=incidents, faults=FAULTS, wanted=st.lists(DEED, min_size=2, max_size=4))
    def slack_is_in_trouble_just_when_much_happens(
        self, incident: Watched, faults: list[Fault], wanted: list[Deed]
    ) -> None:
        self.scene.run(self.scene.breaks(faults))
        for deed in wanted:
            self.scene.run(self.scene.tries(incident, deed))

    @rule(incident=incidents, deed=DEED)
    def somebody_acts_while_it_is_frozen(self, incident: Watched, deed: Deed) -> None:
        self.scene.run(self.scene.tries_while_frozen(incident, deed))

    @rule(incident=incidents, deed=DEED, after_ms=st.sampled_from([0, 5, 20, 100]))
    def it_is_killed_while_somebody_acts(
        self, incident: Watched, deed: Deed, after_ms: int
    ) -> None:
        self.scene.run(self.scene.tries_and_kills(incident, deed, after_ms))

    @rule(gently=st.booleans())
    def it_goes(self, *, gently: bool) -> None:
        self.scene.run(self.scene.goes(gently=gently))

    @rule(point=st.none() | st.sampled_from(Failpoint), passes=st.integers(0, 2), clock=CLOCK)
    def it_comes_back(self, point: Failpoint | None, passes: int, clock: str) -> None:
        self.scene.run(
            self.scene.comes(
                INCIDENT_BOT_TEST_FAILPOINT=point or "",
                INCIDENT_BOT_TEST_FAILPOINT_PASSES=str(passes),
                INCIDENT_BOT_TEST_CLOCK_SHIFT=clock,
            )
        )

    @rule()
    def all_comes_to_rest(self) -> None:
        self.scene.run(self.scene.settles())


@pytest.mark.slow
@pytest.mark.timeout(0)  # each step has a deadline of its own
def test_in_any_order_nothing_is_lost_or_doubled(
    stage: Stage, new_database: Callable[[], dict[str, str]]
) -> None:
    class HereAndNow(AnyOrder):
        scene = Scene(stage, new_database)

    try:
        run_state_machine_as_test(
            HereAndNow,
            settings=settings(
                # An example takes seconds here, where others take a millisecond.
                max_examples=settings().max_examples // 20,
                stateful_step_count=15,
                deadline=None,
                print_blob=True,
                # A failure is a matter of moments: smaller ones would be other ones.
                phases=[Phase.generate],
                database=None,
                suppress_health_check=[HealthCheck.too_slow],
            ),
        )
    finally:
        HereAndNow.scene.close()
