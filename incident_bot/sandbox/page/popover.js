// A panel that floats beside what opened it: menus, option lists, the emoji picker. One duty: being placed and going away.

import { targetOf } from "./dom.js";
import { on } from "./state.js";

/** @typedef {{align?: "start" | "end", prefer?: "above" | "below"}} Placing */

const GAP = 4;
const EDGE = 8;

/**
 * Where a floating panel must live: inside the dialog that is open, because all else is out of reach then; or the landmark it belongs to.
 * @param {HTMLElement} anchor
 */
export function floatingHost(anchor) {
  return anchor.closest("dialog, main, aside, header") ?? document.body;
}

/**
 * Places a panel (position: fixed) below its anchor, or above where there is more room.
 * @param {HTMLElement} panel
 * @param {HTMLElement} anchor
 * @param {Placing} placing
 */
export function placePanel(panel, anchor, { align = "start", prefer = "below" } = {}) {
  const box = anchor.getBoundingClientRect();
  const { scrollTop } = panel;
  panel.style.maxHeight = "";
  const { width, height } = panel.getBoundingClientRect();
  const below = innerHeight - box.bottom - GAP - EDGE;
  const above = box.top - GAP - EDGE;
  const goesUp =
    prefer === "above"
      ? above >= Math.min(height, 160) || above > below
      : height > below && above > below;
  panel.style.maxHeight = `${Math.max(goesUp ? above : below, 120)}px`;
  const shown = Math.min(height, goesUp ? above : below);
  panel.style.top = `${goesUp ? Math.max(EDGE, box.top - GAP - shown) : box.bottom + GAP}px`;
  const left = align === "end" ? box.right - width : box.left;
  panel.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
  panel.scrollTop = scrollTop;
}

/**
 * Keeps a panel beside its anchor while that moves: something above it comes or goes, or is scrolled.
 * @param {HTMLElement} panel
 * @param {HTMLElement} anchor
 * @param {AbortSignal} signal
 * @param {Placing} placing
 */
export function followAnchor(panel, anchor, signal, placing = {}) {
  let { top, left } = anchor.getBoundingClientRect();
  const look = () => {
    if (signal.aborted || !panel.isConnected) return;
    const box = anchor.isConnected ? anchor.getBoundingClientRect() : { top, left };
    if (box.top !== top || box.left !== left) placePanel(panel, anchor, placing);
    ({ top, left } = box);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/**
 * Shows a panel beside its anchor until something outside is pressed, Escape is pressed, or the anchor is scrolled out of view.
 * @param {HTMLElement} panel
 * @param {HTMLElement} anchor
 * @param {Placing} placing
 * @returns {(returnFocus?: boolean) => void} closes it
 */
export function openPanel(panel, anchor, { align, prefer } = {}) {
  floatingHost(anchor).append(panel);
  anchor.setAttribute("aria-expanded", "true");
  placePanel(panel, anchor, { align, prefer });
  const controller = new AbortController();
  const { signal } = controller;
  const close = (returnFocus = false) => {
    if (signal.aborted) return;
    controller.abort();
    panel.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (returnFocus)
      (anchor.isConnected ? anchor : document.getElementById("composer-input"))?.focus();
  };
  /** @param {Event} event */
  const outside = (event) => {
    if (!panel.contains(targetOf(event)) && !anchor.contains(targetOf(event))) close();
  };
  addEventListener("pointerdown", outside, { capture: true, signal });
  addEventListener("resize", () => close(), { signal });
  for (const name of /** @type {const} */ (["place", "person"]))
    on(name, () => close(), { signal });
  followAnchor(panel, anchor, signal, { align, prefer });
  const sight = new IntersectionObserver(
    (seen) => !seen.at(-1)?.isIntersecting && anchor.isConnected && close(),
  );
  sight.observe(anchor);
  signal.addEventListener("abort", () => sight.disconnect());
  panel.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      close(true);
    },
    { signal },
  );
  return close;
}
