// How people and the bot look: avatars from initials, names with what they are.

import { h } from "./dom.js";
import { state } from "./state.js";

const COLORS = 8;

/** Who speaks when Slack itself would, as Slackbot. */
export const SANDBOX_USER = "sandbox";

function initials(name) {
  const words = name.trim().split(/\s+/);
  return (words[0]?.[0] ?? "?") + (words.length > 1 ? words[words.length - 1][0] : "");
}

/** Colours go round by the order of the people, so that neighbours differ. */
function colorOf(id) {
  return Math.max(0, [...state.users.keys()].indexOf(id)) % COLORS;
}

/** A person's square with initials, or the bot's own picture. Decorative: the name stands beside it. */
export function avatar(user, size = "m") {
  if (user?.id === SANDBOX_USER)
    return h("span", { class: `avatar avatar-${size} avatar-sandbox`, "aria-hidden": "true" }, "S");
  if (!user || user.is_bot)
    return h("span", { class: `avatar avatar-${size} avatar-bot`, "aria-hidden": "true" });
  return h(
    "span",
    { class: `avatar avatar-${size} avatar-c${colorOf(user.id)}`, "aria-hidden": "true" },
    initials(user.real_name),
  );
}

/** The person with this ID; somebody unknown is shown by the ID. */
export function person(userId) {
  if (userId === SANDBOX_USER)
    return { id: userId, name: userId, real_name: "Sandbox", role: "", is_bot: false };
  return (
    state.users.get(userId) ?? {
      id: userId,
      name: userId,
      real_name: userId === state.app.bot_user_id ? state.app.name : userId,
      role: "",
      is_bot: userId === state.app.bot_user_id,
    }
  );
}

/** "Guest", "Acme", "App" beside a name, or nothing. */
export function badge(user) {
  if (user.is_bot) return h("span", { class: "badge" }, "App");
  if (user.is_external)
    return h(
      "span",
      { class: "badge badge-external", title: "From another organisation" },
      "External",
    );
  if (user.is_guest) return h("span", { class: "badge badge-external" }, "Guest");
  return null;
}
