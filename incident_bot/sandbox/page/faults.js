// The switches that make Slack misbehave, so that one can watch the bot get through it.

import { api } from "./api.js";
import { fill, find, focusedNode, h, uniqueId } from "./dom.js";
import { tryOrTell } from "./notice.js";

/** @import { Fault } from "./payloads.js" */

/** @typedef {{fault: Fault, name: string, note: string}} Switch */

/** @type {Switch[]} */
const SWITCHES = [
  {
    fault: { method: "*", kind: "slow", ms: 4000 },
    name: "Slack is slow",
    note: "each call of the bot takes 4 seconds",
  },
  {
    fault: { method: "*", kind: "rate_limited", retry_after: 5 },
    name: "Slack limits the rate",
    note: "each call is refused: “again in 5 seconds”",
  },
  {
    fault: { method: "*", kind: "down", status: 503 },
    name: "Slack is down",
    note: "each call fails with status 503",
  },
  {
    fault: { method: "chat.postMessage", kind: "lost_reply", times: 1 },
    name: "Lose the next reply",
    note: "a message is posted, the bot never hears so",
  },
];

/** @type {Fault[]} */
let faults = [];
const node = h("div", { class: "faults" });

/** The box with the switches. */
export function faultsNode() {
  draw();
  return node;
}

/** What is switched on now, as the workspace says. @param {Fault[]} now */
export function takeFaults(now) {
  faults = now;
  draw();
}

export const hasFaults = () => faults.length > 0;

function draw() {
  const focused = focusedNode()?.dataset.kind;
  const others = faults.filter((fault) => !SWITCHES.some((each) => each.fault.kind === fault.kind));
  fill(
    node,
    SWITCHES.map(drawSwitch),
    others.length > 0 &&
      h(
        "p",
        { class: "pane-note" },
        `Also on: ${others.map((fault) => `${fault.kind} (${fault.method})`).join(", ")} `,
        h(
          "button",
          { type: "button", class: "link-button", onclick: () => set([]) },
          "Switch all off",
        ),
      ),
  );
  if (focused) find(node, `[data-kind="${focused}"]`)?.focus();
}

/** @param {Switch} given */
function drawSwitch({ fault, name, note }) {
  const isOn = faults.some((each) => each.kind === fault.kind);
  const noteId = uniqueId("fault");
  const others = faults.filter((each) => each.kind !== fault.kind);
  return h(
    "div",
    { class: "fault" },
    h(
      "button",
      {
        type: "button",
        role: "switch",
        class: "switch",
        "aria-checked": String(isOn),
        "aria-label": name,
        "aria-describedby": noteId,
        "data-kind": fault.kind,
        onclick: () => set(isOn ? others : [...others, fault]),
      },
      h("span", { class: "switch-knob" }),
    ),
    h(
      "span",
      { class: "fault-words" },
      h("span", { class: "fault-name" }, name),
      h("span", { class: "fault-note", id: noteId }, note),
    ),
  );
}

/** @param {Fault[]} wanted */
async function set(wanted) {
  // What is on then is told by an event, in its order among others.
  await tryOrTell(() => api.setFaults(wanted));
}
