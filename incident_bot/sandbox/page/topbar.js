// The bar at the top: the sandbox's name, who is acting, the drawer and the theme.

import { byId, fill, h, hiddenText } from "./dom.js";
import { clockTime } from "./dates.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { avatar } from "./people.js";
import { recall, remember } from "./remember.js";
import { me, on, state, tell } from "./state.js";

/** @import { User } from "./payloads.js" */

const bar = byId("topbar");

/** Builds the bar and keeps it in step. */
export function startTopbar() {
  fill(
    bar,
    menuButton(),
    h(
      "div",
      { class: "wordmark" },
      h("span", { class: "wordmark-picture", "aria-hidden": "true" }),
      h("span", { class: "wordmark-name" }, "Sandbox"),
      h("span", { class: "wordmark-note" }, "a workspace of your own, nothing leaves it"),
    ),
    h("div", { class: "topbar-middle" }, actorButton),
    h("div", { class: "topbar-end" }, connection, drawerButton, themeButton()),
  );
  on("person", drawActor);
  on("connection", drawConnection);
  on("drawer", (isOpen) => drawerButton.setAttribute("aria-pressed", String(isOpen)));
  drawConnection();
}

const connection = h("span", { class: "connection", role: "status" });

function drawConnection() {
  const wasReady = Boolean(state.me);
  fill(
    connection,
    state.isConnected || !wasReady
      ? ""
      : ["Reconnecting", h("span", { class: "dots", "aria-hidden": "true" }, "…")],
  );
}

function menuButton() {
  const button = h(
    "button",
    {
      type: "button",
      class: "icon-button only-narrow",
      "aria-controls": "sidebar",
      "aria-expanded": "false",
      onclick: () => tell("toggleSidebar"),
    },
    icon("menu"),
    hiddenText("Channels"),
  );
  on("sidebar", (isOpen) => button.setAttribute("aria-expanded", String(isOpen)));
  return button;
}

const actorButton = h("button", {
  type: "button",
  class: "actor",
  "aria-haspopup": "menu",
  "aria-expanded": "false",
  onclick: openActors,
});

function drawActor() {
  const user = me();
  fill(
    actorButton,
    h("span", { class: "actor-label" }, "Acting as"),
    avatar(user, "s"),
    h(
      "span",
      { class: "actor-name" },
      h("b", {}, user.real_name),
      user.role && h("span", { class: "actor-role" }, user.role),
    ),
    icon("down"),
  );
}

/** "Stockholm" in "Europe/Stockholm". @param {string} tz */
const city = (tz) => tz.slice(tz.lastIndexOf("/") + 1).replace(/_/g, " ");

function openActors() {
  const people = [...state.users.values()].filter((user) => !user.is_bot);
  const now = Date.now() / 1000;
  const items = people.map((user) => ({
    label: user.real_name,
    note: [user.role, `${clockTime(now, user.tz)} in ${city(user.tz)}`].filter(Boolean).join(" · "),
    picture: avatar(user, "m"),
    checked: user.id === state.me?.id,
    select: () => tell("actAs", user.id),
    aside: windowLink(user),
  }));
  openMenu(actorButton, "Acting as", [{ title: "See the workspace as somebody else", items }], {
    align: "end",
  });
}

/** @param {User} user */
function windowLink(user) {
  const name = `Act as ${user.real_name} in another window`;
  return h(
    "a",
    {
      class: "icon-button menu-aside",
      role: "menuitem",
      tabindex: "-1",
      href: `?as=${user.id}`,
      target: "_blank",
      rel: "noopener",
      title: name,
      "aria-label": name,
    },
    icon("window"),
  );
}

const drawerButton = h(
  "button",
  {
    type: "button",
    class: "topbar-button",
    "aria-label": "Under the hood",
    "aria-pressed": "false",
    onclick: () => tell("toggleDrawer"),
  },
  icon("pulse"),
  h("span", { class: "topbar-words" }, "Under the hood"),
);

function themeButton() {
  const root = document.documentElement;
  const isDark = () =>
    (root.dataset.theme ??
      (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const draw = () =>
    fill(
      button,
      icon(isDark() ? "sun" : "moon"),
      hiddenText(isDark() ? "Use the light theme" : "Use the dark theme"),
    );
  const toggle = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
    draw();
  };
  const button = h("button", { type: "button", class: "icon-button", onclick: toggle });
  if (recall("theme") === null)
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
  return button;
}
