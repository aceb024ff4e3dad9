// The bot's modals, in a dialog. What was entered stays while a view is updated.

import { ApiError, api } from "./api.js";
import { clearInputError, drawBlocks, redrawBlocks, showInputErrors } from "./blocks.js";
import { openDialog } from "./dialog.js";
import {
  add,
  closest,
  fill,
  find,
  findAll,
  focusedNode,
  h,
  hiddenText,
  mustFind,
  targetOf,
} from "./dom.js";
import { icon } from "./icons.js";
import { textWords } from "./mrkdwn.js";
import { announce, tryOrTell } from "./notice.js";
import { avatar } from "./people.js";
import { on, reader, state, tell } from "./state.js";
import { Surface } from "./surface.js";
import { valuesOf } from "./values.js";

/**
 * @import { Outcome, View, ViewChange } from "./payloads.js"
 * @typedef {HTMLInputElement | HTMLTextAreaElement} TextControl
 */

const TROUBLE = "We had some trouble connecting. Try again?";

/** @type {ReturnType<typeof openDialog> | null} */
let dialog = null;
/** @type {View | null} */
let shown = null;
/**
 * What was entered: one surface as long as the view is there, however often it is updated.
 * @type {Surface | null}
 */
let surface = null;
/**
 * The view whose answer is awaited: that brings its errors, too.
 * @type {string | null}
 */
let sending = null;

/** Shows modals from now on. */
export function startModals() {
  on("view", draw);
}

/** Applies what the workspace says about views. @param {ViewChange} change */
export function takeViewEvent({ action, view, view_id: viewId, errors }) {
  if (action === "errors") {
    if (viewId !== sending) showErrors(viewId, errors);
    return;
  }
  if (action === "open" || state.view?.id === (view?.id ?? viewId)) state.view = view ?? null;
  tell("view");
}

function draw() {
  const { view } = state;
  if (surface && surface.container.view_id !== view?.id) {
    surface.forget();
    surface = null;
  }
  if (!view) return hide();
  if (!dialog) {
    dialog = openDialog(
      { class: "modal", "aria-labelledby": "modal-title" },
      {
        onEscape: () => shown && closeView(shown),
        fallbackFocus: () => document.getElementById("composer-input"),
      },
    );
    const { node } = dialog;
    node.addEventListener(
      "pointerdown",
      (event) => event.target === node && event.preventDefault(),
    );
  }
  return drawView(view, dialog.node);
}

function hide() {
  dialog?.close();
  dialog = null;
  shown = null;
}

/** @param {View} view @param {HTMLElement} node the dialog's */
function drawView(view, node) {
  if (shown === view) return;
  const before = shown;
  surface ??= new Surface({ type: "view", view_id: view.id });
  surface.values = valuesOf(view.blocks, surface.values);
  shown = view;
  if (before?.id !== view.id) {
    drawForm(view, surface, node);
    return;
  }
  const focus = focusIn(node);
  const form = mustFind(node, ".modal-form");
  redrawBlocks(mustFind(form, ".blocks"), view.blocks, surface);
  if (frameOf(before) !== frameOf(view)) {
    mustFind(form, ".modal-head").replaceWith(drawHead(view));
    mustFind(form, ".modal-foot").replaceWith(drawFoot(view));
  }
  if (!node.contains(document.activeElement)) placeFocus(form, focus);
}

/** What is around the blocks. @param {View} view */
function frameOf({ title, submit: submitLabel, close }) {
  return JSON.stringify([title, submitLabel, close]);
}

/** @param {View} view @param {Surface} surface @param {HTMLElement} node the dialog's */
function drawForm(view, surface, node) {
  const form = h(
    "form",
    {
      class: "modal-form",
      novalidate: true,
      onsubmit: (event) => submit(event, surface),
      onkeydown: submitFromText,
    },
    drawHead(view),
    h("div", { class: "modal-body" }, drawBlocks(view.blocks, surface)),
    drawFoot(view),
  );
  form.addEventListener("input", (event) => clearInputError(targetOf(event)));
  fill(node, form);
  placeFocus(form);
}

/** @param {View} view */
function drawHead(view) {
  const close = h(
    "button",
    { type: "button", class: "icon-button", onclick: () => closeView(view) },
    icon("close"),
    hiddenText("Close"),
  );
  return h(
    "div",
    { class: "modal-head" },
    avatar({ is_bot: true }, "s"),
    h("h2", { id: "modal-title" }, textWords(view.title, reader)),
    close,
  );
}

/** @param {View} view */
function drawFoot(view) {
  return h(
    "div",
    { class: "modal-foot" },
    h("p", { class: "modal-trouble", role: "alert" }),
    h(
      "div",
      { class: "modal-buttons" },
      h(
        "button",
        { type: "button", class: "button", onclick: () => closeView(view) },
        view.close ? textWords(view.close, reader) : "Cancel",
      ),
      view.submit &&
        h(
          "button",
          { type: "submit", class: "button button-primary submit" },
          textWords(view.submit, reader),
        ),
    ),
  );
}

/**
 * Enter in one line submits by itself; in many lines it takes Ctrl or ⌘.
 * @param {KeyboardEvent & {currentTarget: HTMLFormElement}} event
 */
function submitFromText(event) {
  if (event.key !== "Enter" || event.defaultPrevented || event.isComposing) return;
  const target = targetOf(event);
  if (target.matches("input[type='checkbox'], input[type='radio']")) event.preventDefault();
  else if (target.matches("textarea") && (event.ctrlKey || event.metaKey))
    event.currentTarget.requestSubmit();
}

/** @param {Element | null} node @returns {node is TextControl} */
const isTextControl = (node) =>
  node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement;

/**
 * What has the focus, so that it can be found again in another drawing.
 * @typedef {object} Focus
 * @property {string} [blockId]
 * @property {string} [actionId]
 * @property {[number | null, number | null] | null} selection
 */

/** @param {HTMLElement} root @returns {Focus | null} */
function focusIn(root) {
  const node = focusedNode();
  if (!node || !root.contains(node)) return null;
  const hasSelection = isTextControl(node) && node.matches("input[type='text'], textarea");
  return {
    blockId: closest(node, "[data-block-id]")?.dataset.blockId,
    actionId: closest(node, "[data-action-id]")?.dataset.actionId,
    selection: hasSelection ? [node.selectionStart, node.selectionEnd] : null,
  };
}

/** The control that has the focus's IDs. @param {HTMLElement} form @param {Focus} focus */
function findFocus(form, focus) {
  const node = findAll(form, "[data-action-id]").find(
    (each) =>
      each.dataset.actionId === focus.actionId &&
      closest(each, "[data-block-id]")?.dataset.blockId === focus.blockId,
  );
  if (!node) return null;
  return node.matches("input, textarea, button, a") ? node : find(node, "input, textarea, button");
}

/** @param {HTMLElement} form @param {Focus | null} [focus] */
function placeFocus(form, focus) {
  const again = focus && findFocus(form, focus);
  const target =
    again ??
    find(form, "[autofocus]") ??
    find(form, ".modal-body input, .modal-body textarea") ??
    find(form, ".submit") ??
    find(form, ".modal-foot button");
  target?.focus();
  if (!isTextControl(target)) return;
  if (again && focus.selection) target.setSelectionRange(...focus.selection);
  else if (target.matches("input.text-input:not(.picker)") && target.type === "text")
    target.setSelectionRange(target.value.length, target.value.length);
}

/** @param {Event & {currentTarget: HTMLElement}} event @param {Surface} surface */
async function submit(event, surface) {
  event.preventDefault();
  const view = shown;
  const form = event.currentTarget;
  const button = find(form, ".submit");
  if (!view || !button || button.getAttribute("aria-busy") === "true") return;
  setBusy(form, button, true);
  surface.forget();
  fill(mustFind(form, ".modal-trouble"));
  /** @type {Partial<Outcome>} */
  let answer;
  sending = view.id;
  try {
    answer = await api.submitView(view.id, surface.values);
  } catch (failure) {
    const wasAnswered = failure instanceof ApiError && failure.status;
    answer = { ok: false, words: wasAnswered ? failure.message : TROUBLE };
  }
  if (sending === view.id) sending = null;
  setBusy(form, button, false);
  const errors = answer.errors && Object.keys(answer.errors).length ? answer.errors : null;
  if (errors) showErrors(view.id, errors);
  else if (answer.ok === false)
    fill(mustFind(form, ".modal-trouble"), icon("warning"), answer.words ?? TROUBLE);
  else {
    showInputErrors(form, {});
    tell("submitted", view);
  }
}

/** @param {HTMLElement} form @param {HTMLElement} button @param {boolean} isBusy */
function setBusy(form, button, isBusy) {
  form.classList.toggle("is-busy", isBusy);
  if (isBusy) {
    button.setAttribute("aria-busy", "true");
    add(button, h("span", { class: "spinner", "aria-hidden": "true" }), hiddenText(" sending"));
  } else {
    button.removeAttribute("aria-busy");
    button.querySelectorAll(".spinner, .sr-only").forEach((node) => node.remove());
  }
}

/** @param {string} viewId @param {Record<string, string>} errors by block ID */
function showErrors(viewId, errors) {
  if (shown?.id !== viewId || !dialog) return;
  const first = showInputErrors(dialog.node, errors);
  first?.focus();
  const known = new Set(shown.blocks.map((block) => block.block_id));
  const lost = Object.entries(errors).filter(([blockId]) => !known.has(blockId));
  if (lost.length)
    fill(
      mustFind(dialog.node, ".modal-trouble"),
      icon("warning"),
      lost
        .map(([blockId, words]) => `${words} (block “${blockId}” is not in this view)`)
        .join("; "),
    );
  announce(Object.values(errors).join(". "));
}

/** @param {View} view */
async function closeView(view) {
  await tryOrTell(() => api.closeView(view.id));
  takeViewEvent({ action: "close", view_id: view.id });
}
