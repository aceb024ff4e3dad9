// Slack's mrkdwn as nodes. The escaped text is parsed; whatever is no markup stays text.

import { add, h } from "./dom.js";
import { emojiCharacter } from "./emoji.js";
import { fillDateTokens, fullStamp } from "./dates.js";

/** @import { TextObject } from "./blockkit.js" */
/** @import { Child } from "./dom.js" */

/**
 * Who reads.
 * @typedef {object} Reader
 * @property {string} tz
 * @property {string} me
 * @property {(id: string) => string | null} userName
 * @property {(id: string) => string | null} channelName
 * @property {(id: string) => void} openChannel
 * @property {boolean} [isVerbatim] no links are made of addresses
 */

/** @typedef {{node: Node, end: number}} Markup a piece of markup and where the text goes on */

/** @type {Record<string, string>} */
const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
/** @type {Record<string, "strong" | "em" | "s">} */
const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const EMOJI = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/y;
const BARE_URL = /https?:\/\/[^\s<>|`*]+[^\s<>|`*.,;:!?)"'\]_~]/y;
const QUOTE_REST = /^(?:&gt;|>){3} ?/;
const QUOTE = /^(?:&gt;|>) ?/;

/** The characters Slack escapes, as themselves again. @param {string} text */
function unescapeText(text) {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);
}

/** A mrkdwn text as a list of nodes. @param {string} text @param {Reader} reader */
export function drawMrkdwn(text, reader) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  const pieces = text.split(/```\n?([\s\S]+?)```\n?/);
  pieces.forEach((piece, index) => {
    if (index % 2)
      nodes.push(h("pre", { class: "code-block" }, codeWords(piece.replace(/\n$/, ""))));
    else nodes.push(...drawLines(piece, reader));
  });
  return nodes;
}

/** A plain_text object's text: nothing but emoji names is read. @param {string} text */
export function drawPlain(text, withEmoji = true) {
  if (!withEmoji) return [text];
  return text
    .split(/(:[a-z0-9_+'-]+(?:::skin-tone-[2-6])?:)/)
    .map((piece) => (piece.startsWith(":") ? (emojiNode(piece.slice(1, -1)) ?? piece) : piece));
}

/**
 * A text object of Block Kit.
 * @param {TextObject | null | undefined} object
 * @param {Reader} reader
 */
export function drawText(object, reader) {
  if (!object) return [];
  return object.type === "mrkdwn"
    ? drawMrkdwn(object.text ?? "", { ...reader, isVerbatim: object.verbatim })
    : drawPlain(object.text ?? "", object.emoji !== false);
}

/**
 * What a screen reader or a tooltip is told: the words without the markup.
 * @param {string} text
 * @param {Reader} reader
 */
export function plainWords(text, reader) {
  return add(h("div"), drawMrkdwn(text ?? "", reader)).textContent;
}

/**
 * The words of a text object.
 * @param {TextObject | null | undefined} object
 * @param {Reader} reader
 */
export function textWords(object, reader) {
  return add(h("div"), drawText(object, reader)).textContent;
}

/** @param {string} text @param {Reader} reader */
function drawLines(text, reader) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length;) {
    const start = i;
    if (QUOTE_REST.test(lines[i])) {
      const rest = lines.slice(i).join("\n").replace(QUOTE_REST, "");
      nodes.push(h("blockquote", {}, drawInline(rest, reader)));
      break;
    }
    const quoted = QUOTE.test(lines[i]);
    while (i < lines.length && QUOTE.test(lines[i]) === quoted && !QUOTE_REST.test(lines[i]))
      i += 1;
    const run = lines.slice(start, i);
    if (quoted)
      nodes.push(
        h(
          "blockquote",
          {},
          drawInline(run.map((line) => line.replace(QUOTE, "")).join("\n"), reader),
        ),
      );
    else nodes.push(...drawInline(run.join("\n"), reader));
  }
  return nodes;
}

/** @param {string} text @param {Reader} reader */
function drawInline(text, reader) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  let plain = "";
  /** @param {Node} node */
  const push = (node) => {
    if (plain) nodes.push(unescapeText(plain));
    plain = "";
    nodes.push(node);
  };
  for (let i = 0; i < text.length;) {
    const found = readMarkup(text, i, reader);
    if (found) {
      push(found.node);
      i = found.end;
    } else {
      plain += text[i];
      i += 1;
    }
  }
  if (plain) nodes.push(unescapeText(plain));
  return nodes;
}

/**
 * The markup that begins at `start`, or null.
 * @param {string} text
 * @param {number} start
 * @param {Reader} reader
 * @returns {Markup | null}
 */
function readMarkup(text, start, reader) {
  switch (text[start]) {
    case "<":
      return readAngle(text, start, reader);
    case "`":
      return readCode(text, start);
    case "*":
    case "_":
    case "~":
      return readStyle(text, start, reader);
    case ":":
      return readEmoji(text, start);
    case "h":
      return reader.isVerbatim ? null : readUrl(text, start);
    default:
      return null;
  }
}

/** @param {string} text @param {number} start @param {Reader} reader */
function readAngle(text, start, reader) {
  const end = text.indexOf(">", start);
  if (end === -1) return null;
  const node = drawAngle(text.slice(start + 1, end), reader);
  return node && { node, end: end + 1 };
}

/** @param {string} text @param {number} start */
function readCode(text, start) {
  const end = text.indexOf("`", start + 1);
  const inside = text.slice(start + 1, end);
  if (end === -1 || !inside.trim() || inside.includes("\n")) return null;
  return { node: h("code", {}, codeWords(inside)), end: end + 1 };
}

/** @param {string} text @param {number} start @param {Reader} reader */
function readStyle(text, start, reader) {
  const mark = text[start];
  const before = text[start - 1] ?? " ";
  const after = text[start + 1] ?? " ";
  if (WORD.test(before) || before === mark || /\s/.test(after) || after === mark) return null;
  const end = findClosing(text, start + 1, mark);
  if (end === -1) return null;
  return {
    node: h(STYLES[mark], {}, drawInline(text.slice(start + 1, end), reader)),
    end: end + 1,
  };
}

/** @param {string} text @param {number} from @param {string} mark */
function findClosing(text, from, mark) {
  for (let i = from; i < text.length && text[i] !== "\n"; i += 1) {
    if (text[i] === "<") i = Math.max(i, text.indexOf(">", i));
    else if (text[i] === "`") i = Math.max(i, text.indexOf("`", i + 1));
    else if (
      text[i] === mark &&
      i > from &&
      !/\s/.test(text[i - 1]) &&
      !WORD.test(text[i + 1] ?? " ")
    )
      return i;
  }
  return -1;
}

/** @param {string} text @param {number} start */
function readEmoji(text, start) {
  EMOJI.lastIndex = start;
  const match = EMOJI.exec(text);
  if (!match || WORD.test(text[start - 1] ?? " ")) return null;
  const node = emojiNode(match[1]);
  return node && { node, end: start + match[0].length };
}

/** @param {string} text @param {number} start */
function readUrl(text, start) {
  if (WORD.test(text[start - 1] ?? " ")) return null;
  BARE_URL.lastIndex = start;
  const match = BARE_URL.exec(text);
  if (!match) return null;
  const url = unescapeText(match[0]);
  return { node: linkNode(url, url), end: start + match[0].length };
}

/**
 * An emoji with its name for those who hover or listen; null where it is unknown.
 * @param {string} name
 */
export function emojiNode(name) {
  const character = emojiCharacter(name);
  if (!character) return null;
  return h(
    "span",
    {
      class: "emoji",
      role: "img",
      "aria-label": `${name.replace(/_/g, " ")} emoji`,
      title: `:${name}:`,
    },
    character,
  );
}

/** Whether an address may become a link: no "javascript:" and the like. @param {string} url */
export function isHarmless(url) {
  return /^(?:https?:|mailto:|tel:)/i.test(url);
}

/**
 * A link, only where its scheme is harmless; otherwise its words.
 * @param {string} url
 * @param {Child} label
 */
export function linkNode(url, label) {
  if (!isHarmless(url)) return h("span", { title: url }, label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

/** @param {string} inside @param {Reader} reader */
function drawAngle(inside, reader) {
  const bar = inside.indexOf("|");
  const target = bar === -1 ? inside : inside.slice(0, bar);
  const label = bar === -1 ? "" : inside.slice(bar + 1);
  if (target.startsWith("@")) return userMention(target.slice(1), reader, unescapeText(label));
  if (target.startsWith("#")) return channelMention(target.slice(1), reader, unescapeText(label));
  if (target.startsWith("!")) return drawSpecial(target.slice(1), unescapeText(label), reader);
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) {
    const url = unescapeText(target);
    return linkNode(
      url,
      label ? drawPlain(unescapeText(label)) : url.replace(/^(?:mailto|tel):/, ""),
    );
  }
  return null;
}

/** "@Ana Lindqvist", marked when it is the reader. @param {string} id @param {Reader} reader */
export function userMention(id, reader, label = "") {
  const name = reader.userName(id) ?? (label.replace(/^@/, "") || id);
  return h(
    "span",
    { class: id === reader.me ? "mention mention-me" : "mention", "data-user": id },
    `@${name}`,
  );
}

/**
 * "#incidents", which opens it; a channel the reader may not see is not named.
 * @param {string} id
 * @param {Reader} reader
 */
export function channelMention(id, reader, label = "") {
  const name = reader.channelName(id);
  if (name)
    return h(
      "button",
      { type: "button", class: "mention mention-button", onclick: () => reader.openChannel(id) },
      `#${name}`,
    );
  return h(
    "span",
    { class: "mention" },
    label ? `#${label.replace(/^#/, "")}` : "#private-channel",
  );
}

/** @param {string} target @param {string} label @param {Reader} reader */
function drawSpecial(target, label, reader) {
  const [kind, ...rest] = target.split("^");
  if (kind === "date") return dateNode(Number(rest[0]), rest[1] ?? "", rest[2], label, reader);
  if (kind === "subteam") return h("span", { class: "mention" }, label || `@${rest[0]}`);
  if (["here", "channel", "everyone"].includes(kind)) return broadcastNode(kind);
  return h("span", { class: "mention" }, label || `<${target}>`);
}

/** "@here" and its kin. @param {string} range */
export function broadcastNode(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

/**
 * A moment in the reader's own zone; the fallback where Slack's tokens are not understood.
 * @param {number} unix
 * @param {string} format
 * @param {string | undefined} url
 * @param {string | undefined} fallback
 * @param {Reader} reader
 */
export function dateNode(unix, format, url, fallback, reader) {
  const words =
    Number.isFinite(unix) && format ? fillDateTokens(unix, unescapeText(format), reader.tz) : null;
  if (words === null) return h("span", {}, fallback || "invalid date");
  const time = h(
    "time",
    { datetime: new Date(unix * 1000).toISOString(), title: fullStamp(unix, reader.tz) },
    words,
  );
  return url ? linkNode(unescapeText(url), time) : time;
}

/** @param {string} text */
function codeWords(text) {
  return unescapeText(
    text.replace(
      /<([^<>|]+)(?:\|([^<>]*))?>/g,
      (_, target, label) => label || target.replace(/^!/, "@"),
    ),
  );
}
