// The header over the messages: the channel's name and topic, or the bot's with its Home and Messages tabs.

import { api } from "./api.js";
import { channelName } from "./channelmenu.js";
import { byId, fill, find, focusedNode, h, hiddenText } from "./dom.js";
import { icon } from "./icons.js";
import { drawMrkdwn } from "./mrkdwn.js";
import { tryOrTell } from "./notice.js";
import { avatar } from "./people.js";
import { botDm, currentChannel, on, reader, state, tell } from "./state.js";

/** @import { Channel } from "./payloads.js" */

const header = byId("place-header");

/** Builds the header and keeps it in step. */
export function startHeader() {
  on("place", drawHeader);
  on("channels", drawHeader);
}

function drawHeader() {
  const node = focusedNode();
  const focused = header.contains(node) ? node?.id : "";
  fillHeader();
  if (focused) document.getElementById(focused)?.focus();
}

function fillHeader() {
  const channel = currentChannel();
  if (state.place.tab === "home" || !channel || channel.kind === "dm")
    return fill(header, botHeader());
  const parts = [
    h("h1", { class: "place-title" }, channelName(channel)),
    channel.is_ext_shared &&
      h("span", { class: "place-badge" }, icon("shared"), "Shared with another organisation"),
    channel.is_archived && h("span", { class: "place-badge" }, "Archived"),
    h(
      "p",
      { class: "place-topic", title: channel.topic },
      channel.topic ? drawMrkdwn(channel.topic, reader) : "",
    ),
    botMembership(channel),
  ];
  return fill(header, h("div", { class: "place-bar" }, parts));
}

/** @param {Channel} channel */
function botMembership(channel) {
  if (channel.has_bot)
    return h(
      "span",
      { class: "place-bot", title: `${state.app.name} is a member` },
      avatar({ is_bot: true }, "xs"),
      hiddenText(`${state.app.name} is a member`),
    );
  if (!channel.is_member || channel.is_archived) return null;
  return h(
    "button",
    {
      type: "button",
      class: "button button-small",
      onclick: () => tryOrTell(() => api.join(channel.id, state.app.bot_user_id)),
    },
    icon("join"),
    `Invite ${state.app.name}`,
  );
}

function botHeader() {
  const dm = botDm();
  /** @param {"home" | "messages"} name @param {string} words */
  const tab = (name, words) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        class: "tab",
        id: `tab-${name}`,
        "aria-selected": String(state.place.tab === name),
        "aria-controls": "scroller",
        tabindex: state.place.tab === name ? "0" : "-1",
        onclick: () => tell("go", { channel: dm?.id ?? "", tab: name }),
      },
      words,
    );
  const tabs = h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": state.app.name, onkeydown: moveTabs },
    state.app.home_tab && tab("home", "Home"),
    tab("messages", "Messages"),
  );
  return [
    h(
      "div",
      { class: "place-bar place-bar-bot" },
      avatar({ is_bot: true }, "s"),
      h("h1", { class: "place-title" }, state.app.name),
      h("span", { class: "badge" }, "App"),
    ),
    tabs,
  ];
}

/** @param {KeyboardEvent} event */
function moveTabs(event) {
  if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const other = find(header, "[role='tab'][aria-selected='false']");
  const id = other?.id;
  other?.click();
  if (id) document.getElementById(id)?.focus();
}
