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

/** The nodes of a rich_text block or cell. */
export function drawRichText(block, reader) {
  return (block.elements ?? []).map((element) => drawPart(element, reader));
}

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
      return unknownNode(`a rich text part of type “${part.type}”`, part);
  }
}

function drawList(part, reader) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const list = h(tag, {
    class: `rich-list rich-indent-${Math.min(part.indent ?? 0, 5)}${part.border ? " rich-border" : ""}`,
    start: part.offset ? part.offset + 1 : undefined,
  });
  for (const item of part.elements ?? [])
    list.append(h("li", {}, drawElements(item.elements, reader)));
  return list;
}

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
  color: (element) => h("code", {}, element.value),
};

function drawElements(elements = [], reader) {
  return elements.map((element) => {
    const draw = ELEMENTS[element.type];
    if (!draw) return unknownNode(`a rich text element of type “${element.type}”`, element);
    return styled(draw(element, reader), element.style ?? {});
  });
}

function styled(content, style) {
  let node = content;
  if (style.code) node = h("code", {}, node);
  if (style.bold) node = h("strong", {}, node);
  if (style.italic) node = h("em", {}, node);
  if (style.strike) node = h("s", {}, node);
  if (style.underline) node = h("u", {}, node);
  return node;
}
