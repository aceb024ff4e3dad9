// The slim bar under a channel's header: its bookmarks, and what is pinned. Nothing where there is neither.

import { api } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { linkNode, plainWords } from "./mrkdwn.js";
import { tryOrTell } from "./notice.js";
import { avatar, person } from "./people.js";
import { currentChannel, on, reader, state, tell } from "./state.js";

/** @import { Bookmark, Message } from "./payloads.js" */

const LONGEST_EXCERPT = 90;

const bar = byId("channel-bar");
let drawn = "";

/** Builds the bar and keeps it in step. */
export function startChannelBar() {
  on("place", draw);
  on("channels", draw);
}

function draw() {
  const channel = state.place.tab === "home" ? null : currentChannel();
  const pins = channel?.pins ?? [];
  const bookmarks = channel?.bookmarks ?? [];
  const content = JSON.stringify([channel?.id, pins, bookmarks]);
  if (content === drawn) return;
  drawn = content;
  fill(bar, pins.length + bookmarks.length > 0 && contents(pins, bookmarks));
}

/** @param {string[]} pins @param {Bookmark[]} bookmarks */
function contents(pins, bookmarks) {
  return h(
    "div",
    { class: "channel-bar", role: "group", "aria-label": "Pins and bookmarks" },
    pins.length > 0 && pinsButton(pins),
    bookmarks.map(bookmarkLink),
  );
}

/** @param {Bookmark} bookmark */
function bookmarkLink(bookmark) {
  const link = linkNode(bookmark.link, [icon("bookmark"), h("span", {}, bookmark.title)]);
  link.classList.add("channel-bar-item");
  link.title = bookmark.title;
  return link;
}

/** @param {string[]} pins */
function pinsButton(pins) {
  return h(
    "button",
    {
      type: "button",
      class: "channel-bar-item",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: (event) => openPins(event.currentTarget),
    },
    h("span", { class: "emoji", "aria-hidden": "true" }, "📌"),
    `${pins.length} pinned`,
  );
}

/** @param {HTMLElement} button */
async function openPins(button) {
  const channel = currentChannel();
  if (!channel) return;
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

/** @param {Message} message */
function excerpt(message) {
  const words = plainWords(message.text, reader).replace(/\s+/g, " ").trim();
  return words.length > LONGEST_EXCERPT ? `${words.slice(0, LONGEST_EXCERPT)}…` : words;
}

/** @param {Message} message */
const spotOf = (message) => ({
  channel: message.channel,
  ts: message.ts,
  threadTs: message.thread_ts ?? null,
});
