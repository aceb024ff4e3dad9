// One message: author, time, text or blocks, reactions, thread summary, and the tools that appear over it.

import { api } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { ago, clockTime, dayKey, dayTitle, fullStamp } from "./dates.js";
import { fill, h, hiddenText } from "./dom.js";
import { emojiCharacter } from "./emoji.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { drawMrkdwn, plainWords } from "./mrkdwn.js";
import { announce, showNotice, tryOrTell } from "./notice.js";
import { avatar, badge, person } from "./people.js";
import { openPicker } from "./picker.js";
import { me, reader, state, tell } from "./state.js";
import { Surface } from "./surface.js";
import { unchanged, valuesOf } from "./values.js";

/**
 * @import { Block, Values } from "./blockkit.js"
 * @import { IconName } from "./icons.js"
 * @import { MenuGroup } from "./menu.js"
 * @import { Message, Reaction, Shortcut } from "./payloads.js"
 */

const NEAR_SECONDS = 300;
const QUICK_REACTIONS = ["white_check_mark", "eyes", "pushpin"];

/**
 * What was entered in a message's elements, and the blocks it was entered in: kept while the message itself changes.
 * @type {Map<string, {values: Values, blocks: Block[] | undefined}>}
 */
const entered = new Map();

/**
 * Whether a message stands under the name of the one before it.
 * @param {Message} message
 * @param {Message} [before]
 */
export function isContinuation(message, before) {
  return (
    before !== undefined &&
    before.user === message.user &&
    !before.ephemeral === !message.ephemeral &&
    !message.broadcast &&
    !message.subtype &&
    !before.subtype &&
    Number(message.ts) - Number(before.ts) < NEAR_SECONDS &&
    dayKey(Number(message.ts), reader.tz) === dayKey(Number(before.ts), reader.tz)
  );
}

/**
 * Draws what is in a message's list item. `inThread`: it stands in the thread pane.
 * @param {Message} message
 */
export function drawMessage(message, { inThread = false } = {}) {
  const author = person(message.user);
  return h(
    "div",
    {
      class: `message${message.ephemeral ? " is-ephemeral" : ""}${message.isLocal ? " is-local" : ""}`,
    },
    h("div", { class: "message-side" }, avatar(author), timeLink(message, "side-time")),
    h(
      "div",
      { class: "message-main" },
      message.ephemeral && h("div", { class: "only-you" }, icon("eye"), "Only visible to you"),
      message.pinned && h("div", { class: "pinned-mark" }, icon("pin"), "Pinned"),
      message.broadcast && inThread === false && broadcastNote(message),
      h(
        "div",
        { class: "message-head" },
        h("span", { class: "author" }, author.real_name),
        badge(author),
        timeLink(message, "head-time", inThread),
      ),
      drawBody(message),
      drawReactions(message),
      !inThread && message.reply_count ? drawThreadSummary(message) : null,
    ),
  );
}

/**
 * In a thread there are no day dividers: there the time says the day too.
 * @param {Message} message
 * @param {"side-time" | "head-time"} className
 */
function timeLink(message, className, withDay = false) {
  const unix = Number(message.ts);
  const day = withDay ? dayTitle(unix, reader.tz) : "Today";
  const clock = clockTime(unix, reader.tz);
  // Beside a message there is no room for more than the digits.
  const short = className === "side-time" ? clock.replace(/ [AP]M$/, "") : clock;
  const words = day === "Today" ? short : `${day} at ${clock}`;
  return h(
    "time",
    {
      class: className,
      datetime: new Date(unix * 1000).toISOString(),
      title: fullStamp(unix, reader.tz),
    },
    words,
  );
}

/** @param {Message} message */
function broadcastNote(message) {
  return h(
    "div",
    { class: "broadcast-note" },
    "replied to a thread: ",
    h(
      "button",
      {
        type: "button",
        class: "link-button",
        onclick: () => tell("openThread", { channel: message.channel, ts: threadOf(message) }),
      },
      "see the thread",
    ),
  );
}

/** The thread a message is in, or would begin. @param {Message} message */
const threadOf = (message) => message.thread_ts ?? message.ts;

/** @param {Message} message */
function drawBody(message) {
  const body = h("div", { class: "message-body" });
  if (message.blocks?.length) body.append(drawBlocks(message.blocks, surfaceOf(message)));
  else body.append(h("div", { class: "message-text" }, drawMrkdwn(message.text ?? "", reader)));
  if (message.edited)
    body.append(
      h(
        "span",
        { class: "edited", title: fullStamp(Number(message.edited.ts), reader.tz) },
        "(edited)",
      ),
    );
  return body;
}

/** @param {Message} message */
function surfaceOf(message) {
  const key = `${message.channel}/${message.ts}`;
  const before = entered.get(key);
  const values =
    before && before.blocks === message.blocks
      ? before.values
      : valuesOf(message.blocks, unchanged(before?.values, before?.blocks, message.blocks));
  entered.set(key, { values, blocks: message.blocks });
  return new Surface(
    {
      type: "message",
      channel: message.channel,
      ts: message.ts,
      ephemeral: Boolean(message.ephemeral),
    },
    values,
  );
}

/** @param {Message} message */
function drawReactions(message) {
  if (!message.reactions.length) return null;
  const add = h(
    "button",
    { type: "button", class: "reaction reaction-add" },
    icon("addsmile"),
    hiddenText("Add a reaction"),
  );
  add.addEventListener("click", () =>
    openPicker(add, (name) => react(message, name, true), { align: "start" }),
  );
  return h(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    message.reactions.map((reaction) => drawReaction(message, reaction)),
    add,
  );
}

/** @param {Message} message @param {Reaction} reaction */
function drawReaction(message, { name, count, users }) {
  const isMine = users.includes(me().id);
  const names = users.map((id) => (id === me().id ? "You" : person(id).real_name)).join(", ");
  return h(
    "button",
    {
      type: "button",
      class: "reaction",
      "aria-pressed": String(isMine),
      title: `${names} reacted with :${name}:`,
      "aria-label": `${name.replace(/_/g, " ")}, ${count}, ${names}`,
      onclick: () => react(message, name, !isMine),
    },
    h("span", { class: "emoji" }, emojiCharacter(name) ?? `:${name}:`),
    h("span", { class: "reaction-count" }, String(count)),
  );
}

/** @param {Message} message @param {string} name @param {boolean} isAdded */
function react(message, name, isAdded) {
  return tryOrTell(() => api.reaction(message.channel, message.ts, name, isAdded));
}

/** @param {Message} message */
function drawThreadSummary(message) {
  const words = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  return h(
    "button",
    {
      type: "button",
      class: "thread-summary",
      onclick: () => tell("openThread", { channel: message.channel, ts: message.ts }),
    },
    h(
      "span",
      { class: "thread-faces" },
      (message.reply_users ?? []).slice(0, 4).map((id) => avatar(person(id), "xs")),
    ),
    h("span", { class: "thread-count" }, words),
    message.latest_reply &&
      h(
        "span",
        {
          class: "thread-latest",
          "data-ago": message.latest_reply,
          "data-ago-before": "Last reply ",
        },
        `Last reply ${ago(Number(message.latest_reply))}`,
      ),
    icon("right"),
  );
}

/** The tools over the message one points at: quick reactions, thread, more. One set for the whole list. */
export class MessageTools {
  /** @param {{inThread: boolean}} options */
  constructor({ inThread }) {
    this.inThread = inThread;
    this.node = h("div", { class: "tools", role: "group", "aria-label": "Message actions" });
    /** @type {Message | null} */
    this.message = null;
  }

  /** Moves the tools over a message. @param {HTMLElement} item @param {Message} message */
  showFor(item, message) {
    if (this.message === message && this.node.parentNode === item) return;
    if (
      this.node.querySelector(":focus-visible") ||
      this.node.querySelector("[aria-expanded='true']")
    )
      return;
    this.message = message;
    if (message.isLocal) return this.node.remove();
    fill(this.node, this.#buttons(message));
    item.append(this.node);
  }

  /** @param {Message} message */
  #buttons(message) {
    const more = this.#button("more", "More actions", (button) => openMessageMenu(button, message));
    more.setAttribute("aria-haspopup", "menu");
    if (message.ephemeral) return [more];
    return [
      QUICK_REACTIONS.map((name) =>
        h(
          "button",
          {
            type: "button",
            class: "tool",
            title: `:${name}:`,
            "aria-label": `React with ${name.replace(/_/g, " ")}`,
            onclick: () => react(message, name, true),
          },
          h("span", { class: "emoji" }, emojiCharacter(name)),
        ),
      ),
      this.#button("addsmile", "Add a reaction", (button) =>
        openPicker(button, (name) => react(message, name, true)),
      ),
      !this.inThread &&
        this.#button("thread", "Reply in thread", () =>
          tell("openThread", { channel: message.channel, ts: threadOf(message) }),
        ),
      more,
    ];
  }

  /** @param {IconName} picture @param {string} name @param {(button: HTMLElement) => void} press */
  #button(picture, name, press) {
    const button = h(
      "button",
      { type: "button", class: "tool", title: name, "aria-label": name },
      icon(picture),
    );
    button.addEventListener("click", () => press(button));
    return button;
  }
}

/** @param {HTMLElement} anchor @param {Message} message */
function openMessageMenu(anchor, message) {
  const shortcuts = state.shortcuts.filter((shortcut) => shortcut.type === "message");
  /** @type {MenuGroup[]} */
  const groups = [
    { items: [{ label: "Copy text", picture: icon("copy"), select: () => copyText(message) }] },
  ];
  if (!message.ephemeral) {
    groups.push({
      title: `Shortcuts of ${state.app.name}`,
      items: shortcuts.map((shortcut) => ({
        label: shortcut.name,
        note: shortcut.description,
        picture: icon("bolt"),
        select: () => runShortcut(shortcut, message),
      })),
      empty: "It has no shortcuts on messages yet.",
    });
  }
  openMenu(anchor, "Message", groups, { align: "end" });
}

/** @param {Message} message */
async function copyText(message) {
  try {
    await navigator.clipboard.writeText(plainWords(message.text, reader));
    announce("Copied");
  } catch {
    showNotice("The browser did not allow copying.");
  }
}

/**
 * Runs a shortcut, on a message or globally; its failure is told.
 * @param {Shortcut} shortcut
 * @param {Message} [message]
 */
export async function runShortcut(shortcut, message) {
  const answer = await tryOrTell(() =>
    api.shortcut(shortcut.callback_id, message?.channel, message?.ts),
  );
  if (answer && answer.ok === false)
    showNotice(answer.words ?? "We had some trouble connecting. Try again?");
}
