// How people and the bot look: avatars from initials, names with what they are.

import { h } from "./dom.js";
import { state } from "./state.js";

/** @import { User } from "./payloads.js" */

/**
 * Whose picture is shown: a person's, or the bot's.
 * @typedef {{id: string, real_name: string, is_bot: boolean} | {is_bot: true, id?: undefined}} Face
 */

const COLORS = 8;

/** Who speaks when Slack itself would, as Slackbot. */
export const SANDBOX_USER = "sandbox";

/** @param {string} name */
function initials(name) {
  const words = name.trim().split(/\s+/);
  return (words[0]?.[0] ?? "?") + (words.length > 1 ? words[words.length - 1][0] : "");
}

/** Colours go round by the order of the people, so that neighbours differ. @param {string} id */
function colorOf(id) {
  return Math.max(0, [...state.users.keys()].indexOf(id)) % COLORS;
}

/**
 * A person's square with initials, or the bot's own picture. Decorative: the name stands beside it.
 * @param {Face} user
 * @param {"xs" | "s" | "m" | "l"} size
 */
export function avatar(user, size = "m") {
  if (user.id === SANDBOX_USER)
    return h("span", { class: `avatar avatar-${size} avatar-sandbox`, "aria-hidden": "true" }, "S");
  if (user.is_bot)
    return h("span", { class: `avatar avatar-${size} avatar-bot`, "aria-hidden": "true" });
  return h(
    "span",
    { class: `avatar avatar-${size} avatar-c${colorOf(user.id)}`, "aria-hidden": "true" },
    initials(user.real_name),
  );
}

/** @typedef {Pick<User, "id" | "name" | "real_name" | "role" | "is_bot"> & Partial<User>} Person */

/**
 * The person with this ID; somebody unknown is shown by the ID.
 * @param {string} userId
 * @returns {Person}
 */
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

/** "Guest", "External" or "App" beside a name, or nothing. @param {Person} user */
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
