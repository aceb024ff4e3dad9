// The middle of the page: the channel (or the bot's Home tab) one is in, with its header, messages and composer.

import { api } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { Composer } from "./composer.js";
import { fill, h, hiddenText } from "./dom.js";
import { icon } from "./icons.js";
import { drawMrkdwn, plainWords } from "./mrkdwn.js";
import { announce, tryOrTell } from "./notice.js";
import { SANDBOX_USER, avatar, person } from "./people.js";
import { botDm, channelTitle, currentChannel, on, reader, setChannel, state, tell } from "./state.js";
import { Surface } from "./surface.js";
import { Timeline } from "./timeline.js";
import { unchanged, valuesOf } from "./values.js";

// The bot draws its Home tab when one comes there for the first time; only then is an empty one told.
const FIRST_HOME_MS = 700;

const header = document.getElementById("place-header");
const scroller = document.getElementById("scroller");
const composerPlace = document.getElementById("composer-place");

let timeline = null;
let timelineChannel = "";
let homeValues = {};
let homeBlocks = [];
let draftChannel = "";

// What was written but not sent, by channel.
const drafts = new Map();

export const composer = new Composer({ id: "composer-input", send });

/** Starts drawing the place one is in. */
export function startPlace() {
  on("person", () => {
    timelineChannel = "";
    homeValues = {};
    homeBlocks = [];
    drafts.clear();
    draftChannel = "";
  });
  on("place", open);
  on("channels", () => {
    drawHeader();
    drawComposer();
  });
  on("home", () => state.place.tab === "home" && drawHome());
}

/** Goes into the place that state.place names. */
async function open() {
  drawHeader();
  drawComposer();
  if (state.place.tab === "home") return openHome();
  const channel = currentChannel();
  if (!channel) {
    timelineChannel = "";
    timeline?.leave();
    timeline = null;
    return fill(scroller, emptyDm());
  }
  return openMessages(channel);
}

/** Reads the messages of the current place again, after a break of the connection. */
export function reload() {
  timelineChannel = "";
  return open();
}

async function openMessages(channel) {
  if (timelineChannel === channel.id) return;
  timelineChannel = channel.id;
  timeline?.leave();
  timeline = new Timeline(scroller, { label: `Messages in ${channelTitle(channel)}`, loadOlder: (before) => api.messages(channel.id, before) });
  timeline.onMore = drawBeginning;
  scroller.classList.add("is-loading");
  const unread = channel.unread;
  const answer = await tryOrTell(() => api.messages(channel.id));
  scroller.classList.remove("is-loading");
  if (!answer || timelineChannel !== channel.id) return;
  timeline.show(answer.messages.filter(isInChannel), answer.has_more, unread);
  if (unread) setChannel({ id: channel.id, unread: 0 });
  drawBeginning();
}

function isInChannel(message) {
  return !message.thread_ts || message.thread_ts === message.ts || message.broadcast;
}

/** What stands above the first message of a channel, or in place of all when there is none. */
function drawBeginning() {
  const channel = currentChannel();
  if (!channel || !timeline) return;
  if (timeline.hasMore) return fill(timeline.top, h("div", { class: "loading-older" }, "Older messages load as you scroll up"));
  fill(timeline.top, channel.kind === "dm" ? emptyDm() : beginningOf(channel));
}

function beginningOf(channel) {
  const command = state.commands[0];
  return h(
    "div",
    { class: "beginning" },
    h("div", { class: "beginning-picture", "aria-hidden": "true" }, icon(channel.kind === "private" ? "lock" : "hash")),
    h("h2", {}, `#${channel.name}`),
    h("p", {}, channel.topic ? drawMrkdwn(channel.topic, reader) : `This is where #${channel.name} begins.`),
    timeline?.isEmpty && command && h("p", { class: "beginning-hint" }, "Nothing has been said here yet. Type ", h("button", { type: "button", class: "key-button", onclick: () => composer.write(`${command.command} `) }, command.command), " below to begin."),
  );
}

function emptyDm() {
  return h(
    "div",
    { class: "beginning" },
    avatar({ is_bot: true }, "l"),
    h("h2", {}, state.app.name),
    h("p", {}, `What ${state.app.name} says to you alone appears here.`),
  );
}

// Header

function drawHeader() {
  const focused = header.contains(document.activeElement) ? document.activeElement.id : "";
  fillHeader();
  if (focused) document.getElementById(focused)?.focus();
}

function fillHeader() {
  const channel = currentChannel();
  if (state.place.tab === "home" || !channel || channel.kind === "dm") return fill(header, botHeader());
  const parts = [
    h("h1", { class: "place-title" }, icon(channel.kind === "private" ? "lock" : "hash"), channel.name),
    channel.is_ext_shared && h("span", { class: "place-badge" }, icon("shared"), "Shared with another organisation"),
    channel.is_archived && h("span", { class: "place-badge" }, "Archived"),
    h("p", { class: "place-topic" }, channel.topic ? drawMrkdwn(channel.topic, reader) : ""),
    botMembership(channel),
  ];
  return fill(header, h("div", { class: "place-bar" }, parts));
}

function botMembership(channel) {
  if (channel.has_bot) return h("span", { class: "place-bot", title: `${state.app.name} is a member` }, avatar({ is_bot: true }, "xs"), hiddenText(`${state.app.name} is a member`));
  if (!channel.is_member || channel.is_archived) return null;
  return h("button", { type: "button", class: "button button-small", onclick: () => tryOrTell(() => api.join(channel.id, state.app.bot_user_id)) }, icon("join"), `Invite ${state.app.name}`);
}

function botHeader() {
  const dm = botDm();
  const tab = (name, words) =>
    h("button", { type: "button", role: "tab", class: "tab", id: `tab-${name}`, "aria-selected": String(state.place.tab === name), "aria-controls": "scroller", tabindex: state.place.tab === name ? "0" : "-1", onclick: () => tell("go", { channel: dm?.id ?? "", tab: name }) }, words);
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": state.app.name, onkeydown: moveTabs }, state.app.home_tab && tab("home", "Home"), tab("messages", "Messages"));
  return [h("div", { class: "place-bar place-bar-bot" }, avatar({ is_bot: true }, "s"), h("h1", { class: "place-title" }, state.app.name), h("span", { class: "badge" }, "App")), tabs];
}

function moveTabs(event) {
  if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const other = header.querySelector("[role='tab'][aria-selected='false']");
  const id = other?.id;
  other?.click();
  if (id) document.getElementById(id)?.focus();
}

// Composer

function drawComposer() {
  const channel = currentChannel();
  const isDm = state.place.tab === "home" || !channel || channel.kind === "dm";
  if (state.place.tab === "home") return fill(composerPlace);
  if (isDm && state.app.messages_tab_read_only) return fill(composerPlace, closedComposer("Sending messages to this app has been turned off."));
  if (!channel) return fill(composerPlace);
  if (channel.is_archived) return fill(composerPlace, closedComposer(`#${channel.name} is archived. You can read it, but nobody can write in it.`));
  if (!channel.is_member) return fill(composerPlace, joinOffer(channel));
  composer.setPlaceholder(`Message ${channelTitle(channel)}`);
  takeDraft(channel.id);
  if (composer.node.parentNode !== composerPlace) fill(composerPlace, composer.node);
  return undefined;
}

/** Each channel has its own unfinished text. */
function takeDraft(channelId) {
  if (draftChannel === channelId) return;
  if (draftChannel) drafts.set(draftChannel, composer.input.value);
  draftChannel = channelId;
  composer.restore(drafts.get(channelId) ?? "");
}

function closedComposer(words, ...more) {
  return h("div", { class: "composer-closed" }, h("p", {}, words), more);
}

function joinOffer(channel) {
  const join = () => tryOrTell(() => api.join(channel.id));
  return closedComposer(`You are looking at #${channel.name}.`, h("button", { type: "button", class: "button button-primary", onclick: join }, "Join channel"));
}

/** Sends what was written: a command to the bot, or a message to all. */
async function send(text) {
  const channel = currentChannel();
  timeline?.scrollToEnd();
  if (text.startsWith("/")) return sendCommand(channel, text);
  return Boolean(await tryOrTell(() => api.message(channel.id, text)));
}

async function sendCommand(channel, text) {
  const answer = await tryOrTell(() => api.command(channel.id, text));
  if (!answer) return false;
  if (answer.ok) tell("commanded", text);
  else showLocally(channel, answer.words ?? `${text.split(" ")[0]} failed with the error “${answer.error}”`);
  return true;
}

/** What Slack itself would say to this person alone; it is nowhere kept. */
function showLocally(channel, words) {
  if (timelineChannel !== channel.id) return;
  const message = { ts: (Date.now() / 1000).toFixed(6), channel: channel.id, user: SANDBOX_USER, text: "", ephemeral: true, isLocal: true, reactions: [] };
  message.blocks = [{ type: "section", text: { type: "plain_text", text: words } }];
  timeline.put(message);
  announce(words);
}

// The Home tab

async function openHome() {
  timelineChannel = "home";
  timeline?.leave();
  timeline = null;
  fill(scroller);
  scroller.classList.add("is-loading");
  await tryOrTell(() => api.openHome());
  const answer = await tryOrTell(() => api.home());
  scroller.classList.remove("is-loading");
  if (!answer || state.place.tab !== "home") return;
  state.home = answer.view ?? state.home;
  if (state.home) drawHome();
  else setTimeout(() => state.place.tab === "home" && drawHome(), FIRST_HOME_MS);
}

function drawHome() {
  const view = state.home;
  if (!view) {
    const words = state.bot.status === "ready" ? `${state.app.name} has not shown anything here yet.` : `${state.app.name} is not running, so there is nothing here yet.`;
    return fill(scroller, h("div", { class: "beginning" }, h("div", { class: "beginning-picture", "aria-hidden": "true" }, icon("home")), h("h2", {}, "Home"), h("p", {}, words)));
  }
  const actionId = scroller.contains(document.activeElement) ? document.activeElement.closest("[data-action-id]")?.dataset.actionId : null;
  const top = scroller.scrollTop;
  homeValues = valuesOf(view.blocks, unchanged(homeValues, homeBlocks, view.blocks));
  homeBlocks = view.blocks;
  fill(scroller, h("div", { class: "home" }, drawBlocks(view.blocks, new Surface({ type: "home", view_id: view.id }, homeValues))));
  scroller.scrollTop = top;
  const again = actionId && [...scroller.querySelectorAll("[data-action-id]")].find((node) => node.dataset.actionId === actionId);
  again?.focus({ preventScroll: true });
  return undefined;
}

// Changes that arrive

/** A message is new or was changed. */
export function takeMessage(message, isNew) {
  if (message.channel !== timelineChannel) return;
  if (isInChannel(message) && (isNew || timeline.messages.has(message.ts))) {
    const wasEmpty = timeline.isEmpty;
    timeline.put(message);
    if (wasEmpty) drawBeginning();
  }
  if (isNew && message.user !== state.me.id) announce(`${person(message.user).real_name}: ${plainWords(message.text, reader)}`);
}

/** The thread's summary under its parent, should the parent's own change not have come yet. */
export function countReply(reply) {
  const parent = timelineChannel === reply.channel ? timeline?.messages.get(reply.thread_ts) : null;
  if (!parent || reply.ephemeral || reply.ts === parent.ts || (parent.latest_reply && parent.latest_reply >= reply.ts)) return;
  const users = [...new Set([...(parent.reply_users ?? []), reply.user])];
  timeline.put({ ...parent, reply_count: (parent.reply_count ?? 0) + 1, reply_users: users, latest_reply: reply.ts });
}

export function dropMessage(channel, ts) {
  if (channel !== timelineChannel) return;
  timeline.remove(ts);
  drawBeginning();
}

export const isLookingAt = (channelId) => timelineChannel === channelId && !document.hidden;
