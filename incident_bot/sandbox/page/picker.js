// The small emoji picker: a search field and a grid.

import { fill, find, findAll, h, targetOf, trapTab } from "./dom.js";
import { emojiCharacter, emojiGroups, findEmoji } from "./emoji.js";
import { openPanel, placePanel } from "./popover.js";

/**
 * Opens the picker beside a button; `pick` gets the chosen name.
 * @param {HTMLElement} anchor
 * @param {(name: string) => void} pick
 * @param {import("./popover.js").Placing} placing
 */
export function openPicker(anchor, pick, { align = "end", prefer } = {}) {
  const grid = h("div", { class: "picker-grid" });
  const search = h("input", {
    class: "text-input",
    type: "text",
    placeholder: "Find an emoji",
    "aria-label": "Find an emoji",
    autocomplete: "off",
  });
  const panel = h(
    "div",
    { class: "picker-panel", role: "dialog", "aria-label": "Emoji" },
    search,
    grid,
  );
  /** @param {string} name */
  const choose = (name) => {
    close(true);
    pick(name);
  };
  const show = () =>
    fill(
      grid,
      search.value.trim()
        ? [section("", findEmoji(search.value.trim(), 48), choose)]
        : emojiGroups.map((group) => section(group.title, group.names, choose)),
    );
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") find(grid, "button")?.click();
  });
  panel.addEventListener("keydown", (event) => trapTab(event, panel));
  panel.addEventListener("keydown", (event) => moveInGrid(event, panel));
  show();
  const close = openPanel(panel, anchor, { align, prefer });
  placePanel(panel, anchor, { align, prefer });
  search.focus();
}

/** @param {string} title @param {string[]} names @param {(name: string) => void} choose */
function section(title, names, choose) {
  const seen = new Set();
  const fresh = names.filter(
    (name) => !seen.has(emojiCharacter(name)) && seen.add(emojiCharacter(name)),
  );
  return h(
    "div",
    { class: "picker-section", role: "group", "aria-label": title || "Results" },
    title && h("div", { class: "menu-title", "aria-hidden": "true" }, title),
    h(
      "div",
      { class: "picker-row" },
      fresh.map((name) =>
        h(
          "button",
          {
            type: "button",
            class: "picker-emoji",
            title: `:${name}:`,
            "aria-label": name.replace(/_/g, " "),
            onclick: () => choose(name),
          },
          emojiCharacter(name),
        ),
      ),
    ),
    !names.length && h("p", { class: "menu-empty" }, "No emoji of that name."),
  );
}

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 };

/** @param {KeyboardEvent} event @param {HTMLElement} panel */
function moveInGrid(event, panel) {
  const step = STEPS[event.key];
  const target = targetOf(event);
  const isButton = target.matches(".picker-emoji");
  if (!step || (!isButton && event.key !== "ArrowDown")) return;
  const buttons = findAll(panel, ".picker-emoji");
  event.preventDefault();
  buttons[isButton ? buttons.indexOf(target) + step : 0]?.focus();
}
