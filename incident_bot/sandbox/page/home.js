// The bot's Home tab: its view, changed whenever the bot publishes another.

import { api } from "./api.js";
import { drawBlocks, redrawBlocks } from "./blocks.js";
import { byId, closest, fill, find, findAll, focusedNode, h } from "./dom.js";
import { icon } from "./icons.js";
import { tryOrTell } from "./notice.js";
import { on, state } from "./state.js";
import { Surface } from "./surface.js";
import { unchanged, valuesOf } from "./values.js";

/** @import { Block } from "./blockkit.js" */

// The bot draws its Home tab when one comes there for the first time; only then is an empty one told.
const FIRST_HOME_MS = 700;

const scroller = byId("scroller");

let surface = new Surface({ type: "home" });
/** @type {Block[]} */
let blocks = [];
let published = 0;

export function startHome() {
  on("person", () => {
    surface = new Surface({ type: "home" });
    blocks = [];
  });
  on("home", () => {
    published += 1;
    if (state.place.tab === "home") drawHome();
  });
}

/** Tells the bot that somebody comes, and shows what it has to show. */
export async function openHome() {
  fill(scroller);
  scroller.classList.add("is-loading");
  const own = surface;
  await tryOrTell(() => api.openHome());
  const before = published;
  const answer = await tryOrTell(() => api.home());
  scroller.classList.remove("is-loading");
  if (!answer || surface !== own || state.place.tab !== "home") return;
  // What was published meanwhile is newer than the answer.
  if (published === before) state.home = answer.view ?? state.home;
  if (state.home) drawHome();
  else setTimeout(() => state.place.tab === "home" && drawHome(), FIRST_HOME_MS);
}

function drawHome() {
  const view = state.home;
  if (!view) {
    const words =
      state.bot.status === "ready"
        ? `${state.app.name} has not shown anything here yet.`
        : `${state.app.name} is not running, so there is nothing here yet.`;
    return fill(
      scroller,
      h(
        "div",
        { class: "beginning" },
        h("div", { class: "beginning-picture", "aria-hidden": "true" }, icon("home")),
        h("h2", {}, "Home"),
        h("p", {}, words),
      ),
    );
  }
  const focused = focusedNode();
  const actionId = scroller.contains(focused)
    ? closest(focused, "[data-action-id]")?.dataset.actionId
    : null;
  const top = scroller.scrollTop;
  surface.container.view_id = view.id;
  surface.values = valuesOf(view.blocks, unchanged(surface.values, blocks, view.blocks));
  blocks = view.blocks;
  const there = find(scroller, ":scope > .home > .blocks");
  if (there) redrawBlocks(there, blocks, surface);
  else fill(scroller, h("div", { class: "home" }, drawBlocks(blocks, surface)));
  scroller.scrollTop = top;
  if (scroller.contains(document.activeElement)) return undefined;
  if (!actionId) return undefined;
  const again = findAll(scroller, "[data-action-id]").find(
    (node) => node.dataset.actionId === actionId,
  );
  again?.focus({ preventScroll: true });
  return undefined;
}
