// What the page knows: who acts, the people and channels, where one is. Parts that draw listen for its changes.

/**
 * @import { App, Bot, Channel, Command, Shortcut, User, View, Workspace } from "./payloads.js"
 * @import { Interactive } from "./surface.js"
 * @import { Value } from "./blockkit.js"
 * @import { Spot } from "./permalink.js"
 */

/** @typedef {{channel: string, tab: "messages" | "home"}} Place a channel's messages, or the bot's Home tab */
/** @typedef {{channel: string, ts: string, replyTs?: string}} Thread `replyTs` is the reply to go to */

/**
 * What parts tell each other: what has changed, and what a person wants.
 * @typedef {object} News
 * @property {undefined} person another person acts
 * @property {string | undefined} channels which channel has changed; undefined means all of them
 * @property {undefined} place
 * @property {undefined} thread
 * @property {undefined} bot
 * @property {undefined} view
 * @property {undefined} home
 * @property {undefined} connection
 * @property {boolean} drawer whether it is open
 * @property {boolean} sidebar whether it is open
 * @property {undefined} toggleDrawer
 * @property {undefined} toggleSidebar
 * @property {string} actAs
 * @property {{channel: string, tab?: Place["tab"]}} go
 * @property {Spot} visit
 * @property {Thread} openThread
 * @property {Channel} newChannel
 * @property {string} commanded
 * @property {View} submitted
 * @property {{element: Interactive, value: Value}} pressed
 */

const bus = new EventTarget();

export const state = {
  /** @type {User | null} */
  me: null,
  team: { id: "", name: "" },
  /** @type {App} */
  app: { id: "", name: "", bot_user_id: "", home_tab: false, messages_tab_read_only: false },
  mode: "",
  /** @type {Map<string, User>} */
  users: new Map(),
  /** @type {Map<string, Channel>} */
  channels: new Map(),
  /** @type {Command[]} */
  commands: [],
  /** @type {Shortcut[]} */
  shortcuts: [],
  /** @type {Bot} */
  bot: { status: "none", last_lines: [] },
  /** @type {View | null} */
  view: null,
  /** @type {View | null} */
  home: null,
  isConnected: false,
  /** @type {Place} */
  place: { channel: "", tab: "messages" },
  /** @type {Thread | null} */
  thread: null,
};

/** The acting person. Only for what is drawn after the state has been read. @returns {User} */
export const me = () => /** @type {User} */ (state.me);

/**
 * Listens for news; options as for addEventListener.
 * @template {keyof News} Name
 * @param {Name} name
 * @param {(detail: News[Name]) => unknown} listener
 * @param {AddEventListenerOptions} [options]
 */
export function on(name, listener, options) {
  bus.addEventListener(
    name,
    (event) => listener(/** @type {CustomEvent<News[Name]>} */ (event).detail),
    options,
  );
}

/**
 * @template {keyof News} Name
 * @param {Name} name
 * @param {undefined extends News[Name] ? [News[Name]?] : [News[Name]]} detail
 */
export function tell(name, ...[detail]) {
  bus.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Takes over the answer of /sandbox/state. @param {Workspace} answer */
export function adopt(answer) {
  state.me = answer.me;
  state.team = answer.team;
  state.app = answer.app;
  state.mode = answer.mode;
  state.users = new Map(answer.users.map((user) => [user.id, user]));
  if (!state.users.has(answer.me.id)) state.users.set(answer.me.id, answer.me);
  state.channels = new Map(answer.channels.map((channel) => [channel.id, channel]));
  state.commands = answer.commands ?? [];
  state.shortcuts = answer.shortcuts ?? [];
  state.bot = answer.bot ?? state.bot;
  state.view = answer.view;
}

/** Takes over what has changed in a channel. @param {Partial<Channel> & {id: string}} channel */
export function setChannel(channel) {
  const known = /** @type {Channel} */ (state.channels.get(channel.id));
  state.channels.set(channel.id, { ...known, ...channel });
  tell("channels", channel.id);
}

/** The channel can't be seen any longer. @param {string} channelId */
export function dropChannel(channelId) {
  state.channels.delete(channelId);
}

/** The direct message with the bot, if there is one yet. */
export function botDm() {
  return [...state.channels.values()].find((channel) => channel.kind === "dm");
}

export const currentChannel = () => state.channels.get(state.place.channel);

/** "#incidents", or the bot's name for its direct message. @param {Channel} channel */
export function channelTitle(channel) {
  return channel.kind === "dm" ? state.app.name : `#${channel.name}`;
}

/**
 * How the acting person reads: zone and names; what mrkdwn needs.
 * @type {import("./mrkdwn.js").Reader}
 */
export const reader = {
  get tz() {
    return state.me?.tz ?? "UTC";
  },
  get me() {
    return state.me?.id ?? "";
  },
  userName: (id) => state.users.get(id)?.real_name ?? null,
  channelName: (id) => {
    const channel = state.channels.get(id);
    return channel ? channel.name : null;
  },
  openChannel: (id) => tell("go", { channel: id }),
};
