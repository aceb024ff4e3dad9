// The guided first minute: four steps over the composer that tick themselves as they happen. Dismissed once, it stays away.

import { byId, fill, h, hiddenText } from "./dom.js";
import { icon } from "./icons.js";
import { composer } from "./place.js";
import { announce } from "./notice.js";
import { recall, remember, whenRemembered } from "./remember.js";
import { me, on, state, tell } from "./state.js";

/**
 * @import { Child } from "./dom.js"
 * @import { User } from "./payloads.js"
 */

/** @typedef {{title: Child[], note: string, help?: string | null, act?: () => void}} Step */
/** @typedef {{done: number[], isDismissed: boolean, first: string}} Progress `first` is who began */

const node = byId("tour");
const KEY = "first-minute";

/** @type {Progress} */
let progress = { done: [], isDismissed: false, first: "" };

/** The person who takes over in the last step: the first other colleague. */
function other() {
  const first = progress.first || me().id;
  const colleagues = [...state.users.values()].filter(
    (user) => !user.is_bot && !user.is_guest && !user.is_external && user.id !== first,
  );
  return colleagues[0] ?? me();
}

/** @param {User} user */
const firstName = (user) => user.real_name.split(" ")[0];

/** @returns {Step[]} */
function steps() {
  const command = `${state.commands[0]?.command ?? "/incident"} new`;
  const colleague = other();
  return [
    {
      title: ["Type ", h("code", {}, command)],
      note: "and press Enter",
      help: "Type it for me",
      act: () => typeCommand(command),
    },
    { title: ["Fill the form"], note: "and declare the incident" },
    { title: ["Press ", h("b", {}, "Acknowledge")], note: "on the announcement" },
    {
      title: ["Act as ", h("b", {}, firstName(colleague))],
      note: "and press Resolve",
      help: me().id === colleague.id ? null : `Switch to ${firstName(colleague)}`,
      act: () => tell("actAs", colleague.id),
    },
  ];
}

/** @param {string} command */
function typeCommand(command) {
  const channel = [...state.channels.values()].find(
    (each) => each.kind !== "dm" && each.is_member && each.has_bot,
  );
  if (!composer.node.isConnected && channel) tell("go", { channel: channel.id });
  composer.write(command);
}

/** Starts the tour unless it was dismissed. */
export function startTour() {
  /** @param {Partial<Progress> | null} value */
  const takeOver = (value) => (progress = { ...progress, ...value });
  takeOver(recall(KEY));
  whenRemembered(KEY, (/** @type {Partial<Progress> | null} */ value) => {
    takeOver(value);
    draw();
  });
  on("person", draw);
  on("place", draw);
  on("commanded", (text) => {
    if (/^\/\S+\s+(new|declare|create)\b/i.test(text)) tick(0);
    if (/^\/\S+\s+ack/i.test(text)) tick(2);
    if (/^\/\S+\s+resolve/i.test(text)) tickResolved();
  });
  on("submitted", () => progress.done.includes(0) && tick(1));
  on("pressed", ({ element }) => {
    const words = element.text?.text ?? "";
    if (/acknowledge/i.test(words)) tick(2);
    if (/resolve/i.test(words)) tickResolved();
  });
}

function tickResolved() {
  const { id } = me();
  if (id !== (progress.first || id)) tick(3);
}

/** @param {number} step */
function tick(step) {
  if (progress.isDismissed || progress.done.includes(step)) return;
  save({ done: [...progress.done, step], first: progress.first || me().id });
  announce(
    progress.done.length === 4 ? "All four steps are done." : `Step ${step + 1} of 4 is done.`,
  );
}

/** @param {Partial<Progress>} change */
function save(change) {
  progress = { ...progress, ...change };
  remember(KEY, progress);
  draw();
}

function dismiss() {
  save({ isDismissed: true });
  composer.focus();
}

function draw() {
  if (!state.me) return;
  if (progress.isDismissed) return fill(node);
  const all = steps();
  const current = all.findIndex((_, index) => !progress.done.includes(index));
  const close = h(
    "button",
    { type: "button", class: "icon-button", onclick: dismiss },
    icon("close"),
    hiddenText("Dismiss the first minute"),
  );
  const body =
    current === -1
      ? finished()
      : h(
          "ol",
          { class: "tour-steps" },
          all.map((step, index) => drawStep(step, index, current)),
        );
  return fill(
    node,
    h(
      "section",
      { class: `tour${current === -1 ? " is-finished" : ""}`, "aria-label": "Your first minute" },
      h("h2", { class: "tour-title" }, "Your first minute"),
      body,
      close,
    ),
  );
}

/** @param {Step} step @param {number} index @param {number} current */
function drawStep(step, index, current) {
  const isDone = progress.done.includes(index);
  const kind = isDone ? "is-done" : index === current ? "is-current" : "";
  return h(
    "li",
    { class: `tour-step ${kind}`, "aria-current": index === current ? "step" : undefined },
    h(
      "span",
      { class: "tour-number", "aria-hidden": "true" },
      isDone ? icon("check") : String(index + 1),
    ),
    h(
      "span",
      { class: "tour-words" },
      h("span", { class: "tour-what" }, step.title, isDone && hiddenText(" (done)")),
      h("span", { class: "tour-note" }, step.note),
      index === current &&
        step.help &&
        h(
          "button",
          { type: "button", class: "link-button tour-help", onclick: step.act },
          step.help,
        ),
    ),
  );
}

function finished() {
  return h(
    "p",
    { class: "tour-finished" },
    "That was an incident from end to end. ",
    h(
      "button",
      { type: "button", class: "link-button", onclick: () => tell("toggleDrawer") },
      "Look under the hood",
    ),
    " to see what the bot and Slack said to each other.",
  );
}
