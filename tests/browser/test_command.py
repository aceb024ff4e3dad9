"""`incident-bot sandbox`, seen from the browser: what it keeps, where it is, how it ends."""

import os
import socket
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.opening import Opens
from tests.browser.sandbox_command import started_sandbox


async def test_with_a_data_folder_incidents_and_messages_are_there_next_time(
    opens: Opens, tmp_path: Path
) -> None:
    async with started_sandbox("--data", str(tmp_path)) as first:
        ana = await opens("Ana", of=first)
        await ana.types("Good morning")
        await ana.declares("Kept for tomorrow")
        assert await first.presses_ctrl_c() == 0
        await expect(ana.page.locator(".connection")).to_contain_text("Reconnecting")
        await ana.page.close()

    async with started_sandbox("--data", str(tmp_path)) as second:
        ben = await opens("Ben", of=second)
        await expect(ben.message("Good morning")).to_contain_text("Ana Lindqvist")
        announcement = ben.announcement("Kept for tomorrow")
        await ben.presses("Acknowledge", on=announcement)
        await expect(announcement).to_contain_text("In Progress")


async def test_ctrl_c_ends_workspace_and_bot_with_status_0() -> None:
    async with started_sandbox() as sandbox:
        bot = await sandbox.bot_pid()

        status = await sandbox.presses_ctrl_c()

    assert status == 0
    assert "Stopping." in sandbox.lines
    with pytest.raises(ProcessLookupError):
        os.kill(bot, 0)


async def test_a_port_in_use_is_said_and_the_page_is_at_the_next_free_one(opens: Opens) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with started_sandbox("--port", str(port)) as sandbox:
            ana = await opens("Ana", "general", of=sandbox)
            await expect(ana.composer).to_be_visible()

    [said] = [line for line in sandbox.lines if line.startswith(f"Port {port} is in use")]
    assert said.endswith(f"this is port {sandbox.url.rpartition(':')[2]}.")
