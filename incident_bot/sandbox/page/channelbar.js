// The slim bar under a channel's header: its bookmarks, and what is pinned. Nothing where there is neither.

import { api } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { linkNode, plainWords } from "./mrkdwn.js";
import { tryOrTell } from "./notice.js";
import { avatar, person } from "./people.js";
import { currentChannel, on, reader, state, tell } from "./state.js";

const LONGEST_EXCERPT = 90;

const bar = document.getElementById("channel-bar");
let drawn = "";

/** Builds the bar and keeps it in step. */
export function startChannelBar() {
  on("place", draw);
  on("channels", draw);
}

function draw() {
  const channel = state.place.tab === "home" ? null : currentChannel();
  const { id, pins = [], bookmarks = [] } = channel ?? {};
  const content = JSON.stringify([id, pins, bookmarks]);
  if (content === drawn) return;
  drawn = content;
  fill(bar, pins.length + bookmarks.length > 0 && contents(pins, bookmarks));
}

function contents(pins, bookmarks) {
  return h(
    "div",
    { class: "channel-bar", role: "group", "aria-label": "Pins and bookmarks" },
    pins.length > 0 && pinsButton(pins),
    bookmarks.map(bookmarkLink),
  );
}

function bookmarkLink(bookmark) {
  const link = linkNode(bookmark.link, [icon("bookmark"), h("span", {}, bookmark.title)]);
  link.classList.add("channel-bar-item");
  link.title = bookmark.title;
  return link;
}

function pinsButton(pins) {
  const button = h(
    "button",
    {
      type: "button",
      class: "channel-bar-item",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: () => openPins(button),
    },
    h("span", { class: "emoji", "aria-hidden": "true" }, "📌"),
    `${pins.length} pinned`,
  );
  return button;
}

async function openPins(button) {
  const channel = currentChannel();
  const answer = await tryOrTell(() => api.pins(channel.id));
  if (!answer || !button.isConnected) return;
  const items = answer.messages.map((message) => ({
    label: person(message.user).real_name,
    note: excerpt(message),
    picture: avatar(person(message.user), "s"),
    select: () => tell("visit", spotOf(message)),
  }));
  openMenu(button, "Pinned messages", [{ title: "Pinned", items }]);
}

function excerpt(message) {
  const words = plainWords(message.text, reader).replace(/\s+/g, " ").trim();
  return words.length > LONGEST_EXCERPT ? `${words.slice(0, LONGEST_EXCERPT)}…` : words;
}

const spotOf = (message) => ({
  channel: message.channel,
  ts: message.ts,
  threadTs: message.thread_ts ?? null,
});
