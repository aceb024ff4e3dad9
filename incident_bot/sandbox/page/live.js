// The stream of changes from the workspace. The browser reconnects by itself; after each connection all is read again.

import { api } from "./api.js";
import { whenReleased } from "./press.js";
import { state, tell } from "./state.js";

/** @import { WorkspaceEvent } from "./payloads.js" */

/** @type {EventSource | null} */
let source = null;
/** @type {number | undefined} */
let retry;

/**
 * Connects as the acting person.
 * @param {{ready: () => void, event: (event: WorkspaceEvent) => void}} handlers `ready` runs after every (re)connection
 */
export function connect(handlers) {
  disconnect();
  const own = new EventSource(api.eventsUrl());
  source = own;
  /** What waited is not for the person who acts by then. @param {() => void} run */
  const later = (run) => whenReleased(() => source === own && run());
  own.onopen = () => {
    setConnected(true);
    later(handlers.ready);
  };
  own.onmessage = (message) => later(() => handlers.event(JSON.parse(message.data)));
  own.onerror = () => {
    setConnected(false);
    if (own.readyState === EventSource.CLOSED) retry = setTimeout(() => connect(handlers), 2000);
  };
}

export function disconnect() {
  clearTimeout(retry);
  source?.close();
  source = null;
}

/** @param {boolean} isConnected */
function setConnected(isConnected) {
  if (state.isConnected === isConnected) return;
  state.isConnected = isConnected;
  tell("connection");
}
