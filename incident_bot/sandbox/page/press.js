// What comes in waits while a button, a finger or the space bar is down: nothing is drawn anew under it, so no press is lost.

// On touch screens the click follows the release a little later.
const CLICK_WITHIN = 50; // milliseconds
const CLICKED_BY_SPACE =
  "button, summary, [role='button'], input[type='checkbox'], input[type='radio']";

/** @type {Set<string>} */
const held = new Set();
/** @type {(() => unknown)[]} */
const waiting = [];
/** @type {number | null} */
let timer = null;

/** Runs it now, or in its turn after the press. @param {() => unknown} run */
export function whenReleased(run) {
  if (held.size || timer !== null) waiting.push(run);
  else run();
}

/** @param {string} what */
function press(what) {
  clearTimeout(timer ?? undefined);
  timer = null;
  held.add(what);
}

/** @param {string} what */
function release(what) {
  if (held.delete(what) && !held.size) timer = setTimeout(takeNext, CLICK_WITHIN);
}

/** One at a time: what follows from an answer comes before what came after it. */
function takeNext() {
  const run = waiting.shift();
  timer = run ? setTimeout(takeNext) : null;
  run?.();
}

addEventListener("pointerdown", (event) => event.button === 0 && press("pointer"), true);
// A release outside the window is noticed by the next move without a button.
for (const name of /** @type {const} */ (["pointerup", "pointercancel", "pointermove"]))
  addEventListener(name, (event) => event.buttons === 0 && release("pointer"), true);
addEventListener("contextmenu", () => release("pointer"), true);

addEventListener(
  "keydown",
  (event) =>
    event.code === "Space" &&
    event.target instanceof Element &&
    event.target.closest(CLICKED_BY_SPACE)
      ? press("space")
      : release("space"),
  true,
);
addEventListener("keyup", (event) => event.code === "Space" && release("space"), true);

addEventListener("blur", () => [...held].forEach(release));
