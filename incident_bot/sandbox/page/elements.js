// Block Kit's interactive elements: one function each, in a table. What is not in the table says so in place.

import { h, hiddenText, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { drawText, isHarmless, textWords } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { Select } from "./select.js";
import { reader, state } from "./state.js";
import { unixToWallTime, wallTimeToUnix } from "./dates.js";
import { unknownNode } from "./unknown.js";

/**
 * @import { Button, Choices, Control, Holder, Option, OptionGroup, Overflow, Picker, SelectElement, SelectKind, TextInput, Value } from "./blockkit.js"
 * @import { User } from "./payloads.js"
 * @import { Choice, ChoiceGroup } from "./select.js"
 * @import { Surface } from "./surface.js"
 */

/**
 * @typedef {object} Frame what surrounds an element
 * @property {Holder} block
 * @property {Surface} surface
 * @property {string} name its accessible name
 * @property {string} [controlId] the ID a label points to
 * @property {string} [describedBy]
 */

/**
 * @template Element
 * @typedef {(element: Element, frame: Frame) => HTMLElement} Draw
 */

/**
 * @type {(
 *   & Record<Button["type"], Draw<Button>>
 *   & Record<Overflow["type"], Draw<Overflow>>
 *   & Record<Choices["type"], Draw<Choices>>
 *   & Record<TextInput["type"], Draw<TextInput>>
 *   & Record<Picker["type"], Draw<Picker>>
 *   & Record<SelectElement["type"], Draw<SelectElement>>
 * )}
 */
const DRAWERS = {
  button: drawButton,
  overflow: drawOverflow,
  checkboxes: (element, frame) => drawChoices(element, frame, "checkbox"),
  radio_buttons: (element, frame) => drawChoices(element, frame, "radio"),
  plain_text_input: drawTextInput,
  number_input: drawTextInput,
  email_text_input: drawTextInput,
  url_text_input: drawTextInput,
  datepicker: (element, frame) => drawPicker(element, frame, "date", "selected_date"),
  datetimepicker: (element, frame) =>
    drawPicker(element, frame, "datetime-local", "selected_date_time"),
  static_select: drawSelect,
  users_select: drawSelect,
  multi_static_select: drawSelect,
  multi_users_select: drawSelect,
};

/** Draws an element. @param {Control} element @param {Frame} frame */
export function drawElement(element, frame) {
  const draw = /** @type {Draw<Control> | undefined} */ (DRAWERS[element?.type]);
  if (!draw) return unknownNode("an element", element);
  const node = draw(element, frame);
  node.dataset.actionId = element.action_id ?? "";
  return node;
}

/** @type {Draw<Button>} */
function drawButton(element, { block, surface }) {
  const { style } = element;
  const look = style === "primary" || style === "danger" ? ` button-${style}` : "";
  const attributes = { class: `button${look}`, "aria-label": element.accessibility_label };
  const value = { type: "button", value: element.value };
  /** @param {{currentTarget: HTMLElement}} event */
  const press = (event) => surface.press(block, element, value, event.currentTarget);
  if (element.url && isHarmless(element.url))
    return h(
      "a",
      {
        ...attributes,
        href: element.url,
        target: "_blank",
        rel: "noopener noreferrer",
        onclick: press,
      },
      drawText(element.text, reader),
      icon("window"),
    );
  return h(
    "button",
    { ...attributes, type: "button", onclick: press },
    drawText(element.text, reader),
  );
}

/** @type {Draw<Overflow>} */
function drawOverflow(element, { block, surface, name }) {
  const items = element.options.map((option) => ({
    label: textWords(option.text, reader),
    note: option.description && textWords(option.description, reader),
    href: option.url && isHarmless(option.url) ? option.url : undefined,
    select: () =>
      surface.press(block, element, { type: "overflow", selected_option: option }, button),
  }));
  const button = h(
    "button",
    {
      type: "button",
      class: "button button-overflow",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
    },
    icon("more"),
    hiddenText(name || "More actions"),
  );
  button.addEventListener("click", () =>
    openMenu(button, "More actions", [{ items }], { align: "end" }),
  );
  return button;
}

/** @param {Choices} element @param {Frame} frame @param {"checkbox" | "radio"} kind */
function drawChoices(element, { block, surface, name, describedBy }, kind) {
  const group = uniqueId("choices");
  const current = surface.value(block, element);
  const chosen = () => {
    const value = surface.value(block, element);
    if (kind === "checkbox") return value?.selected_options ?? [];
    return value?.selected_option ? [value.selected_option] : [];
  };
  /** @param {Option} option */
  const isChosen = (option) => chosen().some((other) => other.value === option.value);
  /** @param {Option} option @param {HTMLInputElement} control */
  const change = async (option, control) => {
    const others = chosen().filter((other) => other.value !== option.value);
    const picked = control.checked ? [...others, option] : others;
    const inOrder = element.options.filter((each) =>
      picked.some((other) => other.value === each.value),
    );
    const value =
      kind === "radio"
        ? { type: element.type, selected_option: option }
        : { type: element.type, selected_options: inOrder };
    if (!(await surface.choose(block, element, value, control)))
      boxes.forEach((box, index) => (box.checked = isChosen(element.options[index])));
  };
  const boxes = element.options.map((option, index) =>
    h("input", {
      type: kind,
      name: group,
      "aria-labelledby": `${group}-${index}`,
      "aria-describedby": option.description && `${group}-${index}-note`,
      checked: current ? isChosen(option) : false,
      onchange: (event) => change(option, event.currentTarget),
    }),
  );
  return h(
    "div",
    {
      class: "choices",
      role: kind === "radio" ? "radiogroup" : "group",
      "aria-label": name,
      "aria-describedby": describedBy,
    },
    element.options.map((option, index) =>
      h(
        "label",
        { class: "choice" },
        boxes[index],
        h(
          "span",
          {},
          h("span", { id: `${group}-${index}` }, drawText(option.text, reader)),
          option.description &&
            h(
              "span",
              { class: "choice-note", id: `${group}-${index}-note` },
              drawText(option.description, reader),
            ),
        ),
      ),
    ),
  );
}

const INPUT_KINDS = {
  plain_text_input: { type: "text" },
  number_input: { type: "text", inputmode: "decimal" },
  email_text_input: { type: "email", inputmode: "email", autocomplete: "off" },
  url_text_input: { type: "url", inputmode: "url", autocomplete: "off" },
};

/** @typedef {HTMLInputElement | HTMLTextAreaElement} TextControl */

/** @type {Draw<TextInput>} */
function drawTextInput(element, frame) {
  const { block, surface, name, controlId, describedBy } = frame;
  const attributes = {
    id: controlId,
    class: "text-input",
    "aria-label": controlId ? undefined : name,
    "aria-describedby": describedBy,
    "aria-required": block.type === "input" && !block.optional ? "true" : undefined,
    placeholder: element.placeholder && textWords(element.placeholder, reader),
    autofocus: element.focus_on_load,
  };
  /** @type {TextControl} */
  const control = element.multiline
    ? h("textarea", { ...attributes, rows: "4" })
    : h("input", { ...attributes, ...INPUT_KINDS[element.type], autocomplete: "off" });
  control.value = surface.value(block, element)?.value ?? "";
  const most = element.max_length;
  const counter = most ? h("span", { class: "counter", "aria-hidden": "true" }) : null;
  const count = () => counter && most && countLength(control, counter, most);
  control.addEventListener("input", () => {
    surface.setValue(block, element, { type: element.type, value: control.value || null });
    count();
  });
  if (block.dispatch_action) dispatchText(control, element, frame);
  count();
  return h("div", { class: "text-field" }, control, counter);
}

/** @param {TextControl} control @param {HTMLElement} counter @param {number} most */
function countLength(control, counter, most) {
  const left = most - [...control.value].length;
  counter.textContent = String(left);
  counter.title = `${left} of ${most} characters left`;
  counter.classList.toggle("counter-over", left < 0);
}

/** @param {TextControl} control @param {TextInput} element @param {Frame} frame */
function dispatchText(control, element, { block, surface }) {
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const send = () =>
    surface.send(block, element, { type: element.type, value: control.value || null });
  if (triggers.includes("on_enter_pressed")) {
    /** @type {HTMLElement} */ (control).addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      send();
    });
  }
  if (triggers.includes("on_character_entered"))
    control.addEventListener("input", () => surface.sendSoon(block, element));
}

/**
 * @param {Picker} element
 * @param {Frame} frame
 * @param {"date" | "datetime-local"} type
 * @param {"selected_date" | "selected_date_time"} field
 */
function drawPicker(element, { block, surface, name, controlId, describedBy }, type, field) {
  const isMoment = field === "selected_date_time";
  const show = () => {
    const held = surface.value(block, element)?.[field];
    control.value = typeof held === "number" ? unixToWallTime(held, reader.tz) : (held ?? "");
  };
  const change = async () => {
    const text = control.value || null;
    /** @type {Value} */
    const value = {
      type: element.type,
      [field]: text && isMoment ? wallTimeToUnix(text, reader.tz) : text,
    };
    if (!(await surface.choose(block, element, value, control))) show();
  };
  const placeholder = element.placeholder && textWords(element.placeholder, reader);
  const control = h("input", {
    id: controlId,
    type,
    class: "text-input picker",
    "aria-label": controlId ? undefined : name || placeholder || "Date",
    "aria-describedby": describedBy,
    title: placeholder,
    onchange: change,
  });
  show();
  return h("div", { class: "text-field" }, control);
}

// Selects: each kind says where its choices come from and how they are held.

/** @typedef {Choice & {option?: Option}} ElementChoice `option` is set where the bot gave the choice */

/** @type {(option: Option) => ElementChoice} */
const optionChoice = (option) => ({
  key: option.value,
  label: textWords(option.text, reader),
  note: option.description && textWords(option.description, reader),
  option,
});
/** @type {(user: User) => ElementChoice} */
const userChoice = (user) => ({
  key: user.id,
  label: user.real_name,
  note: user.role,
  picture: () => avatar(user, "xs"),
});

/** @param {ElementChoice[]} choices @param {string} query */
function matching(choices, query) {
  const wanted = query.trim().toLowerCase();
  return wanted ? choices.filter((choice) => choice.label.toLowerCase().includes(wanted)) : choices;
}

/** @type {(group: OptionGroup) => ChoiceGroup<ElementChoice>} */
const choiceGroup = (group) => ({
  title: group.label && textWords(group.label, reader),
  choices: group.options.map(optionChoice),
});

/** @param {SelectElement} element */
function staticGroups(element) {
  return (element.option_groups ?? [{ options: element.options ?? [] }]).map(choiceGroup);
}

const knownUsers = () => [...state.users.values()].filter((user) => !user.is_bot).map(userChoice);

/**
 * @typedef {object} Source
 * @property {(element: SelectElement) => ChoiceGroup<ElementChoice>[]} groups
 * @property {"selected_option" | "selected_user"} one
 * @property {"selected_options" | "selected_users"} many
 */

/** @type {Record<SelectKind, Source>} */
const SOURCES = {
  static: { groups: staticGroups, one: "selected_option", many: "selected_options" },
  users: {
    groups: () => [{ choices: knownUsers() }],
    one: "selected_user",
    many: "selected_users",
  },
};

/** @type {Draw<SelectElement>} */
function drawSelect(element, { block, surface, name, describedBy, controlId }) {
  const isMulti = element.type.startsWith("multi_");
  const kind = /** @type {SelectKind} */ (
    element.type.replace("multi_", "").replace("_select", "")
  );
  const source = SOURCES[kind];
  const field = isMulti ? source.many : source.one;
  /** @type {(key: string) => ElementChoice} */
  const find = (key) =>
    source
      .groups(element)
      .flatMap((group) => group.choices)
      .find((choice) => choice.key === key) ?? { key, label: key };
  const held = [surface.value(block, element)?.[field] ?? []].flat();
  /** @param {string} query */
  const load = (query) =>
    source.groups(element).map((group) => ({ ...group, choices: matching(group.choices, query) }));
  /** @param {ElementChoice[]} chosen @returns {Promise<boolean>} */
  const onChange = (chosen) => {
    const values = chosen.map((choice) => choice.option ?? choice.key);
    return surface.choose(
      block,
      element,
      { type: element.type, [field]: isMulti ? values : (values[0] ?? null) },
      select.input,
    );
  };
  const select = new Select({
    label: name || (element.placeholder && textWords(element.placeholder, reader)) || "Select",
    placeholder: element.placeholder
      ? textWords(element.placeholder, reader)
      : isMulti
        ? "Select options"
        : "Select an option",
    isMulti,
    max: element.max_selected_items,
    chosen: held.map((value) => (typeof value === "string" ? find(value) : optionChoice(value))),
    load,
    onChange,
  });
  if (controlId) select.input.id = controlId;
  if (describedBy) select.input.setAttribute("aria-describedby", describedBy);
  return select.node;
}
