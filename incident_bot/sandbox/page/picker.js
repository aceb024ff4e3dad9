// The small emoji picker: a search field and a grid.

import { fill, h, trapTab } from "./dom.js";
import { emojiCharacter, emojiGroups, findEmoji } from "./emoji.js";
import { openPanel, placePanel } from "./popover.js";

/** Opens the picker beside a button; `pick` gets the chosen name. */
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
    if (event.key === "Enter") grid.querySelector("button")?.click();
  });
  panel.addEventListener("keydown", (event) => trapTab(event, panel));
  panel.addEventListener("keydown", moveInGrid);
  show();
  const close = openPanel(panel, anchor, { align, prefer });
  placePanel(panel, anchor, { align, prefer });
  search.focus();
}

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

function moveInGrid(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
  const isButton = event.target.matches(".picker-emoji");
  if (!step || (!isButton && event.key !== "ArrowDown")) return;
  const buttons = [...event.currentTarget.querySelectorAll(".picker-emoji")];
  event.preventDefault();
  buttons[isButton ? buttons.indexOf(event.target) + step : 0]?.focus();
}
