// What the page knows: who acts, the people and channels, where one is. Parts that draw listen for its changes.

const bus = new EventTarget();

export const state = {
  me: null,
  team: { id: "", name: "" },
  app: { id: "", name: "", bot_user_id: "", home_tab: false, messages_tab_read_only: false },
  mode: "",
  users: new Map(),
  channels: new Map(),
  commands: [],
  shortcuts: [],
  bot: { status: "none", last_lines: [] },
  views: [],
  home: null,
  isConnected: false,
  /** Where one is: a channel's messages, or the bot's Home tab. */
  place: { channel: "", tab: "messages" },
  /** The thread that is open, as {channel, ts}, or null. */
  thread: null,
};

/** Changes: "person", "channels", "place", "thread", "bot", "views", "home", "connection"; options as for addEventListener. */
export function on(name, listener, options) {
  bus.addEventListener(name, (event) => listener(event.detail), options);
}

export function tell(name, detail) {
  bus.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Takes over the answer of /sandbox/state. */
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
  state.views = answer.views ?? [];
}

export function setChannel(channel) {
  state.channels.set(channel.id, { ...state.channels.get(channel.id), ...channel });
  tell("channels", channel.id);
}

/** The channel is not to be seen any more. */
export function dropChannel(channelId) {
  state.channels.delete(channelId);
}

export const isBot = (userId) =>
  userId === state.app.bot_user_id || Boolean(state.users.get(userId)?.is_bot);

/** The direct message with the bot, if there is one yet. */
export function botDm() {
  return [...state.channels.values()].find((channel) => channel.kind === "dm");
}

export const currentChannel = () => state.channels.get(state.place.channel);

/** "#incidents", or the bot's name for its direct message. */
export function channelTitle(channel) {
  return channel.kind === "dm" ? state.app.name : `#${channel.name}`;
}

/** How the acting person reads: zone and names; what mrkdwn needs. */
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
