// A JSON value as a tree one can open and close.

import { h } from "./dom.js";

const OPEN_DEPTH = 2;
const LONG = 400;

/** @import { Child } from "./dom.js" */

/**
 * @param {unknown} value
 * @param {number} [depth]
 * @param {string | null} [name]
 * @returns {HTMLElement}
 */
export function drawJson(value, depth = 0, name = null) {
  const title =
    name === null
      ? null
      : [h("span", { class: "json-key" }, name), h("span", { class: "json-mark" }, ": ")];
  if (value === null || typeof value !== "object") return drawLeaf(value, name, title);
  /** @type {[string | null, unknown][]} */
  const entries = Array.isArray(value) ? value.map((item) => [null, item]) : Object.entries(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (!entries.length)
    return h("div", { class: "json-row" }, title, h("span", { class: "json-mark" }, open + close));
  const rows = entries.map(([key, item]) => drawJson(item, depth + 1, key));
  return h(
    "details",
    { class: "json", open: depth < OPEN_DEPTH },
    h(
      "summary",
      {},
      title,
      h("span", { class: "json-mark" }, open),
      h("span", { class: "json-count" }, countWords(value, entries.length)),
      h("span", { class: "json-mark json-end" }, close),
    ),
    h("div", { class: "json-rows" }, rows),
  );
}

/** @param {object} value @param {number} count */
function countWords(value, count) {
  const noun = Array.isArray(value) ? "item" : "key";
  return ` ${count} ${noun}${count === 1 ? "" : "s"} `;
}

/** @param {unknown} value @param {string | null} name @param {Child} title */
function drawLeaf(value, name, title) {
  const inner = typeof value === "string" ? readInner(value) : null;
  if (inner) return drawJson(inner, OPEN_DEPTH - 1, name);
  const isText = typeof value === "string";
  const words = isText
    ? JSON.stringify(value.length > LONG ? `${value.slice(0, LONG)}…` : value)
    : String(value);
  return h(
    "div",
    { class: "json-row" },
    title,
    h("span", { class: isText ? "json-string" : "json-other" }, words),
  );
}

/**
 * Slack's forms carry JSON as text (blocks, view, payload): shown as what it is.
 * @param {string} text
 */
function readInner(text) {
  if (!/^[[{]/.test(text)) return null;
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
