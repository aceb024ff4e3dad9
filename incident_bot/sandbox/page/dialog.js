// Dialogs: modal panels that hold the focus while they are open and give it back afterwards; and the yes-or-no question.

import { h, trapTab, uniqueId } from "./dom.js";
import { drawText, textWords } from "./mrkdwn.js";
import { reader } from "./state.js";

/**
 * An empty modal dialog on the page. `onEscape` is asked instead of closing.
 * @returns {{node: HTMLDialogElement, close: () => void}}
 */
export function openDialog(attributes, { onEscape, fallbackFocus } = {}) {
  const before = document.activeElement;
  const node = h("dialog", attributes);
  document.body.append(node);
  node.addEventListener("cancel", (event) => {
    event.preventDefault();
    onEscape?.();
  });
  node.addEventListener("keydown", (event) => trapTab(event, node));
  node.showModal();
  const close = () => {
    // Not closed first: Chromium would give the focus back, then lose the caret with the dialog, and swallow what is typed.
    node.remove();
    const target = before?.isConnected && before !== document.body ? before : fallbackFocus?.();
    target?.focus({ preventScroll: true });
  };
  return { node, close };
}

/** Asks Block Kit's confirm dialog; true when the person agrees. */
export function askConfirm(confirm) {
  return new Promise((resolve) => {
    const title = uniqueId("confirm");
    const text = uniqueId("confirm");
    const { node, close } = openDialog(
      { class: "dialog confirm", "aria-labelledby": title, "aria-describedby": text },
      { onEscape: () => answer(false) },
    );
    const answer = (isAgreed) => {
      close();
      resolve(isAgreed);
    };
    const style = confirm.style === "danger" ? "danger" : "primary";
    const deny = h(
      "button",
      { type: "button", class: "button", onclick: () => answer(false) },
      textWords(confirm.deny ?? { text: "Cancel" }, reader),
    );
    const agree = h(
      "button",
      { type: "button", class: `button button-${style}`, onclick: () => answer(true) },
      textWords(confirm.confirm ?? { text: "Yes" }, reader),
    );
    node.append(
      h("h2", { id: title, class: "dialog-title" }, drawText(confirm.title, reader)),
      h("div", { id: text, class: "dialog-text" }, drawText(confirm.text, reader)),
      h("div", { class: "dialog-buttons" }, deny, agree),
    );
    (style === "danger" ? deny : agree).focus();
  });
}
