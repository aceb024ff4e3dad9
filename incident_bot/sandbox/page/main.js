// The wiring: who acts and where, from the address of the page; what arrives goes to the part that draws it.

import { ApiError, actAs, api } from "./api.js";
import { ago } from "./dates.js";
import { startBanner } from "./banner.js";
import { byId, findAll, mustFind } from "./dom.js";
import { reloadDrawer, setFaults, startDrawer, takeTraffic } from "./drawer.js";
import { startChannelBar } from "./channelbar.js";
import { startHeader } from "./header.js";
import { startHome } from "./home.js";
import { connect } from "./live.js";
import { startModals, takeViewEvent } from "./modal.js";
import { failureWords, showNotice } from "./notice.js";
import {
  composer,
  countReply,
  dropMessage,
  isLookingAt,
  reload,
  showMessage,
  startPlace,
  takeMessage,
} from "./place.js";
import { followPermalinks, spotInHash } from "./permalink.js";
import { recall, remember } from "./remember.js";
import { startSidebar } from "./sidebar.js";
import {
  adopt,
  botDm,
  channelTitle,
  currentChannel,
  dropChannel,
  me,
  on,
  setChannel,
  state,
  tell,
} from "./state.js";
import { dropInThread, reloadThread, startThread, takeInThread } from "./thread.js";
import { startTopbar } from "./topbar.js";
import { startTour } from "./tour.js";

/**
 * @import { Events, WorkspaceEvent } from "./payloads.js"
 * @import { Spot } from "./permalink.js"
 * @import { News, Place } from "./state.js"
 */

const FIRST_PERSON = "U0ANA";
const HOME = "home";

/** Who acts: the address says, or who acted here last. @returns {string} */
const actorFromAddress = () =>
  new URLSearchParams(location.search).get("as") ?? recall("actor") ?? FIRST_PERSON;

function start() {
  startTopbar();
  startSidebar();
  startHeader();
  startChannelBar();
  startPlace();
  startHome();
  startThread();
  startDrawer();
  startBanner();
  startTour();
  startModals();
  on("actAs", (userId) => userId !== state.me?.id && actAsPerson(userId, true));
  on("go", (place) => go(place, true));
  on("visit", visit);
  followPermalinks(visit);
  on("newChannel", (channel) => {
    setChannel(channel);
    go({ channel: channel.id }, true);
  });
  for (const name of /** @type {const} */ (["place", "person", "channels"])) on(name, drawTitle);
  addEventListener("popstate", () =>
    actorFromAddress() === state.me?.id
      ? go(placeFromAddress(), false)
      : actAsPerson(actorFromAddress(), false),
  );
  document.addEventListener("visibilitychange", markRead);
  mustFind(document, ".skip").addEventListener("click", skipToWriting);
  setInterval(tickAgo, 30000);
  actAsPerson(actorFromAddress(), false);
}

/**
 * The fragment of the address names the place, so the skip link must not change it.
 * @param {Event} event
 */
function skipToWriting(event) {
  event.preventDefault();
  (composer.node.isConnected ? composer : byId("main")).focus();
}

/** @param {string} userId @param {boolean} isNewEntry in the browser's history */
function actAsPerson(userId, isNewEntry) {
  early = null;
  actAs(userId);
  remember("actor", userId);
  state.me = null;
  state.home = null;
  const url = new URL(location.href);
  url.searchParams.set("as", userId);
  if (isNewEntry) history.pushState(null, "", url);
  else history.replaceState(null, "", url);
  connect({ ready: () => refresh(userId), event: take });
}

/**
 * Reads everything: at first, after a change of person, after a break of the connection.
 * @param {string} userId
 */
async function refresh(userId) {
  /** @type {WorkspaceEvent[]} */
  const came = [];
  early = came;
  try {
    const answer = await api.state();
    if (early !== came) return;
    const isFirst = !state.me;
    adopt(answer);
    document.body.classList.add("is-ready");
    if (isFirst) {
      const spot = spotInHash(decodeURIComponent(location.hash.slice(1)));
      tell("person");
      go(placeFromAddress(), false);
      if (spot) visit(spot);
    } else {
      if (!state.channels.has(state.place.channel)) go(placeFromAddress(), false);
      tell("channels");
      tell("bot");
      reload();
      reloadThread();
    }
    tell("view");
    reloadDrawer();
  } catch (failure) {
    if (early !== came) return;
    const status = failure instanceof ApiError ? failure.status : 0;
    if (status >= 400 && status < 500 && userId !== FIRST_PERSON) actAsPerson(FIRST_PERSON, false);
    else showNotice(failureWords(failure));
  } finally {
    if (early === came) {
      early = null;
      came.forEach(take);
    }
  }
}

// Where one is: the fragment of the address names the channel, or "home".

/** @returns {News["go"]} */
function placeFromAddress() {
  const [name] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (name === HOME && state.app.home_tab) return { channel: botDm()?.id ?? "", tab: "home" };
  if (state.channels.has(name)) return { channel: name };
  return { channel: firstChannel() };
}

/** Goes to a message. @param {Spot} spot */
function visit(spot) {
  if (!state.channels.has(spot.channel))
    return showNotice("That is in a channel you do not see.", "info");
  go({ channel: spot.channel }, true);
  return showMessage(spot);
}

function firstChannel() {
  const channels = [...state.channels.values()].filter((channel) => channel.kind !== "dm");
  const best =
    channels.find((channel) => channel.name === "incidents") ??
    channels.find((channel) => channel.is_member) ??
    channels[0];
  return best?.id ?? botDm()?.id ?? "";
}

/** @param {News["go"]} place @param {boolean} isNewEntry in the browser's history */
function go({ channel, tab = "messages" }, isNewEntry) {
  state.place = { channel, tab };
  const url = new URL(location.href);
  url.hash = tab === "home" ? HOME : channel;
  if (isNewEntry && url.href !== location.href) history.pushState(null, "", url);
  else history.replaceState(null, "", url);
  tell("place");
  if (isNewEntry && composer.node.isConnected && matchMedia("(pointer: fine)").matches)
    composer.focus();
}

function drawTitle() {
  if (!state.me) return;
  const unread = [...state.channels.values()].reduce(
    (sum, channel) => sum + (channel.unread || 0),
    0,
  );
  const channel = currentChannel();
  const where = state.place.tab === "home" || !channel ? state.app.name : channelTitle(channel);
  document.title = `${unread ? `(${unread}) ` : ""}${where} · ${state.me.real_name} · Sandbox`;
}

// What arrives

/** @type {{[Type in keyof Events]: (event: Events[Type]) => unknown}} */
const TAKERS = {
  message: ({ message }) => {
    takeMessage(message, true);
    takeInThread(message, true);
    if (message.thread_ts && message.thread_ts !== message.ts) countReply(message);
  },
  message_changed: ({ message }) => {
    takeMessage(message, false);
    takeInThread(message, false);
  },
  message_deleted: ({ channel, ts }) => {
    dropMessage(channel, ts);
    dropInThread(channel, ts);
  },
  channel: ({ channel }) => {
    if (channel.unread && isLookingAt(channel.id)) {
      setChannel({ ...channel, unread: 0 });
      markRead();
    } else setChannel(channel);
  },
  channel_gone: ({ channel: id }) => {
    const gone = state.channels.get(id);
    dropChannel(id);
    if (state.place.channel === id) go({ channel: firstChannel() }, false);
    if (gone) showNotice(`You are not in #${gone.name} any more.`, "info");
    tell("channels");
  },
  view: takeViewEvent,
  home: ({ view }) => {
    state.home = view;
    tell("home");
  },
  traffic: ({ entry }) => takeTraffic(entry),
  faults: ({ faults }) => setFaults(faults),
  reset: () => {
    const userId = me().id;
    state.me = null;
    refresh(userId);
  },
  bot: ({ bot }) => {
    state.bot = bot;
    tell("bot");
  },
};

/**
 * What comes while everything is being read is taken afterwards.
 * @type {WorkspaceEvent[] | null}
 */
let early = null;

/** @param {WorkspaceEvent} event */
function take(event) {
  const takeIt = /** @type {((event: WorkspaceEvent) => unknown) | undefined} */ (
    TAKERS[event.type]
  );
  if (early) early.push(event);
  else if (state.me) takeIt?.(event);
}

/** @type {number | undefined} */
let marking;

/** What one looks at is read: asking for the messages says so to the workspace. */
function markRead() {
  clearTimeout(marking);
  marking = setTimeout(() => {
    const channel = currentChannel();
    if (channel && isLookingAt(channel.id)) api.messages(channel.id, undefined, 1).catch(() => {});
  }, 400);
}

function tickAgo() {
  for (const node of findAll(document, "[data-ago]"))
    node.textContent = `${node.dataset.agoBefore}${ago(Number(node.dataset.ago))}`;
}

start();
