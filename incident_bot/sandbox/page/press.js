// What comes in waits while a button, a finger or the space bar is down: nothing is drawn anew under it, so no press is lost.

// On touch screens the click follows the release a little later.
const CLICK_WITHIN = 50; // milliseconds

const waiting = [];
let isPressed = false;
let timer = null;

/** Runs it now, or in its turn after the press. */
export function whenReleased(run) {
  if (isPressed) waiting.push(run);
  else run();
}

function press() {
  clearTimeout(timer);
  isPressed = true;
}

function release() {
  if (!isPressed) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    isPressed = false;
    waiting.splice(0).forEach(queueMicrotask);
  }, CLICK_WITHIN);
}

addEventListener("pointerdown", press, true);
addEventListener("keydown", (event) => event.key === " " && press(), true);
addEventListener("keyup", (event) => event.key === " " && release(), true);
// A release outside the window is noticed by the next move without a button.
for (const name of ["pointerup", "pointercancel", "pointermove"])
  addEventListener(name, (event) => event.buttons === 0 && release(), true);
addEventListener("blur", release);
