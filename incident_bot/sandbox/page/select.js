// A select one can type into: one or many choices, of options at hand. Knows nothing of Block Kit.

import { fill, h, hiddenText, targetOf, uniqueId, upOrDown } from "./dom.js";
import { icon } from "./icons.js";
import { floatingHost, followAnchor, placePanel } from "./popover.js";

/**
 * @typedef {{key: string, label: string, note?: string, picture?: () => Node}} Choice
 */

/**
 * @template {Choice} Kind
 * @typedef {{title?: string, choices: Kind[]}} ChoiceGroup
 */

/** @template {Choice} Kind what it lets people choose from */
export class Select {
  /**
   * @param {object} options
   * @param {string} options.label its accessible name
   * @param {string} options.placeholder
   * @param {boolean} [options.isMulti]
   * @param {number} [options.max]
   * @param {Kind[]} [options.chosen]
   * @param {(query: string) => ChoiceGroup<Kind>[]} options.load
   * @param {(chosen: Kind[]) => Promise<boolean> | boolean} options.onChange false takes the choice back
   */
  constructor({
    label,
    placeholder,
    isMulti = false,
    max = Infinity,
    chosen = [],
    load,
    onChange,
  }) {
    this.label = label;
    this.placeholder = placeholder;
    this.isMulti = isMulti;
    this.max = max;
    this.chosen = chosen;
    this.load = load;
    this.onChange = onChange;
    this.listId = uniqueId("options");
    /** @type {Kind[]} */
    this.choices = [];
    this.active = -1;
    this.isOpen = false;
    /** @type {AbortController | null} */
    this.follow = null;
    this.input = this.#drawInput();
    this.chips = h("span", { class: "select-chips" });
    this.node = this.#drawBox();
    this.panel = h("div", { class: "options", onpointerdown: (event) => event.preventDefault() });
    this.#showChosen();
  }

  /** @returns {HTMLInputElement} */
  #drawInput() {
    return h("input", {
      class: "select-input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": this.label,
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      onfocus: () => this.input.select(),
      onclick: () => this.#open(),
      oninput: () => this.#open(this.input.value),
      onkeydown: (event) => this.#key(event),
      onblur: () => this.#leave(),
    });
  }

  /** @returns {HTMLElement} */
  #drawBox() {
    return h(
      "div",
      {
        class: `select${this.isMulti ? " select-multi" : ""}`,
        onclick: (event) => this.#clickBox(event),
      },
      this.chips,
      this.input,
      icon("down"),
    );
  }

  /** @param {Event} event */
  #clickBox(event) {
    if (targetOf(event).closest("button, input")) return;
    this.input.focus();
    this.#open();
  }

  #showChosen() {
    const [first] = this.chosen;
    this.input.value = this.isMulti ? "" : (first?.label ?? "");
    this.input.placeholder = this.isMulti && this.chosen.length ? "" : this.placeholder;
    if (!this.isMulti) this.#fit(first?.label ?? this.placeholder);
    fill(this.chips, this.isMulti ? this.chosen.map((choice) => this.#chip(choice)) : []);
  }

  /** @param {string} text */
  #fit(text) {
    this.input.size = Math.max(8, Math.min(text.length + 1, 34));
  }

  /** @param {Kind} choice */
  #chip(choice) {
    const remove = h(
      "button",
      {
        type: "button",
        class: "chip-remove",
        onclick: () => this.#change(this.chosen.filter((other) => other.key !== choice.key)),
      },
      icon("close"),
      hiddenText(`Remove ${choice.label}`),
    );
    return h("span", { class: "chip" }, choice.label, remove);
  }

  #open(query = "") {
    this.isOpen = true;
    this.#list(this.load(query));
  }

  /** @param {string} words */
  #showNote(words) {
    this.choices = [];
    this.active = -1;
    this.#showPanel(h("p", { class: "options-note", role: "status" }, words));
    this.input.removeAttribute("aria-controls");
    this.input.setAttribute("aria-expanded", "false");
  }

  /** @param {ChoiceGroup<Kind>[]} groups */
  #list(groups) {
    this.choices = [];
    const list = h("div", {
      role: "listbox",
      id: this.listId,
      "aria-label": this.label,
      "aria-multiselectable": this.isMulti ? "true" : undefined,
    });
    for (const group of groups) {
      const box = group.title
        ? h(
            "div",
            { role: "group", "aria-label": group.title },
            h("div", { class: "menu-title", "aria-hidden": "true" }, group.title),
          )
        : list;
      if (box !== list) list.append(box);
      for (const choice of group.choices) box.append(this.#option(choice));
    }
    if (!this.choices.length) return this.#showNote("No results");
    this.#showPanel(list);
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-controls", this.listId);
    const at = this.choices.findIndex((choice) => !this.isMulti && this.#isChosen(choice));
    this.#activate(at === -1 ? 0 : at);
  }

  /** @param {Kind} choice */
  #isChosen(choice) {
    return this.chosen.some((other) => other.key === choice.key);
  }

  /** @param {Kind} choice */
  #option(choice) {
    const index = this.choices.push(choice) - 1;
    return h(
      "div",
      {
        role: "option",
        id: `${this.listId}-${index}`,
        class: "option",
        "aria-selected": String(this.#isChosen(choice)),
        onclick: () => this.#pick(choice),
        onpointermove: () => this.#activate(index, false),
      },
      choice.picture?.(),
      h(
        "span",
        { class: "menu-words" },
        h("span", {}, choice.label),
        choice.note && h("span", { class: "menu-note" }, choice.note),
      ),
      this.#isChosen(choice) && icon("check"),
    );
  }

  /** @param {Node} content */
  #showPanel(content) {
    fill(this.panel, content);
    if (!this.panel.isConnected) floatingHost(this.node).append(this.panel);
    this.panel.style.minWidth = `${this.node.getBoundingClientRect().width}px`;
    placePanel(this.panel, this.node);
    if (this.follow) return;
    this.follow = new AbortController();
    followAnchor(this.panel, this.node, this.follow.signal);
  }

  /** @param {number} index */
  #activate(index, scroll = true) {
    this.panel.querySelector(".option-active")?.classList.remove("option-active");
    this.active = index;
    const node = document.getElementById(`${this.listId}-${index}`);
    if (!node) return this.input.removeAttribute("aria-activedescendant");
    node.classList.add("option-active");
    this.input.setAttribute("aria-activedescendant", node.id);
    if (scroll) node.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = upOrDown(event);
    if (step) {
      event.preventDefault();
      if (this.isOpen && this.choices.length)
        this.#activate((this.active + step + this.choices.length) % this.choices.length);
      else this.#open();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.isOpen && this.choices[this.active]) this.#pick(this.choices[this.active]);
      else if (!this.isOpen) this.#open();
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
      this.#showChosen();
    } else if (
      event.key === "Backspace" &&
      this.isMulti &&
      !this.input.value &&
      this.chosen.length
    ) {
      this.#change(this.chosen.slice(0, -1));
    }
  }

  /** @param {Kind} choice */
  async #pick(choice) {
    if (!this.isMulti) {
      this.#close();
      return this.#change([choice]);
    }
    const without = this.chosen.filter((other) => other.key !== choice.key);
    if (without.length === this.chosen.length && without.length >= this.max) return;
    await this.#change(without.length === this.chosen.length ? [...without, choice] : without);
    this.#open();
  }

  /** @param {Kind[]} chosen */
  async #change(chosen) {
    const before = this.chosen;
    this.chosen = chosen;
    this.#showChosen();
    if ((await this.onChange(chosen)) !== false) return;
    this.chosen = before;
    this.#showChosen();
  }

  #leave() {
    this.#close();
    this.#showChosen();
  }

  #close() {
    this.isOpen = false;
    this.follow?.abort();
    this.follow = null;
    this.panel.remove();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-controls");
    this.input.removeAttribute("aria-activedescendant");
  }
}
