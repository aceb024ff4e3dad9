// What comes in waits while a button or a finger is down: nothing moves or is drawn anew under it, so no press is lost.

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

// A release outside the window is noticed by the next move without a button.
function release(event) {
  if (!isPressed || event.buttons) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    isPressed = false;
    for (const run of waiting.splice(0)) run();
  }, CLICK_WITHIN);
}

window.addEventListener("pointerdown", press, true);
for (const name of ["pointerup", "pointercancel", "pointermove", "blur"]) {
  window.addEventListener(name, release, true);
}
