// Calls to the workspace. Every call says who acts; a failure is an ApiError with words fit to show.

import { whenReleased } from "./press.js";

export class ApiError extends Error {
  constructor(words, status) {
    super(words);
    this.status = status;
  }
}

let actor = "";

/** From now on every call acts as this person. */
export function actAs(userId) {
  actor = userId;
}

async function call(method, path, { query = {}, body } = {}) {
  const url = new URL(`/sandbox/${path}`, location.href);
  if (actor && method === "GET") url.searchParams.set("as", actor);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) url.searchParams.set(name, value);
  }
  const options = { method, headers: {} };
  if (body) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify({ as: actor, ...body });
  }
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new ApiError("The sandbox does not answer. Is it still running?", 0);
  }
  const answer = await response.json().catch(() => ({}));
  await new Promise(whenReleased);
  if (!response.ok)
    throw new ApiError(
      answer.error ?? `The sandbox answered with status ${response.status}.`,
      response.status,
    );
  return answer;
}

const get = (path, query) => call("GET", path, { query });
const post = (path, body = {}) => call("POST", path, { body });

export const api = {
  state: () => get("state"),
  messages: (channel, before, limit = 50) => get("messages", { channel, before, limit }),
  thread: (channel, threadTs) => get("thread", { channel, thread_ts: threadTs }),
  home: () => get("home"),
  openHome: () => post("home/open"),
  command: (channel, text) => post("command", { channel, text }),
  message: (channel, text, threadTs) =>
    post("message", { channel, text, ...(threadTs && { thread_ts: threadTs }) }),
  action: (press) => post("action", press),
  submitView: (viewId, state) => post("view/submit", { view_id: viewId, state }),
  closeView: (viewId) => post("view/close", { view_id: viewId }),
  options: (container, blockId, actionId, query) =>
    post("options", { container, block_id: blockId, action_id: actionId, query }),
  shortcut: (callbackId, channel, ts) =>
    post("shortcut", { callback_id: callbackId, ...(channel && { channel }), ...(ts && { ts }) }),
  reaction: (channel, ts, name, isAdded) => post("reaction", { channel, ts, name, add: isAdded }),
  join: (channel, user) => post("join", { channel, ...(user && { user }) }),
  pins: (channel) => get("pins", { channel }),
  rename: (channel, name) => post("rename", { channel, name }),
  archive: (channel, isArchived) => post("archive", { channel, archive: isArchived }),
  leave: (channel) => post("leave", { channel }),
  createChannel: (name, isPrivate) => post("channel", { name, is_private: isPrivate }),
  traffic: (after) => get("traffic", { after }),
  faults: () => get("faults"),
  setFaults: (faults) => call("PUT", "faults", { body: { faults } }),
  bot: (action) => post("bot", { action }),
  eventsUrl: () => `/sandbox/events?as=${encodeURIComponent(actor)}`,
};
