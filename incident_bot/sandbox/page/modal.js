// The bot's modals: a stack of views in one dialog. What was entered stays while a view is updated or another lies on top.

import { api } from "./api.js";
import { clearInputError, drawBlocks, redrawBlocks, showInputErrors } from "./blocks.js";
import { openDialog } from "./dialog.js";
import { add, fill, h, hiddenText } from "./dom.js";
import { icon } from "./icons.js";
import { textWords } from "./mrkdwn.js";
import { announce, tryOrTell } from "./notice.js";
import { avatar } from "./people.js";
import { on, reader, state, tell } from "./state.js";
import { Surface } from "./surface.js";
import { valuesOf } from "./values.js";

const TROUBLE = "We had some trouble connecting. Try again?";

// What was entered in each view, by view ID; one surface as long as the view is there, however often it is updated.
const surfaces = new Map();

let dialog = null;
let shown = null;
// The view whose answer is awaited: that brings its errors, too.
let sending = null;

/** Shows modals from now on. */
export function startModals() {
  on("views", draw);
}

/** Applies what the workspace says about views. */
export function takeViewEvent({ action, view, view_id: viewId, errors }) {
  const id = view?.id ?? viewId;
  if (action === "open") state.views = [view];
  else if (action === "push")
    state.views = [...state.views.filter((other) => other.id !== id), view];
  else if (action === "update")
    state.views = state.views.map((other) =>
      other.id === id || other.id === viewId ? view : other,
    );
  else if (action === "close") state.views = state.views.filter((other) => other.id !== id);
  else if (action === "clear") state.views = [];
  else if (action === "errors") return id !== sending && showErrors(id, errors);
  return tell("views");
}

function draw() {
  const top = state.views.at(-1);
  for (const id of surfaces.keys()) if (!state.views.some((view) => view.id === id)) letGo(id);
  if (!top) return hide();
  if (!dialog) {
    dialog = openDialog(
      { class: "modal", "aria-labelledby": "modal-title" },
      { onEscape: closeAll, fallbackFocus: () => document.getElementById("composer-input") },
    );
    dialog.node.addEventListener(
      "pointerdown",
      (event) => event.target === dialog.node && event.preventDefault(),
    );
  }
  return drawView(top);
}

function letGo(viewId) {
  surfaces.get(viewId).forget();
  surfaces.delete(viewId);
}

function hide() {
  dialog?.close();
  dialog = null;
  shown = null;
}

function drawView(view) {
  if (shown === view) return;
  const before = shown;
  const surface = surfaces.get(view.id) ?? new Surface({ type: "view", view_id: view.id });
  surface.values = valuesOf(view.blocks, surface.values);
  surfaces.set(view.id, surface);
  shown = view;
  if (before?.id !== view.id) return drawForm(view, surface);
  const focus = focusedElement();
  const form = dialog.node.querySelector(".modal-form");
  redrawBlocks(form.querySelector(".blocks"), view.blocks, surface);
  if (frameOf(before) !== frameOf(view)) {
    form.querySelector(".modal-head").replaceWith(drawHead(view));
    form.querySelector(".modal-foot").replaceWith(drawFoot(view));
  }
  if (!dialog.node.contains(document.activeElement)) placeFocus(form, focus);
  return undefined;
}

/** What is around the blocks. */
function frameOf({ title, submit: submitLabel, close }) {
  return JSON.stringify([title, submitLabel, close]);
}

function drawForm(view, surface) {
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
  form.addEventListener("input", (event) => clearInputError(event.target));
  fill(dialog.node, form);
  placeFocus(form);
}

function drawHead(view) {
  const back =
    state.views.length > 1 &&
    h(
      "button",
      { type: "button", class: "icon-button", onclick: () => closeOne(view) },
      icon("back"),
      hiddenText("Back"),
    );
  const close = h(
    "button",
    { type: "button", class: "icon-button", onclick: closeAll },
    icon("close"),
    hiddenText("Close"),
  );
  return h(
    "div",
    { class: "modal-head" },
    back || avatar({ is_bot: true }, "s"),
    h("h2", { id: "modal-title" }, textWords(view.title, reader)),
    close,
  );
}

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
        { type: "button", class: "button", onclick: () => closeOne(view) },
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

/** Enter in one line submits by itself; in many lines it takes Ctrl or ⌘. */
function submitFromText(event) {
  if (event.key !== "Enter" || event.defaultPrevented || event.isComposing) return;
  if (event.target.matches("input[type='checkbox'], input[type='radio']"))
    return event.preventDefault();
  if (event.target.matches("textarea") && (event.ctrlKey || event.metaKey))
    event.currentTarget.requestSubmit();
  return undefined;
}

function focusedElement() {
  const node = document.activeElement;
  if (!dialog.node.contains(node)) return null;
  return {
    blockId: node.closest("[data-block-id]")?.dataset.blockId,
    actionId: node.closest("[data-action-id]")?.dataset.actionId,
    selection: node.matches("input[type='text'], textarea")
      ? [node.selectionStart, node.selectionEnd]
      : null,
  };
}

function placeFocus(form, focus) {
  const again =
    focus &&
    [...form.querySelectorAll("[data-action-id]")].find(
      (node) =>
        node.dataset.actionId === focus.actionId &&
        node.closest("[data-block-id]")?.dataset.blockId === focus.blockId,
    );
  const pick = (root) =>
    root?.matches("input, textarea, button, a")
      ? root
      : root?.querySelector("input, textarea, button");
  const target =
    pick(again) ??
    form.querySelector("[autofocus]") ??
    form.querySelector(".modal-body input, .modal-body textarea") ??
    form.querySelector(".submit") ??
    form.querySelector(".modal-foot button");
  target?.focus();
  if (again && focus.selection && target.setSelectionRange)
    target.setSelectionRange(...focus.selection);
  else if (target?.matches("input.text-input:not(.picker), textarea") && target.type === "text")
    target.setSelectionRange(target.value.length, target.value.length);
}

async function submit(event, surface) {
  event.preventDefault();
  const view = shown;
  const form = event.currentTarget;
  const button = form.querySelector(".submit");
  if (!button || button.getAttribute("aria-busy") === "true") return;
  setBusy(form, button, true);
  surface.forget();
  fill(form.querySelector(".modal-trouble"));
  let answer;
  sending = view.id;
  try {
    answer = await api.submitView(view.id, surface.values);
  } catch (failure) {
    answer = { ok: false, words: failure.status ? failure.message : TROUBLE };
  }
  if (sending === view.id) sending = null;
  setBusy(form, button, false);
  const errors = answer.errors && Object.keys(answer.errors).length ? answer.errors : null;
  if (errors) showErrors(view.id, errors);
  else if (answer.ok === false)
    fill(form.querySelector(".modal-trouble"), icon("warning"), answer.words ?? TROUBLE);
  else {
    showInputErrors(form, {});
    tell("submitted", view);
  }
}

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

function showErrors(viewId, errors) {
  if (shown?.id !== viewId || !dialog) return;
  const first = showInputErrors(dialog.node, errors);
  first?.focus();
  const known = new Set(shown.blocks.map((block) => block.block_id));
  const lost = Object.entries(errors).filter(([blockId]) => !known.has(blockId));
  if (lost.length)
    fill(
      dialog.node.querySelector(".modal-trouble"),
      icon("warning"),
      lost
        .map(([blockId, words]) => `${words} (block “${blockId}” is not in this view)`)
        .join("; "),
    );
  announce(Object.values(errors).join(". "));
}

async function closeOne(view) {
  await tryOrTell(() => api.closeView(view.id));
  takeViewEvent({ action: "close", view_id: view.id });
}

async function closeAll() {
  for (const view of [...state.views].reverse()) await closeOne(view);
}
