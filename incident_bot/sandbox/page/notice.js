// Short notices at the edge of the page, and words for screen readers about what has just happened.

import { byId, h, hiddenText } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 7000;

/** Shows words for a few seconds. @param {string} words @param {"error" | "info"} kind */
export function showNotice(words, kind = "error") {
  const node = h(
    "div",
    { class: `notice notice-${kind}`, role: kind === "error" ? "alert" : "status" },
    icon(kind === "error" ? "warning" : "info"),
    h("span", {}, words),
  );
  const close = h(
    "button",
    { type: "button", class: "icon-button", onclick: () => node.remove() },
    icon("close"),
    hiddenText("Dismiss"),
  );
  node.append(close);
  byId("notices").append(node);
  setTimeout(() => node.remove(), SHOWN_MS);
}

/** Says words to screen readers, politely. @param {string} words */
export function announce(words) {
  const region = byId("announcer");
  const line = h("p", {}, words);
  region.append(line);
  setTimeout(() => line.remove(), 10000);
}

/** The words of a failure. @param {unknown} failure */
export const failureWords = (failure) =>
  failure instanceof Error ? failure.message : String(failure);

/**
 * Runs something that may fail, and shows the words of the failure.
 * @template Answer
 * @param {() => Promise<Answer>} work
 * @returns {Promise<Answer | null>} null where it failed
 */
export async function tryOrTell(work) {
  try {
    return await work();
  } catch (failure) {
    showNotice(failureWords(failure));
    return null;
  }
}
