// The markdown block: standard Markdown (not mrkdwn) as nodes: headings, lists, quotes, code, tables, links, emphasis.

import { h } from "./dom.js";
import { drawPlain, linkNode } from "./mrkdwn.js";

/** @import { Child } from "./dom.js" */

const FENCE = /^\s*(```|~~~)\s*(\S*)\s*$/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** A Markdown text as a list of nodes. @param {string} text */
export function drawMarkdown(text) {
  return drawLines(text.replace(/\r\n?/g, "\n").split("\n"));
}

/** @param {string[]} lines @returns {Node[]} */
function drawLines(lines) {
  const nodes = [];
  const rest = [...lines];
  while (rest.length) {
    if (!rest[0].trim()) rest.shift();
    else nodes.push(takeBlock(rest));
  }
  return nodes;
}

/**
 * Draws the first block of the rest and removes its lines. The functions below do so for one kind of block.
 * @param {string[]} rest
 * @returns {Node}
 */
function takeBlock(rest) {
  if (FENCE.test(rest[0])) return takeFence(rest);
  const heading = HEADING.exec(rest[0]);
  if (heading) {
    rest.shift();
    return h(
      "div",
      {
        class: `md-heading md-h${heading[1].length}`,
        role: "heading",
        "aria-level": Math.min(heading[1].length + 2, 6),
      },
      drawSpans(heading[2]),
    );
  }
  if (RULE.test(rest[0])) {
    rest.shift();
    return h("hr");
  }
  if (/^\s*>/.test(rest[0]))
    return h(
      "blockquote",
      {},
      drawLines(
        takeWhile(rest, (line) => /^\s*>/.test(line)).map((line) => line.replace(/^\s*> ?/, "")),
      ),
    );
  const item = ITEM.exec(rest[0]);
  if (item) return takeList(rest, item);
  if (rest[0].includes("|") && TABLE_RULE.test(rest[1] ?? "")) return takeTable(rest);
  return takeParagraph(rest);
}

/** The next line, where there must be one. @param {string[]} rest */
const takeLine = (rest) => /** @type {string} */ (rest.shift());

/** @param {string[]} rest @param {(line: string) => unknown} test */
function takeWhile(rest, test) {
  const end = rest.findIndex((line) => !test(line));
  return rest.splice(0, end === -1 ? rest.length : end);
}

/** @param {string[]} rest */
function takeFence(rest) {
  const mark = FENCE.exec(takeLine(rest))?.[1];
  const lines = takeWhile(rest, (line) => line.trim() !== mark);
  rest.shift();
  return h("pre", { class: "code-block" }, lines.join("\n"));
}

/** @param {string} line */
function startsBlock(line) {
  return (
    !line.trim() ||
    FENCE.test(line) ||
    HEADING.test(line) ||
    RULE.test(line) ||
    /^\s*>/.test(line) ||
    ITEM.test(line)
  );
}

/** @param {string[]} rest */
function takeParagraph(rest) {
  const lines = [takeLine(rest), ...takeWhile(rest, (line) => !startsBlock(line))];
  return h("p", { class: "md-p" }, drawSpans(lines.map((line) => line.trim()).join("\n")));
}

/** @param {string[]} rest @param {RegExpExecArray} first its first item */
function takeList(rest, first) {
  const indent = first[1].length;
  const isOrdered = /\d/.test(first[2]);
  const list = h(isOrdered ? "ol" : "ul", {
    class: "rich-list",
    start: isOrdered ? Number.parseInt(first[2], 10) : undefined,
  });
  while (rest.length) {
    const item = ITEM.exec(rest[0]);
    if (!item || item[1].length < indent || /\d/.test(item[2]) !== isOrdered) break;
    rest.shift();
    const inner = takeWhile(
      rest,
      (line) => line.trim() && (ITEM.exec(line)?.[1].length ?? line.search(/\S/)) > indent,
    );
    list.append(drawItem(item[3], inner));
  }
  return list;
}

/** @param {string} words @param {string[]} inner lines that belong to the item */
function drawItem(words, inner) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(words);
  const mark =
    task &&
    h("input", {
      type: "checkbox",
      disabled: true,
      checked: task[1] !== " ",
      "aria-label": task[1] === " " ? "not done" : "done",
    });
  const width = Math.min(...inner.map((line) => line.search(/\S/)), Infinity);
  return h(
    "li",
    { class: task ? "md-task" : undefined },
    mark,
    drawSpans(task ? task[2] : words),
    inner.length ? drawLines(inner.map((line) => line.slice(width))) : null,
  );
}

/** @param {string} line */
const cellsOf = (line) =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

/** @param {string[]} rest */
function takeTable(rest) {
  const head = cellsOf(takeLine(rest));
  const aligns = cellsOf(takeLine(rest)).map((rule) =>
    rule.endsWith(":") ? (rule.startsWith(":") ? "center" : "right") : "left",
  );
  const rows = takeWhile(rest, (line) => line.includes("|")).map(cellsOf);
  /** @type {(tag: "th" | "td") => (words: string, index: number) => HTMLElement} */
  const cell = (tag) => (words, index) =>
    h(
      tag,
      { class: `align-${aligns[index] ?? "left"}`, scope: tag === "th" ? "col" : undefined },
      drawSpans(words),
    );
  return h(
    "div",
    { class: "table-frame", tabindex: "0", role: "group", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map(cell("th")))),
      h(
        "tbody",
        {},
        rows.map((row) => h("tr", {}, row.map(cell("td")))),
      ),
    ),
  );
}

/**
 * Spans: the first rule that matches at the earliest place wins; what it holds is read again.
 * @type {[RegExp, (match: RegExpExecArray) => Node | string][]}
 */
const SPANS = [
  [/`+([^`]+)`+/, (match) => h("code", {}, match[1])],
  [
    /!?\[([^\]]*)\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/,
    (match) => linkNode(match[2], drawSpans(match[1] || match[2])),
  ],
  [/<(https?:\/\/[^>\s]+)>/, (match) => linkNode(match[1], match[1])],
  [/https?:\/\/[^\s<>)]*[^\s<>).,;:!?]/, (match) => linkNode(match[0], match[0])],
  [
    /\*\*(?=\S)([^]*?\S)\*\*|__(?=\S)([^]*?\S)__/,
    (match) => h("strong", {}, drawSpans(match[1] ?? match[2])),
  ],
  [/~~(?=\S)([^]*?\S)~~/, (match) => h("s", {}, drawSpans(match[1]))],
  [
    /\*(?=[^\s*])([^*]*[^\s*])\*|(?<!\w)_(?=[^\s_])([^_]*[^\s_])_(?!\w)/,
    (match) => h("em", {}, drawSpans(match[1] ?? match[2])),
  ],
  [/\\([\\`*_{}[\]()#+\-.!|~>])/, (match) => match[1]],
];

/** @param {string} text @returns {(Node | string)[]} */
function drawSpans(text) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const found = firstSpan(rest);
    if (!found) break;
    if (found.match.index) nodes.push(...drawPlain(rest.slice(0, found.match.index)));
    nodes.push(found.draw(found.match));
    rest = rest.slice(found.match.index + found.match[0].length);
  }
  if (rest) nodes.push(...drawPlain(rest));
  return nodes;
}

/** @param {string} text */
function firstSpan(text) {
  /** @type {{match: RegExpExecArray, draw: (match: RegExpExecArray) => Node | string} | null} */
  let best = null;
  for (const [pattern, draw] of SPANS) {
    const match = pattern.exec(text);
    if (match && (!best || match.index < best.match.index)) best = { match, draw };
  }
  return best;
}
