// How the bot is: a strip over the messages while it starts or has stopped, with its last words and a way to start it again.

import { api } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { announce, tryOrTell } from "./notice.js";
import { on, state } from "./state.js";

const node = document.getElementById("banner");
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

function strip(tone, line, more) {
  return h(
    "div",
    { class: `banner banner-${tone}` },
    h("div", { class: "banner-line" }, line),
    more,
  );
}

function stopped(bot, app) {
  const words = `${app.name} has stopped${exitWords(bot.exit_code)}. Nobody answers commands and buttons now.`;
  const start = h(
    "button",
    { type: "button", class: "button button-primary button-small", onclick: () => restart(start) },
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

/** A negative exit code is the signal that ended the process. */
function exitWords(code) {
  if (code === null || code === undefined) return "";
  return code < 0 ? ` (ended by signal ${-code})` : ` (exit code ${code})`;
}

async function restart(button) {
  button.setAttribute("aria-busy", "true");
  await tryOrTell(() => api.bot("start"));
  button.removeAttribute("aria-busy");
}
