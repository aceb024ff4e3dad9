// "Under the hood": each request and answer between bot and workspace, as it happens, and the switches for faults.

import { api } from "./api.js";
import { clockTime } from "./dates.js";
import { byId, fill, focusedNode, h, hiddenText, mustFind } from "./dom.js";
import { faultsNode, hasFaults, takeFaults } from "./faults.js";
import { icon } from "./icons.js";
import { drawJson } from "./json.js";
import { channelTitle, on, reader, state, tell } from "./state.js";

/** @import { Exchange, Fault } from "./payloads.js" */

const MOST_ENTRIES = 300;
const DEADLINE_MS = 3000;
/** @typedef {"all" | Exchange["direction"]} Filter */

/** @type {Record<Filter, string>} */
const FILTERS = { all: "All", to_bot: "To the bot", to_slack: "To Slack" };

const pane = byId("drawer");
const list = h("ol", { class: "traffic", "aria-label": "Requests, newest first" });
const summary = h("p", { class: "traffic-summary" });
const filterRow = h("div", { class: "filters", role: "group", "aria-label": "Show" });
const faultsTitle = h("summary", { class: "faults-title" });

/** @type {Exchange[]} */
let entries = [];
let faultsTold = 0;
/** @type {object | null} */
let reading = null;
/** @type {Map<number, HTMLElement>} */
let rows = new Map();
/** @type {Filter} */
let filter = "all";
let clearedAt = 0;
/** @type {HTMLElement | null} */
let opener = null;

/** Builds the drawer; it opens from the bar at the top. */
export function startDrawer() {
  const close = h(
    "button",
    { type: "button", class: "icon-button", onclick: toggle },
    icon("close"),
    hiddenText("Close"),
  );
  fill(
    pane,
    h(
      "div",
      { class: "pane-head" },
      h(
        "div",
        {},
        h("h2", {}, "Under the hood"),
        h("p", { class: "pane-note" }, "What bot and workspace say to each other"),
      ),
      close,
    ),
    h("details", { class: "faults-box", open: true }, faultsTitle, faultsNode()),
    h(
      "div",
      { class: "traffic-head" },
      filterRow,
      h(
        "button",
        { type: "button", class: "icon-button", title: "Clear the list", onclick: clear },
        icon("clear"),
        hiddenText("Clear the list"),
      ),
    ),
    summary,
    h("div", { class: "pane-scroller" }, list),
  );
  pane.addEventListener(
    "keydown",
    (event) => event.key === "Escape" && !event.defaultPrevented && toggle(),
  );
  on("toggleDrawer", toggle);
  drawFilters();
  drawSummary();
  drawFaultsTitle();
}

function toggle() {
  pane.hidden = !pane.hidden;
  if (pane.hidden) opener?.focus();
  else {
    opener = focusedNode();
    reloadTraffic();
    mustFind(pane, ".pane-head button").focus();
  }
  tell("drawer", !pane.hidden);
}

/** Reads all anew, at the start and after a break of the connection: a restarted sandbox counts from one again. */
export function reloadDrawer() {
  reloadFaults();
  if (!pane.hidden) reloadTraffic();
}

async function reloadFaults() {
  const before = faultsTold;
  // If it fails, the next event brings it up to date.
  const answer = await api.faults().catch(() => null);
  if (answer && faultsTold === before) setFaults(answer.faults);
}

/** Only who looks at it needs what was said before. */
async function reloadTraffic() {
  entries = [];
  const own = (reading = {});
  const answer = await api.traffic(0).catch(() => null);
  if (reading !== own) return;
  // What came meanwhile is newer.
  const known = new Set(entries.map((entry) => entry.n));
  const before = (answer?.entries ?? []).filter(
    (entry) => entry.at > clearedAt && !known.has(entry.n),
  );
  entries = [...before, ...entries].slice(-MOST_ENTRIES);
  if (!pane.hidden) drawAll();
}

/** @param {Fault[]} faults what is switched on now */
export function setFaults(faults) {
  faultsTold += 1;
  takeFaults(faults);
  drawFaultsTitle();
}

function drawFaultsTitle() {
  fill(faultsTitle, "Make trouble", hasFaults() && h("span", { class: "badge badge-alarm" }, "on"));
}

/** An entry is new, or its answer has come. @param {Exchange} entry */
export function takeTraffic(entry) {
  if (pane.hidden) return;
  const isNew = keep(entry);
  drawSummary();
  const row = rows.get(entry.n);
  if (row) return fillRow(row, entry);
  if (isNew && isWanted(entry)) list.prepend(drawRow(entry));
  while (list.children.length > MOST_ENTRIES) list.lastElementChild?.remove();
}

/** @param {Exchange} entry */
function keep(entry) {
  const at = entries.findIndex((other) => other.n === entry.n);
  if (at !== -1) entries[at] = entry;
  else entries.push(entry);
  if (entries.length > MOST_ENTRIES) entries.shift();
  return at === -1;
}

function clear() {
  clearedAt = Math.max(...entries.map((entry) => entry.at), clearedAt);
  entries = [];
  reading = null;
  drawAll();
}

/** @param {Exchange} entry */
const isWanted = (entry) => filter === "all" || entry.direction === filter;

function drawAll() {
  rows = new Map();
  const wanted = entries.filter(isWanted).sort((a, b) => b.n - a.n);
  fill(
    list,
    wanted.map(drawRow),
    !wanted.length &&
      h(
        "li",
        { class: "traffic-empty" },
        "Nothing yet. Type a command or press a button, and it appears here.",
      ),
  );
  drawSummary();
}

function drawFilters() {
  fill(
    filterRow,
    /** @type {[Filter, string][]} */ (Object.entries(FILTERS)).map(([key, words]) =>
      h(
        "button",
        {
          type: "button",
          class: "filter",
          "aria-pressed": String(key === filter),
          onclick: () => chooseFilter(key),
        },
        words,
      ),
    ),
  );
}

/** @param {Filter} key */
function chooseFilter(key) {
  filter = key;
  drawFilters();
  mustFind(filterRow, "[aria-pressed='true']").focus();
  drawAll();
}

/** How fast the bot acknowledged: Slack gives it three seconds. */
function drawSummary() {
  const times = entries
    .filter(
      (entry) =>
        entry.direction === "to_bot" && entry.ok && entry.ms !== null && entry.ms !== undefined,
    )
    .map((entry) => entry.ms);
  times.sort((a, b) => a - b);
  if (!times.length) return fill(summary, "Slack gives the bot three seconds to acknowledge.");
  return fill(
    summary,
    `Acknowledged ${times.length} ${times.length === 1 ? "request" : "requests"}, at the median in `,
    h("b", {}, milliseconds(times[Math.floor(times.length / 2)])),
    ", at worst in ",
    h("b", {}, milliseconds(times[times.length - 1])),
    ".",
  );
}

/** @param {number} ms */
function milliseconds(ms) {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
}

/** @param {Exchange} entry */
function drawRow(entry) {
  list.querySelector(".traffic-empty")?.remove();
  const row = h("li", { class: "traffic-entry" });
  rows.set(entry.n, row);
  fillRow(row, entry);
  return row;
}

/** @param {HTMLElement} row @param {Exchange} entry */
function fillRow(row, entry) {
  const wasOpen = row.querySelector("details")?.open ?? false;
  const isToBot = entry.direction === "to_bot";
  const details = h(
    "details",
    { class: `exchange${entry.ok === false ? " is-failed" : ""}` },
    h(
      "summary",
      {},
      h(
        "span",
        {
          class: `direction direction-${isToBot ? "bot" : "slack"}`,
          title: isToBot ? "from Slack to the bot" : "from the bot to Slack",
        },
        icon(isToBot ? "tobot" : "toslack"),
        hiddenText(isToBot ? "to the bot" : "to Slack"),
      ),
      h(
        "span",
        { class: "exchange-words" },
        h("span", { class: "exchange-kind" }, entry.kind),
        h("span", { class: "exchange-summary" }, summaryOf(entry)),
      ),
      h(
        "span",
        { class: "exchange-end" },
        outcome(entry),
        h("span", { class: "exchange-time" }, clockTime(entry.at, reader.tz, true)),
      ),
    ),
  );
  details.addEventListener(
    "toggle",
    () => details.open && details.children.length === 1 && details.append(payloads(entry)),
  );
  details.open = wasOpen;
  fill(row, details);
}

/** The summary without the kind, which stands above it. @param {Exchange} entry */
function summaryOf({ kind, summary = "" }) {
  const words = summary.startsWith(kind) ? summary.slice(kind.length).trim() : summary;
  return words.replace(/\b[CDUW][A-Z0-9]{4,}\b/g, nameOf);
}

/** "C0INCIDENTS" is "#incidents" to people. @param {string} id */
function nameOf(id) {
  const channel = state.channels.get(id);
  return channel ? channelTitle(channel) : (reader.userName(id) ?? id);
}

/** @param {Exchange} entry */
function outcome(entry) {
  if (entry.ok === undefined || entry.ok === null) return h("span", { class: "pill" }, "…");
  const time = entry.ms ? milliseconds(entry.ms) : entry.ok && "0 ms";
  const words = [
    entry.fault && `fault: ${entry.fault}`,
    !entry.fault && !entry.ok && failureWords(entry),
    time,
  ]
    .filter(Boolean)
    .join(" · ")
    .replace(/_/g, " ");
  const tone =
    !entry.ok || entry.ms >= DEADLINE_MS
      ? "bad"
      : entry.fault || entry.ms >= 1000
        ? "warn"
        : "good";
  return h("span", { class: `pill pill-${tone}` }, words || "ok");
}

/** @param {Exchange} entry */
function failureWords(entry) {
  if (entry.response?.error) return entry.response.error;
  if (typeof entry.status === "string") return entry.status;
  return entry.status && entry.status !== 200 ? `status ${entry.status}` : "failed";
}

/** @param {Exchange} entry */
function payloads(entry) {
  const answerTitle = entry.direction === "to_bot" ? "Acknowledged with" : "Answered with";
  return h(
    "div",
    { class: "payloads" },
    h("h3", {}, entry.direction === "to_bot" ? "Sent to the bot" : "Asked by the bot"),
    drawJson(entry.request ?? null),
    h("h3", {}, answerTitle),
    drawJson(entry.response ?? null),
  );
}

on("person", () => state.me && !pane.hidden && drawAll());
