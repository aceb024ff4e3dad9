"""A bot that answers late, a Slack that loses a reply, a bot that is gone."""

import os
import signal

from playwright.async_api import expect

from tests.browser.opening import Opens
from tests.browser.sandbox_command import RunningSandbox, frozen


async def test_a_form_that_the_bot_answers_late_says_so_and_makes_no_double(
    opens: Opens, sandbox: RunningSandbox
) -> None:
    ana = await opens("Ana")
    await ana.opens_form("/incident new The printer is on fire")
    await ana.fills("Description", "On the third floor")
    await ana.chooses("Severity", "Low")

    with frozen(await sandbox.bot_pid()):
        await ana.presses("Declare")
        await expect(ana.form.locator(".submit")).to_have_attribute("aria-busy", "true")
        trouble = ana.form.get_by_role("alert")
        await expect(trouble).to_have_text("We had some trouble connecting. Try again?")
    await ana.presses("Declare")
    await expect(ana.form).to_be_hidden()

    announcement = ana.announcement("The printer is on fire")
    await ana.presses("Resolve", on=announcement)
    await expect(announcement).to_contain_text("Resolved")
    assert await announcement.count() == 1


async def test_a_command_that_the_bot_answers_late_fails_in_slacks_words(
    opens: Opens, sandbox: RunningSandbox
) -> None:
    ana = await opens("Ana", "general")

    with frozen(await sandbox.bot_pid()):
        await ana.types("/incident help")
        failure = ana.told("/incident failed with the error “operation_timeout”")
        await expect(failure).to_be_visible()


async def test_a_lost_reply_makes_no_double(opens: Opens) -> None:
    ana = await opens("Ana")
    await ana.opens_drawer()
    switch = ana.drawer.get_by_role("switch", name="Lose the next reply")
    await switch.click()
    await expect(switch).to_be_checked()

    await ana.declares("Mails are late")
    lost = ana.drawer.locator(".exchange").filter(has_text="lost reply")
    await expect(lost).to_contain_text("chat.postMessage")
    await expect(switch).not_to_be_checked()

    announcement = ana.announcement("Mails are late")
    await ana.presses("Acknowledge", on=announcement)
    await expect(announcement).to_contain_text("In Progress")
    await expect(announcement).to_contain_text("1 reply")
    assert await announcement.count() == 1


async def test_a_bot_that_died_is_told_of_and_started_again(
    opens: Opens, sandbox: RunningSandbox
) -> None:
    cara = await opens("Cara", "general")

    os.kill(await sandbox.bot_pid(), signal.SIGKILL)

    alarm = cara.page.locator(".banner-alarm")
    await expect(alarm).to_contain_text("Incident Bot has stopped (ended by signal 9)")
    await expect(alarm.locator("pre")).not_to_be_empty()
    await expect(cara.page.locator("#sidebar")).to_contain_text("Incident Bot has stopped")
    await cara.types("/incident list all")
    await expect(cara.told("/incident failed with the error")).to_be_visible()

    await cara.presses("Start it again", on=alarm)
    await expect(cara.page.locator("#sidebar")).to_contain_text("Incident Bot is running")
    await expect(alarm).to_be_hidden()
    await cara.types("/incident show INC-9999")
    await expect(cara.told("There is no incident INC-9999")).to_be_visible()
