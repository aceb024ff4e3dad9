// The middle of the page: the messages of the channel one is in (or the bot's Home tab) and the composer under them.

import { api } from "./api.js";
import { mayKeepHouse, unarchive } from "./channelmenu.js";
import { Composer } from "./composer.js";
import { fill, h } from "./dom.js";
import { openHome } from "./home.js";
import { icon } from "./icons.js";
import { drawMrkdwn, plainWords } from "./mrkdwn.js";
import { announce, showNotice, tryOrTell } from "./notice.js";
import { SANDBOX_USER, avatar, person } from "./people.js";
import {
  botDm,
  channelTitle,
  currentChannel,
  on,
  reader,
  setChannel,
  state,
  tell,
} from "./state.js";
import { Timeline } from "./timeline.js";

const scroller = document.getElementById("scroller");
const composerPlace = document.getElementById("composer-place");

let timeline = null;
let timelineChannel = "";
let beginningDrawn = "";
let loading = null;
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
  return state.place.tab === "home" ? openHome() : fill(scroller, emptyDm());
}

/** Reads the messages of the current place again, after a break of the connection. */
export function reload() {
  timelineChannel = "";
  opening = open();
}

/** Shows a message of the place one is in, older ones loaded as far as it takes. @param {import("./permalink.js").Spot} spot */
export async function showMessage({ channel, ts, threadTs }) {
  await opening;
  if (timelineChannel !== channel) return;
  if (threadTs && threadTs !== ts) tell("openThread", { channel, ts: threadTs, replyTs: ts });
  else if (!(await timeline.reveal(ts))) showNotice("That message is not there any more.");
}

function leaveMessages() {
  timelineChannel = "";
  timeline?.leave();
  timeline = null;
  scroller.classList.remove("is-loading");
}

/** Whoever goes there while it is being loaded waits for the same. */
function openMessages(channel) {
  if (timelineChannel === channel.id) return loading;
  timelineChannel = channel.id;
  loading = loadMessages(channel);
  return loading;
}

async function loadMessages(channel) {
  timeline?.leave();
  timeline = new Timeline(scroller, {
    label: `Messages in ${channelTitle(channel)}`,
    loadOlder: (before) => api.messages(channel.id, before),
  });
  timeline.onMore = drawBeginning;
  scroller.classList.add("is-loading");
  const unread = channel.unread;
  const own = timeline;
  const answer = await own.read(() => tryOrTell(() => api.messages(channel.id)));
  if (timeline !== own) return;
  scroller.classList.remove("is-loading");
  if (!answer) return;
  timeline.show({ ...answer, messages: answer.messages.filter(isInChannel) }, unread);
  if (unread) setChannel({ id: channel.id, unread: 0 });
  drawBeginning();
}

const beginningKey = (channel) => `${channel?.name}/${channel?.is_archived}/${channel?.topic}`;

function isInChannel(message) {
  return !message.thread_ts || message.thread_ts === message.ts || message.broadcast;
}

/** What stands above the first message of a channel, or in place of all when there is none. */
function drawBeginning() {
  const channel = currentChannel();
  if (!channel || !timeline) return;
  beginningDrawn = beginningKey(channel);
  if (timeline.hasMore)
    return fill(
      timeline.top,
      h("div", { class: "loading-older" }, "Older messages load as you scroll up"),
    );
  fill(timeline.top, channel.kind === "dm" ? emptyDm() : beginningOf(channel));
}

function beginningOf(channel) {
  const command = state.commands[0];
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

function unarchiveButton(channel) {
  return h(
    "button",
    { type: "button", class: "button", onclick: () => unarchive(channel) },
    "Unarchive channel",
  );
}

function closedComposer(words, ...more) {
  return h("div", { class: "composer-closed" }, h("p", {}, words), more);
}

function joinOffer(channel) {
  const join = () => tryOrTell(() => api.join(channel.id));
  return closedComposer(
    `You are looking at #${channel.name}.`,
    h("button", { type: "button", class: "button button-primary", onclick: join }, "Join channel"),
  );
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
  else
    showLocally(
      channel,
      answer.words ?? `${text.split(" ")[0]} failed with the error “${answer.error}”`,
    );
  return true;
}

/** What Slack itself would say to this person alone; it is nowhere kept. */
function showLocally(channel, words) {
  if (timelineChannel !== channel.id) return;
  const message = {
    ts: (Date.now() / 1000).toFixed(6),
    channel: channel.id,
    user: SANDBOX_USER,
    text: "",
    ephemeral: true,
    isLocal: true,
    reactions: [],
  };
  message.blocks = [{ type: "section", text: { type: "plain_text", text: words } }];
  timeline.take(message, true);
  announce(words);
}

// Changes that arrive

/** A message is new or was changed. */
export function takeMessage(message, isNew) {
  if (message.channel !== timelineChannel) return;
  if (isInChannel(message)) {
    const wasEmpty = timeline.isEmpty;
    if (timeline.take(message, isNew) && wasEmpty) drawBeginning();
  }
  if (isNew && message.user !== state.me.id)
    announce(`${person(message.user).real_name}: ${plainWords(message.text, reader)}`);
}

/** The thread's summary under its parent, should the parent's own change not have come yet. */
export function countReply(reply) {
  const parent = timelineChannel === reply.channel ? timeline?.messages.get(reply.thread_ts) : null;
  if (
    !parent ||
    reply.ephemeral ||
    reply.ts === parent.ts ||
    (parent.latest_reply && parent.latest_reply >= reply.ts)
  )
    return;
  const users = [...new Set([...(parent.reply_users ?? []), reply.user])];
  timeline.put({
    ...parent,
    reply_count: (parent.reply_count ?? 0) + 1,
    reply_users: users,
    latest_reply: reply.ts,
  });
}

export function dropMessage(channel, ts) {
  if (channel !== timelineChannel) return;
  timeline.remove(ts);
  drawBeginning();
}

export const isLookingAt = (channelId) => timelineChannel === channelId && !document.hidden;
