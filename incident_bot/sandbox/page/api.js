// Calls to the workspace. Every call says who acts; a failure is an ApiError with words fit to show.

import { whenReleased } from "./press.js";

/**
 * @import { Value, Values } from "./blockkit.js"
 * @import { Bot, Channel, Container, Exchange, Fault, Message, MessagesAnswer, Outcome, View, Workspace } from "./payloads.js"
 */

export class ApiError extends Error {
  /** @param {string} words @param {number} status 0 where there was no answer */
  constructor(words, status) {
    super(words);
    this.status = status;
  }
}

let actor = "";

/** From now on every call acts as this person. @param {string} userId */
export function actAs(userId) {
  actor = userId;
}

/**
 * @template Answer
 * @param {"GET" | "POST" | "PUT"} method
 * @param {string} path
 * @param {object} given
 * @param {Record<string, string | number | undefined>} [given.query]
 * @param {object} [given.body]
 * @returns {Promise<Answer>}
 */
async function call(method, path, { query = {}, body }) {
  const url = new URL(`/sandbox/${path}`, location.href);
  if (actor && method === "GET") url.searchParams.set("as", actor);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  /** @type {RequestInit} */
  const options = { method, headers: {} };
  if (body) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify({ as: actor, ...body });
  }
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new ApiError("The sandbox does not answer. Is it still running?", 0);
  }
  const answer = await response.json().catch(() => ({}));
  await /** @type {Promise<void>} */ (new Promise(whenReleased));
  if (!response.ok)
    throw new ApiError(
      answer.error ?? `The sandbox answered with status ${response.status}.`,
      response.status,
    );
  return answer;
}

/**
 * @template Answer
 * @param {string} path
 * @param {Record<string, string | number | undefined>} [query]
 * @returns {Promise<Answer>}
 */
const get = (path, query) => call("GET", path, { query });

/**
 * @template Answer
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<Answer>}
 */
const post = (path, body = {}) => call("POST", path, { body });

export const api = {
  /** @returns {Promise<Workspace>} */
  state: () => get("state"),
  /**
   * @param {string} channel
   * @param {string} [before]
   * @param {number} [limit]
   * @returns {Promise<MessagesAnswer>}
   */
  messages: (channel, before, limit = 50) => get("messages", { channel, before, limit }),
  /** @type {(channel: string, threadTs: string) => Promise<MessagesAnswer>} */
  thread: (channel, threadTs) => get("thread", { channel, thread_ts: threadTs }),
  /** @returns {Promise<{view: View | null}>} */
  home: () => get("home"),
  /** @returns {Promise<{ok: true}>} */
  openHome: () => post("home/open"),
  /** @type {(channel: string, text: string) => Promise<Outcome>} */
  command: (channel, text) => post("command", { channel, text }),
  /** @type {(channel: string, text: string, threadTs?: string) => Promise<{message: Message}>} */
  message: (channel, text, threadTs) =>
    post("message", { channel, text, ...(threadTs && { thread_ts: threadTs }) }),
  /**
   * @param {{container: Container, block_id: string, action_id: string, value: Value, state: Values}} press
   * @returns {Promise<Outcome>}
   */
  action: (press) => post("action", press),
  /** @type {(viewId: string, state: Values) => Promise<Outcome>} */
  submitView: (viewId, state) => post("view/submit", { view_id: viewId, state }),
  /** @type {(viewId: string) => Promise<Outcome>} */
  closeView: (viewId) => post("view/close", { view_id: viewId }),
  /** @type {(callbackId: string, channel?: string, ts?: string) => Promise<Outcome>} */
  shortcut: (callbackId, channel, ts) =>
    post("shortcut", { callback_id: callbackId, ...(channel && { channel }), ...(ts && { ts }) }),
  /** @type {(channel: string, ts: string, name: string, isAdded: boolean) => Promise<{ok: true}>} */
  reaction: (channel, ts, name, isAdded) => post("reaction", { channel, ts, name, add: isAdded }),
  /** @type {(channel: string, user?: string) => Promise<{channel: Channel}>} */
  join: (channel, user) => post("join", { channel, ...(user && { user }) }),
  /** @type {(channel: string) => Promise<MessagesAnswer>} */
  pins: (channel) => get("pins", { channel }),
  /** @type {(channel: string, name: string) => Promise<{channel: Channel}>} */
  rename: (channel, name) => post("rename", { channel, name }),
  /** @type {(channel: string, isArchived: boolean) => Promise<{channel: Channel}>} */
  archive: (channel, isArchived) => post("archive", { channel, archive: isArchived }),
  /** @type {(channel: string) => Promise<{ok: true}>} */
  leave: (channel) => post("leave", { channel }),
  /** @type {(name: string, isPrivate: boolean) => Promise<{channel: Channel}>} */
  createChannel: (name, isPrivate) => post("channel", { name, is_private: isPrivate }),
  /** @type {(after: number) => Promise<{entries: Exchange[]}>} */
  traffic: (after) => get("traffic", { after }),
  /** @returns {Promise<{faults: Fault[]}>} */
  faults: () => get("faults"),
  /** @type {(faults: Fault[]) => Promise<{faults: Fault[]}>} */
  setFaults: (faults) => call("PUT", "faults", { body: { faults } }),
  /** @type {(action: "start" | "stop" | "restart" | "kill") => Promise<{bot: Bot}>} */
  bot: (action) => post("bot", { action }),
  eventsUrl: () => `/sandbox/events?as=${encodeURIComponent(actor)}`,
};
