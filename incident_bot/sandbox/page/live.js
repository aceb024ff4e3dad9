// The stream of changes from the workspace. The browser reconnects by itself; after each connection all is read again.

import { api } from "./api.js";
import { whenReleased } from "./press.js";
import { state, tell } from "./state.js";

let source = null;
let retry = null;

/**
 * Connects as the acting person.
 * @param {{ready: () => void, event: (event: object) => void}} handlers `ready` runs after every (re)connection
 */
export function connect(handlers) {
  disconnect();
  source = new EventSource(api.eventsUrl());
  const own = source;
  // What waited is not for the person who acts by then.
  const later = (run) => whenReleased(() => source === own && run());
  source.onopen = () => {
    setConnected(true);
    later(handlers.ready);
  };
  source.onmessage = (message) => later(() => handlers.event(JSON.parse(message.data)));
  source.onerror = () => {
    setConnected(false);
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(() => connect(handlers), 2000);
  };
}

export function disconnect() {
  clearTimeout(retry);
  source?.close();
  source = null;
}

function setConnected(isConnected) {
  if (state.isConnected === isConnected) return;
  state.isConnected = isConnected;
  tell("connection");
}
