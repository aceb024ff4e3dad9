// The middle of the page: the messages of the channel one is in (or the bot's Home tab) and the composer under them.

import { api } from "./api.js";
import { mayKeepHouse, unarchive } from "./channelmenu.js";
import { Composer } from "./composer.js";
import { byId, fill, h } from "./dom.js";
import { openHome } from "./home.js";
import { icon } from "./icons.js";
import { drawMrkdwn, plainWords } from "./mrkdwn.js";
import { announce, showNotice, tryOrTell } from "./notice.js";
import { SANDBOX_USER, avatar, person } from "./people.js";
import {
  botDm,
  channelTitle,
  currentChannel,
  me,
  on,
  reader,
  setChannel,
  state,
  tell,
} from "./state.js";
import { Timeline } from "./timeline.js";

/**
 * @import { Channel, Message } from "./payloads.js"
 * @import { Spot } from "./permalink.js"
 */

const scroller = byId("scroller");
const composerPlace = byId("composer-place");

/** @type {Timeline | null} */
let timeline = null;
let timelineChannel = "";
let beginningDrawn = "";
let loading = Promise.resolve();
let opening = Promise.resolve();

export const composer = new Composer({ id: "composer-input", send });

/** Starts drawing the place one is in. */
export function startPlace() {
  on("person", () => {
    timelineChannel = "";
    composer.forget();
  });
  on("place", () => (opening = open()));
  on("channels", () => {
    if (beginningDrawn !== beginningKey(currentChannel())) drawBeginning();
    const dm = botDm();
    if (dm && !state.place.channel && state.place.tab === "messages")
      tell("go", { channel: dm.id });
    else drawComposer();
  });
}

/** Goes into the place that state.place names. */
async function open() {
  drawComposer();
  const channel = currentChannel();
  if (state.place.tab === "messages" && channel) return openMessages(channel);
  leaveMessages();
  if (state.place.tab === "home") return openHome();
  fill(scroller, emptyDm());
  return undefined;
}

/** Reads the messages of the current place again, after a break of the connection. */
export function reload() {
  timelineChannel = "";
  opening = open();
}

/**
 * Shows a message of the place one is in, older ones loaded as far as it takes.
 * @param {Spot} spot
 */
export async function showMessage({ channel, ts, threadTs }) {
  await opening;
  if (timelineChannel !== channel) return;
  if (threadTs && threadTs !== ts) tell("openThread", { channel, ts: threadTs, replyTs: ts });
  else if (!(await timeline?.reveal(ts))) showNotice("That message is not there any more.");
}

function leaveMessages() {
  timelineChannel = "";
  timeline?.leave();
  timeline = null;
  scroller.classList.remove("is-loading");
}

/** Whoever goes there while it is being loaded waits for the same. @param {Channel} channel */
function openMessages(channel) {
  if (timelineChannel === channel.id) return loading;
  timelineChannel = channel.id;
  loading = loadMessages(channel);
  return loading;
}

/** @param {Channel} channel */
async function loadMessages(channel) {
  timeline?.leave();
  const own = new Timeline(scroller, {
    label: `Messages in ${channelTitle(channel)}`,
    loadOlder: (before) => api.messages(channel.id, before),
    onMore: drawBeginning,
  });
  timeline = own;
  scroller.classList.add("is-loading");
  const unread = channel.unread;
  const answer = await own.read(() => tryOrTell(() => api.messages(channel.id)));
  if (timeline !== own) return;
  scroller.classList.remove("is-loading");
  if (!answer) return;
  own.show({ ...answer, messages: answer.messages.filter(isInChannel) }, unread);
  if (unread) setChannel({ id: channel.id, unread: 0 });
  drawBeginning();
}

/** @param {Channel | undefined} channel */
const beginningKey = (channel) => `${channel?.name}/${channel?.is_archived}/${channel?.topic}`;

/** @param {Message} message */
function isInChannel(message) {
  return !message.thread_ts || message.thread_ts === message.ts || message.broadcast;
}

/** What stands above the first message of a channel, or in place of all when there is none. */
function drawBeginning() {
  const channel = currentChannel();
  if (!channel || !timeline) return;
  beginningDrawn = beginningKey(channel);
  const older = h("div", { class: "loading-older" }, "Older messages load as you scroll up");
  if (timeline.hasMore) fill(timeline.top, older);
  else fill(timeline.top, channel.kind === "dm" ? emptyDm() : beginningOf(channel));
}

/** @param {Channel} channel */
function beginningOf(channel) {
  const command = me().is_external ? undefined : state.commands[0];
  return h(
    "div",
    { class: "beginning" },
    h(
      "div",
      { class: "beginning-picture", "aria-hidden": "true" },
      icon(channel.kind === "private" ? "lock" : "hash"),
    ),
    h("h2", {}, `#${channel.name}`),
    h(
      "p",
      {},
      channel.topic ? drawMrkdwn(channel.topic, reader) : `This is where #${channel.name} begins.`,
    ),
    timeline?.isEmpty &&
      !channel.is_archived &&
      command &&
      h(
        "p",
        { class: "beginning-hint" },
        "Nothing has been said here yet. Type ",
        h(
          "button",
          {
            type: "button",
            class: "key-button",
            onclick: () => composer.write(`${command.command} `),
          },
          command.command,
        ),
        " below to begin.",
      ),
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

// Composer

function drawComposer() {
  const channel = currentChannel();
  const isDm = state.place.tab === "home" || !channel || channel.kind === "dm";
  if (state.place.tab === "home") return fill(composerPlace);
  if (isDm && state.app.messages_tab_read_only)
    return fill(composerPlace, closedComposer("Sending messages to this app has been turned off."));
  if (!channel) return fill(composerPlace);
  if (channel.is_archived)
    return fill(
      composerPlace,
      closedComposer(
        `#${channel.name} is archived. You can read it, but nobody can write in it.`,
        mayKeepHouse() && unarchiveButton(channel),
      ),
    );
  if (!channel.is_member) return fill(composerPlace, joinOffer(channel));
  composer.setPlaceholder(`Message ${channelTitle(channel)}`);
  composer.takeUp(channel.id);
  if (composer.node.parentNode !== composerPlace) fill(composerPlace, composer.node);
  return undefined;
}

/** @param {Channel} channel */
function unarchiveButton(channel) {
  return h(
    "button",
    { type: "button", class: "button", onclick: () => unarchive(channel) },
    "Unarchive channel",
  );
}

/** @param {string} words @param {import("./dom.js").Child[]} more */
function closedComposer(words, ...more) {
  return h("div", { class: "composer-closed" }, h("p", {}, words), more);
}

/** @param {Channel} channel */
function joinOffer(channel) {
  const join = () => tryOrTell(() => api.join(channel.id));
  return closedComposer(
    `You are looking at #${channel.name}.`,
    h("button", { type: "button", class: "button button-primary", onclick: join }, "Join channel"),
  );
}

/** Sends what was written: a command to the bot, or a message to all. @param {string} text */
async function send(text) {
  const channel = currentChannel();
  if (!channel) return false;
  timeline?.scrollToEnd();
  if (text.startsWith("/")) return sendCommand(channel, text);
  return Boolean(await tryOrTell(() => api.message(channel.id, text)));
}

/** @param {Channel} channel @param {string} text */
async function sendCommand(channel, text) {
  const answer = await tryOrTell(() => api.command(channel.id, text));
  if (!answer) return false;
  if (answer.ok) tell("commanded", text);
  else
    showLocally(
      channel,
      answer.words ?? `${text.split(" ")[0]} failed with the error “${answer.error}”`,
    );
  return true;
}

/**
 * What Slack itself would say to this person alone; it is nowhere kept.
 * @param {Channel} channel
 * @param {string} words
 */
function showLocally(channel, words) {
  if (timelineChannel !== channel.id) return;
  /** @type {Message} */
  const message = {
    ts: (Date.now() / 1000).toFixed(6),
    channel: channel.id,
    user: SANDBOX_USER,
    text: "",
    ephemeral: true,
    isLocal: true,
    reactions: [],
    blocks: [{ type: "section", block_id: "", text: { type: "plain_text", text: words } }],
  };
  timeline?.take(message, true);
  announce(words);
}

// Changes that arrive

/** A message is new or was changed. @param {Message} message @param {boolean} isNew */
export function takeMessage(message, isNew) {
  if (!timeline || message.channel !== timelineChannel) return;
  if (isInChannel(message)) {
    const wasEmpty = timeline.isEmpty;
    if (timeline.take(message, isNew) && wasEmpty) drawBeginning();
  }
  if (isNew && message.user !== me().id)
    announce(`${person(message.user).real_name}: ${plainWords(message.text, reader)}`);
}

/**
 * The thread's summary under its parent, should the parent's own change not have come yet.
 * @param {Message} reply
 */
export function countReply(reply) {
  const parent =
    timelineChannel === reply.channel ? timeline?.messages.get(reply.thread_ts ?? "") : null;
  if (
    !parent ||
    reply.ephemeral ||
    reply.ts === parent.ts ||
    (parent.latest_reply && parent.latest_reply >= reply.ts)
  )
    return;
  const users = [...new Set([...(parent.reply_users ?? []), reply.user])];
  timeline?.put({
    ...parent,
    reply_count: (parent.reply_count ?? 0) + 1,
    reply_users: users,
    latest_reply: reply.ts,
  });
}

/** @param {string} channel @param {string} ts */
export function dropMessage(channel, ts) {
  if (!timeline || channel !== timelineChannel) return;
  timeline.remove(ts);
  drawBeginning();
}

/** @param {string} channelId */
export const isLookingAt = (channelId) => timelineChannel === channelId && !document.hidden;
