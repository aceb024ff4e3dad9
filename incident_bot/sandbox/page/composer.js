// Where one writes: messages and slash commands, with completions for commands, people, channels and emoji.

import { fill, findAll, h, hiddenText, uniqueId, upOrDown } from "./dom.js";
import { emojiCharacter, findEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { runShortcut } from "./message.js";
import { avatar } from "./people.js";
import { openPicker } from "./picker.js";
import { state } from "./state.js";

/**
 * @import { Attributes } from "./dom.js"
 * @import { IconName } from "./icons.js"
 */

/** @typedef {{text: string, label: string, hint?: string, note?: string, picture?: Node}} Completion */
/** @typedef {{start: number, title: string, items: Completion[], isEager: boolean}} Completions `start` is where the text goes */

/** The words of a usage hint that can be typed next: "[new | list | show]" gives new, list, show. */
function subcommandsOf(usageHint = "") {
  const list = usageHint.match(/[^\s[\]<>()|]+(?:\s*\|\s*[^\s[\]<>()|]+)+/);
  return list ? list[0].split("|").map((word) => word.trim()) : [];
}

/**
 * What can be completed at the caret.
 * @param {string} before
 * @returns {Completions | null}
 */
function completionsAt(before) {
  const command = /^\/(\S*)$/.exec(before);
  if (command) return commandCompletions(command[1]);
  const sub = /^(\/\S+)\s+(\S*)$/.exec(before);
  if (sub) return subcommandCompletions(sub[1], sub[2], before.length);
  const word = /(?:^|\s)([@#:])([^\s@#:]*)$/.exec(before);
  return word ? wordCompletions(word[1], word[2], before.length) : null;
}

/** @param {string} typed */
function commandCompletions(typed) {
  const items = state.commands
    .filter((command) => command.command.slice(1).startsWith(typed.toLowerCase()))
    .map((command) => ({
      text: `${command.command} `,
      label: command.command,
      hint: command.usage_hint,
      note: command.description,
      picture: avatar({ is_bot: true }, "s"),
    }));
  return { start: 0, title: `Commands of ${state.app.name}`, items, isEager: true };
}

/** @param {string} name @param {string} typed @param {number} caret */
function subcommandCompletions(name, typed, caret) {
  const command = state.commands.find((each) => each.command === name);
  const items = subcommandsOf(command?.usage_hint)
    .filter((word) => word.startsWith(typed.toLowerCase()) && word !== typed)
    .map((word) => ({ text: `${word} `, label: `${name} ${word}` }));
  return {
    start: caret - typed.length,
    title: command?.description ?? "",
    items,
    isEager: typed.length > 0,
  };
}

/** @param {string} mark @param {string} typed @param {number} caret */
function wordCompletions(mark, typed, caret) {
  const wanted = typed.toLowerCase();
  const start = caret - typed.length - 1;
  if (mark === ":") {
    if (typed.length < 2) return null;
    const items = findEmoji(typed).map((name) => ({
      text: `:${name}: `,
      label: `:${name}:`,
      picture: h("span", { class: "emoji" }, emojiCharacter(name)),
    }));
    return { start, title: "Emoji", items, isEager: true };
  }
  if (mark === "@") {
    const users = [...state.users.values()].filter((user) =>
      `${user.name} ${user.real_name}`
        .toLowerCase()
        .split(" ")
        .some((part) => part.startsWith(wanted)),
    );
    return {
      start,
      title: "People",
      items: users.map((user) => ({
        text: `@${user.name} `,
        label: user.real_name,
        note: user.is_bot ? "App" : user.role,
        picture: avatar(user, "s"),
      })),
      isEager: true,
    };
  }
  const channels = [...state.channels.values()].filter(
    (channel) => channel.kind !== "dm" && channel.name.startsWith(wanted),
  );
  return {
    start,
    title: "Channels",
    items: channels.map((channel) => ({
      text: `#${channel.name} `,
      label: channel.name,
      picture: icon(channel.kind === "private" ? "lock" : "hash"),
    })),
    isEager: true,
  };
}

export class Composer {
  /**
   * @param {object} options
   * @param {string} options.id
   * @param {(text: string) => Promise<boolean>} options.send true when it was taken
   * @param {boolean} [options.inThread]
   */
  constructor({ id, send, inThread = false }) {
    this.send = send;
    this.inThread = inThread;
    /** @type {Completions | null} */
    this.found = null;
    this.active = -1;
    /** @type {string[]} */
    this.sent = [];
    /** @type {Map<string, string>} */
    this.drafts = new Map();
    this.place = "";
    this.listId = uniqueId("completions");
    /** @type {HTMLTextAreaElement} */
    this.input = h("textarea", {
      id,
      class: "composer-input",
      rows: "1",
      "aria-label": "Message",
      "aria-autocomplete": "list",
      autocomplete: "off",
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#key(event),
      onclick: () => this.#complete(),
      onblur: () => this.#hide(),
    });
    this.panel = h("div", {
      class: "completions",
      hidden: true,
      tabindex: "0", // what scrolls can be reached by keyboard
      onpointerdown: (event) => event.preventDefault(),
    });
    this.sendButton = h(
      "button",
      { type: "button", class: "send", disabled: true, onclick: () => this.#send() },
      icon("send"),
      hiddenText("Send"),
    );
    this.node = h(
      "div",
      { class: "composer" },
      this.panel,
      h(
        "div",
        { class: "composer-box" },
        this.input,
        h("div", { class: "composer-tools" }, this.#tools(), this.sendButton),
      ),
    );
  }

  #tools() {
    /** @type {(picture: IconName, name: string, press: (button: HTMLElement) => void, extra?: Attributes<"button">) => HTMLElement} */
    const tool = (picture, name, press, extra = {}) => {
      const button = h(
        "button",
        { type: "button", class: "tool", title: name, "aria-label": name, ...extra },
        icon(picture),
      );
      button.addEventListener("click", () => press(button));
      return button;
    };
    return [
      !this.inThread &&
        tool("bolt", "Shortcuts", (button) => this.#openShortcuts(button), {
          "aria-haspopup": "menu",
          "aria-expanded": "false",
        }),
      tool("smile", "Emoji", (button) =>
        openPicker(button, (name) => this.insert(`:${name}: `), {
          align: "start",
          prefer: "above",
        }),
      ),
      tool("at", "Mention somebody", () => this.insert("@")),
    ];
  }

  /** @param {string} words */
  setPlaceholder(words) {
    this.input.placeholder = words;
    this.input.setAttribute("aria-label", words);
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /**
   * Puts text in place of all that is there, ready to be completed or sent.
   * @param {string} text
   */
  write(text) {
    this.input.value = text;
    this.focus();
    this.input.setSelectionRange(text.length, text.length);
    this.#typed();
  }

  /**
   * Takes up the unfinished text of a place, without asking for attention.
   * @param {string} place
   */
  takeUp(place) {
    if (this.place === place) return;
    if (this.place) this.drafts.set(this.place, this.input.value);
    this.place = place;
    this.#restore(this.drafts.get(place) ?? "");
  }

  /** Another person has other unfinished texts. */
  forget() {
    this.takeUp("");
    this.drafts = new Map();
  }

  /** @param {string} text */
  insert(text) {
    const { selectionStart: from, selectionEnd: to, value } = this.input;
    const gap = from > 0 && !/\s$/.test(value.slice(0, from)) ? " " : "";
    this.input.setRangeText(gap + text, from, to, "end");
    this.focus();
    this.#typed();
  }

  /** @param {HTMLElement} button */
  #openShortcuts(button) {
    const shortcuts = state.shortcuts.filter((shortcut) => shortcut.type === "global");
    const groups = [
      {
        title: "Shortcuts",
        items: shortcuts.map((shortcut) => ({
          label: shortcut.name,
          note: shortcut.description,
          picture: icon("bolt"),
          select: () => runShortcut(shortcut),
        })),
        empty: `${state.app.name} has no global shortcuts yet.`,
      },
      {
        title: "Slash commands",
        items: state.commands.map((command) => ({
          label: command.command,
          note: command.description,
          picture: icon("send"),
          select: () => this.write(`${command.command} `),
        })),
      },
    ];
    openMenu(button, "Shortcuts", groups, { prefer: "above" });
  }

  #typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 240)}px`;
    this.sendButton.disabled = !this.input.value.trim();
    this.#complete();
  }

  #complete() {
    const { value, selectionStart } = this.input;
    const found =
      this.inThread && value.startsWith("/") ? null : completionsAt(value.slice(0, selectionStart));
    if (!found?.items.length) return this.#hide();
    this.found = found;
    const list = h(
      "div",
      {
        role: "listbox",
        id: this.listId,
        class: found.items.some((item) => item.picture) ? undefined : "in-columns",
        "aria-label": found.title || "Completions",
      },
      found.items.map((item, index) => this.#option(item, index)),
    );
    fill(
      this.panel,
      h(
        "div",
        { class: "completions-head" },
        h("span", {}, found.title),
        h("span", { class: "keys" }, "↑↓ choose · Tab takes it"),
      ),
      list,
    );
    this.panel.hidden = false;
    this.input.setAttribute("aria-controls", this.listId);
    return this.#activate(found.isEager ? 0 : -1);
  }

  /** @param {Completion} item @param {number} index */
  #option(item, index) {
    return h(
      "div",
      {
        role: "option",
        class: "option",
        id: `${this.listId}-${index}`,
        "aria-selected": "false",
        onclick: () => this.#take(index),
      },
      item.picture,
      h(
        "span",
        { class: "menu-words" },
        h(
          "span",
          {},
          h("b", {}, item.label),
          item.hint && h("span", { class: "usage" }, ` ${item.hint}`),
        ),
        item.note && h("span", { class: "menu-note" }, item.note),
      ),
    );
  }

  /** @param {number} index */
  #activate(index) {
    this.active = index;
    findAll(this.panel, "[role='option']").forEach((node, at) => {
      node.classList.toggle("option-active", at === index);
      node.setAttribute("aria-selected", String(at === index));
      if (at === index) node.scrollIntoView({ block: "nearest" });
    });
    if (index === -1) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.listId}-${index}`);
  }

  #hide() {
    this.found = null;
    this.active = -1;
    this.panel.hidden = true;
    this.input.removeAttribute("aria-controls");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  #take(index) {
    if (!this.found) return;
    const { items, start } = this.found;
    this.input.setRangeText(items[index].text, start, this.input.selectionStart, "end");
    this.#typed();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    const step = upOrDown(event);
    const count = this.found?.items.length ?? 0;
    if (step && count) {
      event.preventDefault();
      this.#activate((Math.max(this.active, step === 1 ? -1 : 0) + step + count) % count);
    } else if (event.key === "Tab" && !event.shiftKey && count) {
      event.preventDefault();
      this.#take(Math.max(this.active, 0));
    } else if (event.key === "Escape" && count) {
      event.preventDefault();
      event.stopPropagation();
      this.#hide();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (this.active >= 0) this.#take(this.active);
      else this.#send();
    } else if (event.key === "ArrowUp" && !this.input.value && this.sent.length) {
      event.preventDefault();
      this.write(this.sent[this.sent.length - 1]);
    }
  }

  async #send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.#typed();
    this.#hide();
    this.sent.push(text);
    const { place, drafts } = this;
    if (!(await this.send(text)) && this.drafts === drafts) this.#giveBack(text, place);
  }

  /**
   * What was not sent is unfinished again, where it was written.
   * @param {string} text
   * @param {string} place
   */
  #giveBack(text, place) {
    if (this.place !== place) this.drafts.set(place, this.drafts.get(place) || text);
    else if (!this.input.value) this.#restore(text);
  }

  /** @param {string} text */
  #restore(text) {
    this.input.value = text;
    this.#typed();
    this.#hide();
  }
}
