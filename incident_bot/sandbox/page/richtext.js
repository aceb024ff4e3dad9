// Slack's rich_text block: sections, lists, quotes and preformatted text, with their styled elements.

import { h } from "./dom.js";
import {
  broadcastNode,
  channelMention,
  dateNode,
  emojiNode,
  linkNode,
  userMention,
} from "./mrkdwn.js";
import { unknownNode } from "./unknown.js";

/**
 * @import { RichText, RichTextList, RichTextPart, RichTextPiece, RichTextStyle } from "./blockkit.js"
 * @import { Reader } from "./mrkdwn.js"
 */

/** The nodes of a rich_text block or cell. @param {RichText} block @param {Reader} reader */
export function drawRichText(block, reader) {
  return (block.elements ?? []).map((element) => drawPart(element, reader));
}

/** @param {RichTextPart} part @param {Reader} reader */
function drawPart(part, reader) {
  switch (part.type) {
    case "rich_text_section":
      return h("div", { class: "rich-section" }, drawElements(part.elements, reader));
    case "rich_text_quote":
      return h("blockquote", {}, drawElements(part.elements, reader));
    case "rich_text_preformatted":
      return h("pre", { class: "code-block" }, drawElements(part.elements, reader));
    case "rich_text_list":
      return drawList(part, reader);
    default:
      return unknownNode("a rich text part", part);
  }
}

/** @param {RichTextList} part @param {Reader} reader */
function drawList(part, reader) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const list = h(tag, {
    class: `rich-list rich-indent-${Math.min(part.indent ?? 0, 5)}`,
    start: part.offset ? part.offset + 1 : undefined,
  });
  for (const item of part.elements ?? [])
    list.append(h("li", {}, drawElements(item.elements, reader)));
  return list;
}

/**
 * @type {{
 *   [Type in RichTextPiece["type"]]: (
 *     element: Extract<RichTextPiece, { type: Type }>,
 *     reader: Reader,
 *   ) => Node | string
 * }}
 */
const ELEMENTS = {
  text: (element) => element.text,
  link: (element) => linkNode(element.url, element.text || element.url),
  emoji: (element) =>
    emojiNode(
      element.skin_tone ? `${element.name}::skin-tone-${element.skin_tone}` : element.name,
    ) ?? `:${element.name}:`,
  user: (element, reader) => userMention(element.user_id, reader),
  usergroup: (element) => h("span", { class: "mention" }, `@${element.usergroup_id}`),
  channel: (element, reader) => channelMention(element.channel_id, reader),
  broadcast: (element) => broadcastNode(element.range),
  date: (element, reader) =>
    dateNode(element.timestamp, element.format, element.url, element.fallback, reader),
};

/** @typedef {(element: RichTextPiece, reader: Reader) => Node | string} Draw */

/** @param {RichTextPiece[] | undefined} elements @param {Reader} reader */
function drawElements(elements = [], reader) {
  return elements.map((element) => {
    const draw = /** @type {Draw | undefined} */ (ELEMENTS[element.type]);
    if (!draw) return unknownNode("a rich text element", element);
    return styled(draw(element, reader), element.style ?? {});
  });
}

/** @param {Node | string} content @param {RichTextStyle} style */
function styled(content, style) {
  let node = content;
  if (style.code) node = h("code", {}, node);
  if (style.bold) node = h("strong", {}, node);
  if (style.italic) node = h("em", {}, node);
  if (style.strike) node = h("s", {}, node);
  if (style.underline) node = h("u", {}, node);
  return node;
}
