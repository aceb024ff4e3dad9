// What the sandbox cannot draw says so loudly, in place, with what the bot sent.

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** @param {string} what such as "a block" @param {{type?: string} | undefined} sent */
export function unknownNode(what, sent) {
  return h(
    "div",
    { class: "unknown", role: "note" },
    h(
      "p",
      {},
      icon("warning"),
      ` The sandbox cannot draw ${what} of type “${sent?.type}”. Slack may.`,
    ),
    h(
      "details",
      {},
      h("summary", {}, "What the bot sent"),
      h("pre", { tabindex: "0" }, JSON.stringify(sent, null, 2)),
    ),
  );
}
