// Short notices at the edge of the page, and words for screen readers about what has just happened.

import { h, hiddenText } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 7000;

/** Shows words for a few seconds. `kind` is "error" or "info". */
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
  document.getElementById("notices").append(node);
  setTimeout(() => node.remove(), SHOWN_MS);
}

/** Says words to screen readers, politely. */
export function announce(words) {
  const region = document.getElementById("announcer");
  const line = h("p", {}, words);
  region.append(line);
  setTimeout(() => line.remove(), 10000);
}

/** Runs something that may fail, and shows the words of the failure. */
export async function tryOrTell(work) {
  try {
    return await work();
  } catch (failure) {
    showNotice(failure.message);
    return null;
  }
}
