// Dialogs: modal panels that hold the focus while they are open and give it back afterwards; forms of the page's own; the yes-or-no question.

import { fill, find, focusedNode, h, mustFind, trapTab, uniqueId } from "./dom.js";
import { drawText, textWords } from "./mrkdwn.js";
import { failureWords } from "./notice.js";
import { reader } from "./state.js";

/**
 * @import { Confirm } from "./blockkit.js"
 * @import { Attributes, Child } from "./dom.js"
 */

/**
 * An empty modal dialog on the page. `onEscape` is asked instead of closing.
 * @param {Attributes<"dialog">} attributes
 * @param {object} options
 * @param {() => void} [options.onEscape]
 * @param {() => HTMLElement | null} [options.fallbackFocus]
 * @returns {{node: HTMLDialogElement, close: () => void}}
 */
export function openDialog(attributes, { onEscape, fallbackFocus } = {}) {
  const before = focusedNode();
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

/**
 * A form of the page's own. `send` does what it is for; the words of its failure are shown, and the form stays.
 * @param {object} options
 * @param {string} options.title
 * @param {Child} options.fields
 * @param {string} options.errorId where the words of a failure go: what describes the fields
 * @param {string|null} options.submit the button's words; null where there is nothing to send
 * @param {() => Promise<unknown>} options.send
 */
export function openForm({ title, fields, errorId, submit, send }) {
  const titleId = uniqueId("form");
  const error = h("div", { class: "input-error", id: errorId, role: "alert" });
  const { node, close } = openDialog(
    { class: "dialog", "aria-labelledby": titleId },
    { onEscape: () => close() },
  );
  const first = () => find(form, "input") ?? mustFind(form, "button");
  /** @param {Event} event */
  const onsubmit = async (event) => {
    event.preventDefault();
    fill(error);
    try {
      await send();
    } catch (failure) {
      fill(error, failureWords(failure));
      first().focus();
      return;
    }
    close();
  };
  const buttons = [
    h("button", { type: "button", class: "button", onclick: close }, submit ? "Cancel" : "Close"),
    submit && h("button", { type: "submit", class: "button button-primary" }, submit),
  ];
  const form = h(
    "form",
    { class: "dialog-form", onsubmit, novalidate: true },
    fields,
    error,
    h("div", { class: "dialog-buttons" }, buttons),
  );
  node.append(h("h2", { class: "dialog-title", id: titleId }, title), form);
  first().focus();
}

/**
 * A line to write a channel's name in, with its label.
 * @param {string} errorId
 * @returns {{input: HTMLInputElement, nodes: Node[], name: () => string}}
 */
export function nameField(errorId, value = "") {
  const id = uniqueId("name");
  const input = h("input", {
    class: "text-input",
    id,
    type: "text",
    maxlength: "80",
    autocomplete: "off",
    placeholder: "e.g. checkout-outage",
    "aria-describedby": errorId,
    value,
  });
  const nodes = [h("label", { class: "input-label", for: id }, "Name"), input];
  return { input, nodes, name: () => input.value.trim().replace(/^#/, "") };
}

/**
 * Asks Block Kit's confirm dialog; true when the person agrees.
 * @param {Confirm} confirm
 * @returns {Promise<boolean>}
 */
export function askConfirm(confirm) {
  return new Promise((resolve) => {
    const title = uniqueId("confirm");
    const text = uniqueId("confirm");
    const { node, close } = openDialog(
      { class: "dialog confirm", "aria-labelledby": title, "aria-describedby": text },
      { onEscape: () => answer(false) },
    );
    /** @param {boolean} isAgreed */
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
