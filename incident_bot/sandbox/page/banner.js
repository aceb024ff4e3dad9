// How the bot is: a strip over the messages while it starts or has stopped, with its last words and a way to start it again.

import { api } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { announce, tryOrTell } from "./notice.js";
import { on, state } from "./state.js";

/**
 * @import { Child } from "./dom.js"
 * @import { App, Bot } from "./payloads.js"
 */

const node = byId("banner");
let told = "";

export function startBanner() {
  on("person", draw);
  on("bot", draw);
}

function draw() {
  const { bot, app } = state;
  if (bot.status === "starting")
    fill(
      node,
      strip("info", [
        h("span", { class: "spinner", "aria-hidden": "true" }),
        h("span", {}, `${app.name} is starting…`),
      ]),
    );
  else if (bot.status === "stopped") fill(node, stopped(bot, app));
  else fill(node);
  const lines = node.querySelector("pre");
  if (lines) lines.scrollTop = lines.scrollHeight;
  if (told && told !== bot.status) announce(`${app.name}: ${bot.status}`);
  told = bot.status;
}

/** @param {"info" | "alarm"} tone @param {Child} line @param {Child} [more] */
function strip(tone, line, more) {
  return h(
    "div",
    { class: `banner banner-${tone}` },
    h("div", { class: "banner-line" }, line),
    more,
  );
}

/** @param {Bot} bot @param {App} app */
function stopped(bot, app) {
  const words = `${app.name} has stopped${exitWords(bot.exit_code)}. Nobody answers commands and buttons now.`;
  const start = h(
    "button",
    {
      type: "button",
      class: "button button-primary button-small",
      onclick: (event) => restart(event.currentTarget),
    },
    "Start it again",
  );
  const lines = bot.last_lines ?? [];
  const log = lines.length
    ? h(
        "details",
        { class: "banner-log", open: true },
        h("summary", {}, "Its last lines"),
        h("pre", { tabindex: "0", "aria-label": "The bot’s last lines" }, lines.join("\n")),
      )
    : null;
  return strip("alarm", [icon("warning"), h("span", { class: "banner-words" }, words), start], log);
}

/** A negative exit code is the signal that ended the process. @param {number | null} [code] */
function exitWords(code) {
  if (code === null || code === undefined) return "";
  return code < 0 ? ` (ended by signal ${-code})` : ` (exit code ${code})`;
}

/** @param {HTMLElement} button */
async function restart(button) {
  button.setAttribute("aria-busy", "true");
  await tryOrTell(() => api.bot("start"));
  button.removeAttribute("aria-busy");
}
