// What an interactive element holds, in Slack's state form: what it begins with, and reading all of a view's or message's.

/** @import { Block, Control, Option, Value, Values } from "./blockkit.js" */

/**
 * What an element may begin with: which field it is depends on the type.
 * @typedef {object} Initial
 * @property {string} type
 * @property {string} [initial_value]
 * @property {Option} [initial_option]
 * @property {Option[]} [initial_options]
 * @property {string} [initial_user]
 * @property {string[]} [initial_users]
 * @property {string} [initial_date]
 * @property {number} [initial_date_time]
 */

/** @typedef {(element: Initial) => Value} Beginning */

/** @type {Beginning} */
const TEXT = (element) => ({
  type: element.type,
  value: element.initial_value !== undefined ? String(element.initial_value) : null,
});
/** @type {Beginning} */
const ONE = (element) => ({ type: element.type, selected_option: element.initial_option ?? null });
/** @type {Beginning} */
const MANY = (element) => ({ type: element.type, selected_options: element.initial_options ?? [] });

/** @type {Record<string, Beginning>} */
const BEGINNINGS = {
  plain_text_input: TEXT,
  number_input: TEXT,
  email_text_input: TEXT,
  url_text_input: TEXT,
  static_select: ONE,
  radio_buttons: ONE,
  multi_static_select: MANY,
  checkboxes: MANY,
  users_select: (e) => ({ type: e.type, selected_user: e.initial_user ?? null }),
  multi_users_select: (e) => ({ type: e.type, selected_users: e.initial_users ?? [] }),
  datepicker: (e) => ({ type: e.type, selected_date: e.initial_date ?? null }),
  datetimepicker: (e) => ({ type: e.type, selected_date_time: e.initial_date_time ?? null }),
};

/**
 * What the element begins with, or null for one that holds nothing (a button, an overflow menu).
 * @param {Initial} element
 */
function beginning(element) {
  return BEGINNINGS[element.type]?.(element) ?? null;
}

/** The interactive elements of a block. @param {Block} block @returns {Control[]} */
function elementsOf(block) {
  if (block.type === "input") return [block.element];
  if (block.type === "section") return block.accessory ? [block.accessory] : [];
  return block.type === "actions" ? block.elements : [];
}

/**
 * What was entered in the elements that are the same as before: another definition means that the bot has reset them.
 * @param {Values | undefined} entered
 * @param {Block[] | undefined} blocksBefore
 * @param {Block[] | undefined} blocks
 */
export function unchanged(entered, blocksBefore, blocks) {
  /** @type {(all: Block[] | undefined) => Map<string, string>} */
  const definitions = (all) =>
    new Map(
      (all ?? []).flatMap((block) =>
        elementsOf(block).map((element) => [
          `${block.block_id}/${element?.action_id}`,
          JSON.stringify(element),
        ]),
      ),
    );
  const before = definitions(blocksBefore);
  /** @type {Values} */
  const kept = {};
  for (const [key, definition] of definitions(blocks)) {
    const [blockId, actionId] = key.split("/");
    const value = entered?.[blockId]?.[actionId];
    if (value && before.get(key) === definition) (kept[blockId] ??= {})[actionId] = value;
  }
  return kept;
}

/**
 * The values of all elements in these blocks: what was entered before where the same element is still there
 * (Slack keeps it across updates), otherwise what it begins with.
 * @param {Block[] | undefined} blocks
 * @param {Values} entered
 */
export function valuesOf(blocks, entered = {}) {
  /** @type {Values} */
  const values = {};
  for (const block of blocks ?? []) {
    for (const element of elementsOf(block)) {
      const start = element && beginning(element);
      if (!start) continue;
      const kept = entered[block.block_id]?.[element.action_id];
      (values[block.block_id] ??= {})[element.action_id] =
        kept?.type === element.type ? kept : start;
    }
  }
  return values;
}
