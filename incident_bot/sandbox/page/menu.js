// Menus: a list of things to do beside a button, reached by mouse, arrow keys and letters.

import { fill, find, findAll, focusedNode, h } from "./dom.js";
import { icon } from "./icons.js";
import { openPanel, placePanel } from "./popover.js";

/**
 * @import { Placing } from "./popover.js"
 */

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {string} [note]
 * @property {Node} [picture]
 * @property {boolean} [checked]
 * @property {boolean} [isDanger]
 * @property {string} [href]
 * @property {() => unknown} [select]
 * @property {Node} [aside]
 */

/** @typedef {{title?: string, items: MenuItem[], empty?: string}} MenuGroup */

/**
 * Opens a menu of groups beside a button.
 * @param {HTMLElement} anchor
 * @param {string} label
 * @param {MenuGroup[]} groups
 * @param {Placing} placing
 */
export function openMenu(anchor, label, groups, { align, prefer } = {}) {
  const panel = h("div", { class: "menu", role: "menu", "aria-label": label, tabindex: "-1" });
  const close = openPanel(panel, anchor, { align, prefer });
  fill(
    panel,
    groups.map((group) => drawGroup(group, close)),
  );
  panel.addEventListener("keydown", (event) => moveInMenu(event, panel, close));
  placePanel(panel, anchor, { align, prefer });
  (find(panel, "[aria-checked='true']") ?? find(panel, "[role^='menuitem']") ?? panel).focus();
  return close;
}

/** @typedef {(returnFocus?: boolean) => void} Close */

/** @param {MenuGroup} group @param {Close} close */
function drawGroup(group, close) {
  return h(
    "div",
    { role: "group", class: "menu-group", "aria-label": group.title },
    group.title && h("div", { class: "menu-title", "aria-hidden": "true" }, group.title),
    group.items.map((item) => drawItem(item, close)),
    !group.items.length && group.empty && h("div", { class: "menu-empty" }, group.empty),
  );
}

/** @param {MenuItem} item @param {Close} close */
function drawItem(item, close) {
  const checkable = item.checked !== undefined;
  const attributes = {
    class: `menu-item${item.isDanger ? " menu-danger" : ""}`,
    role: checkable ? "menuitemradio" : "menuitem",
    "aria-checked": checkable ? String(item.checked) : undefined,
    tabindex: "-1",
    onclick: () => {
      close(true);
      item.select?.();
    },
  };
  const words = h(
    "span",
    { class: "menu-words" },
    h("span", { class: "menu-label" }, item.label),
    item.note && h("span", { class: "menu-note" }, item.note),
  );
  const content = [item.picture, words, checkable && item.checked ? icon("check") : null];
  if (item.href)
    return h("a", { ...attributes, href: item.href, target: "_blank", rel: "noopener" }, content);
  const button = h("button", { ...attributes, type: "button" }, content);
  return item.aside ? h("div", { class: "menu-row", role: "none" }, button, item.aside) : button;
}

/** @param {KeyboardEvent} event @param {HTMLElement} panel @param {Close} close */
function moveInMenu(event, panel, close) {
  const items = findAll(panel, "[role^='menuitem']");
  const focused = focusedNode();
  const at = focused ? items.indexOf(focused) : -1;
  /** @type {Record<string, number | undefined>} */
  const goals = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  const goTo = goals[event.key];
  if (goTo !== undefined) {
    event.preventDefault();
    items[(goTo + items.length) % items.length]?.focus();
  } else if (event.key === "Tab") {
    event.preventDefault();
    close(true);
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    const letter = event.key.toLowerCase();
    const next = [...items.slice(at + 1), ...items.slice(0, at + 1)].find((item) =>
      item.textContent.trim().toLowerCase().startsWith(letter),
    );
    next?.focus();
  }
}
