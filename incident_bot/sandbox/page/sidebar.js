// The list on the left: channels with what is unread, the direct message with the bot, and making a channel.

import { api } from "./api.js";
import { nameField, openForm } from "./dialog.js";
import {
  byId,
  fill,
  find,
  findAll,
  focusedNode,
  h,
  hiddenText,
  targetOf,
  uniqueId,
  upOrDown,
} from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./people.js";
import { botDm, me, on, state, tell } from "./state.js";

/** @import { Channel } from "./payloads.js" */

const node = byId("sidebar");
/** @type {Map<string, HTMLElement>} */
const links = new Map();

/** Builds the sidebar and keeps it in step. */
export function startSidebar() {
  on("person", draw);
  on("channels", draw);
  on("place", draw);
  on("bot", draw);
  on("toggleSidebar", () => toggle(!document.body.classList.contains("sidebar-open")));
  on("place", () => toggle(false));
  node.addEventListener("keydown", moveInList);
}

/** @param {boolean} isOpen */
function toggle(isOpen) {
  document.body.classList.toggle("sidebar-open", isOpen);
  if (isOpen) find(node, "[aria-current], button")?.focus();
  tell("sidebar", isOpen);
}

function draw() {
  if (!state.me) return;
  const focused = focusedNode()?.dataset.channel;
  const channels = [...state.channels.values()]
    .filter((channel) => channel.kind !== "dm")
    .sort((a, b) => a.name.localeCompare(b.name));
  links.clear();
  fill(
    node,
    h(
      "div",
      { class: "sidebar-lists" },
      section(
        "Channels",
        channels.filter((channel) => channel.is_member).map(channelLink),
        addButton(),
      ),
      section("Not joined", channels.filter((channel) => !channel.is_member).map(channelLink)),
      section("Direct messages", me().is_external && !botDm() ? [] : [botLink()]),
    ),
    h("p", { class: "sidebar-foot" }, botWords()),
  );
  if (focused && node.contains(document.activeElement) === false) links.get(focused)?.focus();
}

const BOT_WORDS = {
  none: "is started elsewhere",
  ready: "is running",
  starting: "is starting…",
  stopped: "has stopped",
};

function botWords() {
  return [
    h("span", {}, `${state.app.name} ${BOT_WORDS[state.bot.status]}`),
    h("span", {}, state.mode === "http" ? "reached over HTTP" : "connected by Socket Mode"),
  ];
}

/** @param {string} title @param {HTMLElement[]} items @param {HTMLElement | null} [aside] */
function section(title, items, aside) {
  if (!items.length && !aside) return null;
  return h(
    "section",
    { class: "sidebar-section", "aria-label": title },
    h("div", { class: "sidebar-title" }, h("h2", {}, title), aside),
    h(
      "ul",
      {},
      items.map((item) => h("li", {}, item)),
    ),
  );
}

/** @param {Channel} channel */
function channelLink(channel) {
  const isCurrent = state.place.channel === channel.id;
  const isUnread = channel.unread > 0 && !isCurrent;
  const link = h(
    "button",
    {
      type: "button",
      class: `channel-link${isUnread ? " is-unread" : ""}${channel.is_archived ? " is-archived" : ""}${channel.is_member ? "" : " is-outside"}`,
      "aria-current": isCurrent ? "page" : undefined,
      "data-channel": channel.id,
      onclick: () => tell("go", { channel: channel.id }),
    },
    icon(channel.kind === "private" ? "lock" : "hash"),
    h("span", { class: "channel-name" }, channel.name),
    channel.is_ext_shared &&
      h(
        "span",
        { class: "shared-mark", title: "Shared with another organisation" },
        icon("shared"),
        hiddenText("shared with another organisation"),
      ),
    isUnread &&
      h(
        "span",
        { class: "unread" },
        String(channel.unread > 99 ? "99+" : channel.unread),
        hiddenText(" unread"),
      ),
  );
  links.set(channel.id, link);
  return link;
}

function botLink() {
  const dm = botDm();
  const isCurrent = state.place.tab === "home" || (dm && state.place.channel === dm.id);
  const unread = isCurrent ? 0 : (dm?.unread ?? 0);
  const isUnread = unread > 0;
  const isRunning = state.bot.status === "ready" || state.bot.status === "none";
  const link = h(
    "button",
    {
      type: "button",
      class: `channel-link${isUnread ? " is-unread" : ""}`,
      "aria-current": isCurrent ? "page" : undefined,
      "data-channel": "bot",
      onclick: () =>
        tell("go", {
          channel: dm?.id ?? "",
          tab: state.app.home_tab && !dm?.unread ? "home" : "messages",
        }),
    },
    h(
      "span",
      { class: "presence" },
      avatar({ is_bot: true }, "xs"),
      h("span", { class: `presence-dot${isRunning ? " is-on" : ""}` }),
    ),
    h("span", { class: "channel-name" }, state.app.name),
    hiddenText(isRunning ? "" : ", not running"),
    h("span", { class: "badge badge-side" }, "App"),
    isUnread && h("span", { class: "unread" }, String(unread), hiddenText(" unread")),
  );
  links.set("bot", link);
  return link;
}

/** @param {KeyboardEvent} event */
function moveInList(event) {
  const step = upOrDown(event);
  const target = targetOf(event);
  if (event.key === "Escape") toggle(false);
  if (!step || !target.matches(".channel-link")) return;
  event.preventDefault();
  const all = findAll(node, ".channel-link");
  all[(all.indexOf(target) + step + all.length) % all.length].focus();
}

function addButton() {
  if (me().is_guest || me().is_external) return null;
  const button = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      title: "Create a channel",
      "data-channel": "new",
      onclick: openCreate,
    },
    icon("plus"),
    hiddenText("Create a channel"),
  );
  links.set("new", button);
  return button;
}

function openCreate() {
  const errorId = uniqueId("error");
  const field = nameField(errorId);
  const isPrivate = h("input", { type: "checkbox" });
  openForm({
    title: "Create a channel",
    errorId,
    fields: [
      field.nodes,
      h(
        "label",
        { class: "choice" },
        isPrivate,
        h(
          "span",
          {},
          "Private",
          h("span", { class: "choice-note" }, "Only those who are invited see it"),
        ),
      ),
    ],
    submit: "Create",
    send: async () => {
      const { channel } = await api.createChannel(field.name(), isPrivate.checked);
      if (channel) setTimeout(() => tell("newChannel", channel));
    },
  });
}
