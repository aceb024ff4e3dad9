// What one may do to the channel one is in: its name in the header opens the menu, each entry is a question or a form.

import { api } from "./api.js";
import { askConfirm, nameField, openForm } from "./dialog.js";
import { fill, h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { announce, tryOrTell } from "./notice.js";
import { avatar, badge } from "./people.js";
import { currentChannel, me, state } from "./state.js";

/**
 * @import { MenuItem } from "./menu.js"
 * @import { Channel, User } from "./payloads.js"
 */

/** Members of the team keep channels in order; guests and people from elsewhere do not. */
export const mayKeepHouse = () => !me().is_guest && !me().is_external;

// One button for good: the header is drawn anew while the menu is open, and the focus comes back here.
const button = h("button", {
  type: "button",
  class: "place-menu",
  id: "place-menu",
  "aria-haspopup": "menu",
  "aria-expanded": "false",
  title: "Channel menu",
  onclick: open,
});

function open() {
  const channel = currentChannel();
  if (channel) openMenu(button, "Channel", [{ items: itemsFor(channel) }]);
}

/**
 * The channel's name, which opens its menu where there is anything to do.
 * @param {Channel} channel
 */
export function channelName(channel) {
  const words = [
    icon(channel.kind === "private" ? "lock" : "hash"),
    h("span", { class: "place-name" }, channel.name),
  ];
  if (!itemsFor(channel).length) return words;
  fill(button, words, icon("down", "place-chevron"));
  return button;
}

/** @param {Channel} channel @returns {MenuItem[]} */
function itemsFor(channel) {
  if (!mayKeepHouse()) return [];
  if (channel.is_archived) return [unarchiveItem(channel)];
  if (!channel.is_member) return [];
  const always = [
    { label: "Rename channel", picture: icon("pencil"), select: () => rename(channel) },
    { label: "Add people", picture: icon("join"), select: () => addPeople(channel) },
  ];
  if (channel.is_general) return always;
  return [
    ...always,
    { label: "Leave channel", picture: icon("leave"), select: () => leave(channel) },
    {
      label: "Archive channel",
      picture: icon("archive"),
      isDanger: true,
      select: () => archive(channel),
    },
  ];
}

/** @param {Channel} channel */
function unarchiveItem(channel) {
  return { label: "Unarchive channel", picture: icon("archive"), select: () => unarchive(channel) };
}

/** @param {Channel} channel */
export const unarchive = (channel) => tryOrTell(() => api.archive(channel.id, false));

/** @param {Channel} channel */
function rename(channel) {
  const errorId = uniqueId("error");
  const field = nameField(errorId, channel.name);
  openForm({
    title: `Rename #${channel.name}`,
    fields: field.nodes,
    errorId,
    submit: "Rename",
    send: () => api.rename(channel.id, field.name()),
  });
  field.input.select();
}

/** @param {Channel} channel */
async function archive(channel) {
  const isAgreed = await askConfirm({
    title: { text: `Archive #${channel.name}?` },
    text: { text: "Nobody can write in it any more. It can still be read, and unarchived." },
    confirm: { text: "Archive channel" },
    style: "danger",
  });
  if (isAgreed) await tryOrTell(() => api.archive(channel.id, true));
}

/** @param {Channel} channel */
async function leave(channel) {
  const isAgreed =
    channel.kind !== "private" ||
    (await askConfirm({
      title: { text: `Leave #${channel.name}?` },
      text: { text: "It is private: you do not see it any more, unless somebody adds you again." },
      confirm: { text: "Leave channel" },
      style: "danger",
    }));
  if (isAgreed) await tryOrTell(() => api.leave(channel.id));
}

/** @param {Channel} channel */
function addPeople(channel) {
  const people = [...state.users.values()].filter(
    (user) => !channel.members.includes(user.id) && (!user.is_external || channel.is_ext_shared),
  );
  const errorId = uniqueId("error");
  const boxes = new Map(people.map((user) => [user, h("input", { type: "checkbox" })]));
  openForm({
    title: `Add people to #${channel.name}`,
    errorId,
    fields: people.length
      ? h(
          "div",
          {
            class: "choices people",
            role: "group",
            "aria-label": "People",
            "aria-describedby": errorId,
          },
          people.map((user) => personChoice(user, boxes.get(user))),
        )
      : h("p", { class: "dialog-text" }, "Everybody is here already."),
    submit: people.length ? "Add" : null,
    send: () =>
      add(
        channel,
        people.filter((user) => boxes.get(user)?.checked),
      ),
  });
}

/** @param {User} user @param {HTMLInputElement | undefined} box */
function personChoice(user, box) {
  return h(
    "label",
    { class: "choice" },
    box,
    avatar(user, "s"),
    h("span", {}, user.real_name, " ", badge(user)),
  );
}

/** @param {Channel} channel @param {User[]} people */
async function add(channel, people) {
  for (const user of people) await api.join(channel.id, user.id);
  if (people.length) announce(`Added ${people.map((user) => user.real_name).join(", ")}`);
}
