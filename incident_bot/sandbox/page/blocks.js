// Block Kit's blocks: one function each, in a table. What is not in the table says so in place.

import { fill, find, findAll, h, mustFind, uniqueId } from "./dom.js";
import { drawElement } from "./elements.js";
import { drawMarkdown } from "./markdown.js";
import { drawText, textWords } from "./mrkdwn.js";
import { drawRichText } from "./richtext.js";
import { reader } from "./state.js";
import { unknownNode } from "./unknown.js";

/**
 * @import { Actions, Block, Cell, Context, Input, Section, Table } from "./blockkit.js"
 * @import { Surface } from "./surface.js"
 */

/** @type {{[Type in Block["type"]]: (block: Extract<Block, {type: Type}>, surface: Surface) => HTMLElement}} */
const DRAWERS = {
  section: drawSection,
  header: (block) =>
    h(
      "div",
      { class: "block-header", role: "heading", "aria-level": "2" },
      drawText(block.text, reader),
    ),
  divider: () => h("hr", { class: "block-divider" }),
  context: drawContext,
  actions: drawActions,
  input: drawInput,
  rich_text: (block) => h("div", { class: "block-rich" }, drawRichText(block, reader)),
  markdown: (block) => h("div", { class: "block-markdown" }, drawMarkdown(block.text ?? "")),
  table: drawTable,
};

/**
 * The definition that each block's node was drawn from.
 * @type {WeakMap<Element, string>}
 */
const definitions = new WeakMap();

/** Draws blocks in their order. @param {Block[]} blocks @param {Surface} surface */
export function drawBlocks(blocks, surface) {
  return h(
    "div",
    { class: "blocks" },
    blocks.map((block) => drawBlock(block, surface)),
  );
}

/**
 * Shows these blocks where others of the same surface are. A block that is the same keeps its node, and so
 * what is typed there, the focus, and a list that is open.
 * @param {HTMLElement} node what `drawBlocks` has made
 * @param {Block[]} blocks
 * @param {Surface} surface
 */
export function redrawBlocks(node, blocks, surface) {
  /** @type {Map<string | undefined, Element>} */
  const before = new Map();
  for (const child of node.children) before.set(definitions.get(child), child);
  const children = blocks.map((block) => {
    const definition = JSON.stringify(block);
    const same = before.get(definition);
    before.delete(definition);
    return same ?? drawBlock(block, surface);
  });
  for (const child of [...node.children]) if (!children.includes(child)) child.remove();
  // A node that is put where it is already would lose its focus.
  for (const [at, child] of children.entries())
    if (node.children[at] !== child) node.insertBefore(child, node.children[at] ?? null);
}

/** @param {Block} block @param {Surface} surface */
function drawBlock(block, surface) {
  const node = drawBlockNode(block, surface);
  definitions.set(node, JSON.stringify(block));
  return node;
}

/** @typedef {(block: Block, surface: Surface) => HTMLElement} Draw */

/** @param {Block} block @param {Surface} surface */
function drawBlockNode(block, surface) {
  const draw = /** @type {Draw | undefined} */ (DRAWERS[block?.type]);
  if (!draw) return unknownNode("a block", block);
  const node = draw(block, surface);
  node.classList.add("block");
  node.dataset.blockId = block.block_id ?? "";
  return node;
}

/** @param {Section} block @param {Surface} surface */
function drawSection(block, surface) {
  const words = h("div", { class: "section-words" });
  if (block.text) words.append(h("div", { class: "section-text" }, drawText(block.text, reader)));
  if (block.fields)
    words.append(
      h(
        "div",
        { class: "fields" },
        block.fields.map((field) => h("div", { class: "field" }, drawText(field, reader))),
      ),
    );
  if (!block.accessory) return h("div", { class: "block-section" }, words);
  const name = block.text ? textWords(block.text, reader).slice(0, 120) : "";
  const accessory = drawElement(block.accessory, { block, surface, name });
  return h(
    "div",
    { class: "block-section has-accessory" },
    words,
    h("div", { class: `accessory accessory-${block.accessory.type}` }, accessory),
  );
}

/** @param {Context} block */
function drawContext(block) {
  return h(
    "div",
    { class: "block-context" },
    block.elements.map((element) =>
      h("span", { class: "context-words" }, drawText(element, reader)),
    ),
  );
}

/** @param {Actions} block @param {Surface} surface */
function drawActions(block, surface) {
  return h(
    "div",
    { class: "block-actions" },
    block.elements.map((element) => drawElement(element, { block, surface, name: "" })),
  );
}

const GROUPS = new Set(["checkboxes", "radio_buttons"]);

/** @param {Input} block @param {Surface} surface */
function drawInput(block, surface) {
  const controlId = uniqueId("input");
  const hintId = block.hint && uniqueId("hint");
  const errorId = uniqueId("error");
  const name = textWords(block.label, reader);
  const words = [
    drawText(block.label, reader),
    block.optional && h("span", { class: "optional" }, " (optional)"),
  ];
  const isGroup = GROUPS.has(block.element.type);
  const label = isGroup
    ? h("div", { class: "input-label", "aria-hidden": "true" }, words)
    : h("label", { class: "input-label", for: controlId }, words);
  const describedBy = [hintId, errorId].filter(Boolean).join(" ");
  const control = drawElement(block.element, {
    block,
    surface,
    name: isGroup && block.optional ? `${name} (optional)` : name,
    controlId: isGroup ? undefined : controlId,
    describedBy,
  });
  return h(
    "div",
    { class: "block-input" },
    label,
    control,
    h("div", { class: "input-error", id: errorId }),
    block.hint && h("div", { class: "input-hint", id: hintId }, drawText(block.hint, reader)),
  );
}

/**
 * Puts each error under its block, and takes the others away.
 * @param {HTMLElement} root
 * @param {Record<string, string>} errors by block ID
 * @returns {HTMLElement | null} the first control with an error
 */
export function showInputErrors(root, errors) {
  /** @type {HTMLElement | null} */
  let first = null;
  for (const node of findAll(root, ".block-input")) {
    const words = errors[node.dataset.blockId ?? ""];
    const control = find(node, "input, textarea");
    fill(mustFind(node, ".input-error"), words ?? "");
    node.classList.toggle("has-error", Boolean(words));
    if (words) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
    if (words) first ??= control;
  }
  return first;
}

/** What is being corrected is no longer marked as wrong. @param {HTMLElement} control */
export function clearInputError(control) {
  const node = control.closest(".block-input.has-error");
  if (!node) return;
  fill(mustFind(node, ".input-error"));
  node.classList.remove("has-error");
  control.removeAttribute("aria-invalid");
}

/** @param {Table} block */
function drawTable(block) {
  const settings = block.column_settings ?? [];
  /** @type {(tag: "th" | "td") => (content: Cell, index: number) => HTMLElement} */
  const cell = (tag) => (content, index) =>
    h(
      tag,
      {
        class: `align-${settings[index]?.align ?? "left"}${settings[index]?.is_wrapped ? " is-wrapped" : ""}`,
        scope: tag === "th" ? "col" : undefined,
      },
      drawCell(content),
    );
  const [head = [], ...rows] = block.rows ?? [];
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

/** @param {Cell} content */
function drawCell(content) {
  if (content.type === "raw_text") return content.text;
  if (content.type === "raw_number") return String(content.value ?? content.text);
  if (content.type === "rich_text") return drawRichText(content, reader);
  return unknownNode("a table cell", content);
}
