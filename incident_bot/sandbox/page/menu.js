// Menus: a list of things to do beside a button, reached by mouse, arrow keys and letters.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { openPanel, placePanel } from "./popover.js";

/**
 * @typedef {{label: string, note?: string, picture?: Node, checked?: boolean, isDanger?: boolean, href?: string, select?: () => void, aside?: Node}} MenuItem
 * @typedef {{title?: string, items: MenuItem[], empty?: string}} MenuGroup
 */

/** Opens a menu of groups beside a button. @param {MenuGroup[]} groups */
export function openMenu(anchor, label, groups, { align, prefer } = {}) {
  const panel = h("div", { class: "menu", role: "menu", "aria-label": label, tabindex: "-1" });
  const close = openPanel(panel, anchor, { align, prefer });
  fill(
    panel,
    groups.map((group) => drawGroup(group, close)),
  );
  panel.addEventListener("keydown", (event) => moveInMenu(event, panel, close));
  placePanel(panel, anchor, { align, prefer });
  (
    panel.querySelector("[aria-checked='true']") ??
    panel.querySelector("[role^='menuitem']") ??
    panel
  ).focus();
  return close;
}

function drawGroup(group, close) {
  return h(
    "div",
    { role: "group", class: "menu-group", "aria-label": group.title },
    group.title && h("div", { class: "menu-title", "aria-hidden": "true" }, group.title),
    group.items.map((item) => drawItem(item, close)),
    !group.items.length && group.empty && h("div", { class: "menu-empty" }, group.empty),
  );
}

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

function moveInMenu(event, panel, close) {
  const items = [...panel.querySelectorAll("[role^='menuitem']")];
  const at = items.indexOf(document.activeElement);
  const goTo = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
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
