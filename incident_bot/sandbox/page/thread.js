// The pane of one thread: its first message, the replies, and a composer of its own.

import { api } from "./api.js";
import { Composer } from "./composer.js";
import { byId, fill, find, focusedNode, h, hiddenText, mustFind } from "./dom.js";
import { icon } from "./icons.js";
import { tryOrTell } from "./notice.js";
import { channelTitle, on, state, tell } from "./state.js";
import { Timeline } from "./timeline.js";

/**
 * @import { Message } from "./payloads.js"
 * @import { Thread } from "./state.js"
 */

const pane = byId("thread");
const composer = new Composer({ id: "thread-input", send, inThread: true });
const title = h("p", { class: "pane-note" });
const scroller = h("div", { class: "pane-scroller" });
const foot = h("div", { class: "thread-composer" });

/** @type {Timeline | null} */
let timeline = null;
/** @type {HTMLElement | null} */
let opener = null;

/** Builds the pane; it opens when a thread is chosen. */
export function startThread() {
  const close = h(
    "button",
    { type: "button", class: "icon-button", onclick: closeThread },
    icon("close"),
    hiddenText("Close the thread"),
  );
  fill(
    pane,
    h("div", { class: "pane-head" }, h("div", {}, h("h2", {}, "Thread"), title), close),
    scroller,
    foot,
  );
  pane.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) closeThread();
  });
  on("openThread", openThread);
  on("channels", (id) => id === state.thread?.channel && drawFoot());
  on("place", () => state.thread && state.thread.channel !== state.place.channel && hide());
  on("person", () => {
    hide();
    composer.forget();
  });
}

/**
 * What is written in a field, or undefined where the node isn't one.
 * @param {HTMLElement | null} node
 */
const writtenIn = (node) =>
  node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement ? node.value : undefined;

/** @param {Thread} thread */
async function openThread(thread) {
  opener = focusedNode();
  const written = writtenIn(opener);
  state.thread = thread;
  pane.hidden = false;
  const channel = state.channels.get(thread.channel);
  fill(title, channel ? channelTitle(channel) : "");
  timeline?.leave();
  const own = new Timeline(scroller, { inThread: true, label: "Thread" });
  timeline = own;
  composer.takeUp(`${thread.channel}/${thread.ts}`);
  const mayWrite = drawFoot();
  await reloadThread();
  if (state.thread !== thread || isWriting(written)) return;
  if (thread.replyTs && (await own.reveal(thread.replyTs))) return;
  if (mayWrite) composer.focus();
  else mustFind(pane, "button").focus();
}

/**
 * Whoever has begun to write elsewhere meanwhile goes on; `written` was there at first.
 * @param {string} [written]
 */
function isWriting(written) {
  const node = focusedNode();
  const now = writtenIn(node);
  return now !== undefined && (node !== opener || now !== written);
}

/** The composer, where one may reply: that ends when the channel is archived. @returns {boolean} */
function drawFoot() {
  const channel = state.channels.get(state.thread?.channel ?? "");
  const mayWrite =
    channel?.is_member &&
    !channel.is_archived &&
    !(channel.kind === "dm" && state.app.messages_tab_read_only);
  composer.setPlaceholder("Reply…");
  if (!mayWrite) fill(foot, h("p", { class: "pane-note" }, "You cannot reply here."));
  else if (composer.node.parentNode !== foot) fill(foot, composer.node);
  return Boolean(mayWrite);
}

/** Reads the open thread again, after a break of the connection. */
export async function reloadThread() {
  const { thread } = state;
  if (!thread || !timeline) return;
  const own = timeline;
  const answer = await own.read(() => tryOrTell(() => api.thread(thread.channel, thread.ts)));
  if (!answer || state.thread !== thread) return;
  own.show(answer);
  drawCount();
}

function drawCount() {
  if (!timeline || !state.thread) return;
  const replies = timeline.order.length - 1;
  fill(timeline.top);
  const parent = timeline.items.get(state.thread.ts);
  if (!parent) return;
  find(parent, ":scope > .reply-line")?.remove();
  if (replies > 0)
    parent.append(
      h(
        "div",
        { class: "reply-line" },
        h("span", {}, `${replies} ${replies === 1 ? "reply" : "replies"}`),
      ),
    );
}

function hide() {
  state.thread = null;
  pane.hidden = true;
  tell("thread");
}

function closeThread() {
  hide();
  const target =
    opener?.isConnected && opener !== document.body
      ? opener
      : document.getElementById("composer-input");
  target?.focus();
}

/** @param {string} text */
async function send(text) {
  const { thread } = state;
  if (!thread) return false;
  timeline?.scrollToEnd();
  return Boolean(await tryOrTell(() => api.message(thread.channel, text, thread.ts)));
}

/** A message is new or was changed. @param {Message} message @param {boolean} isNew */
export function takeInThread(message, isNew) {
  const { thread } = state;
  if (!thread || !timeline || message.channel !== thread.channel) return;
  const belongs = message.ts === thread.ts || message.thread_ts === thread.ts;
  if (!belongs) return;
  timeline.take(message, isNew);
  drawCount();
}

/** @param {string} channel @param {string} ts */
export function dropInThread(channel, ts) {
  if (state.thread?.channel !== channel || !timeline) return;
  timeline.remove(ts);
  drawCount();
}
