// One place that carries blocks (a message, a view, the Home tab): what has been entered there, and presses sent from there.

import { api } from "./api.js";
import { askConfirm } from "./dialog.js";
import { failureWords, showNotice } from "./notice.js";
import { tell } from "./state.js";

/**
 * @import { Confirm, Holder, TextObject, Value, Values } from "./blockkit.js"
 * @import { Container } from "./payloads.js"
 */

/**
 * What a surface needs to know of a control.
 * @typedef {object} Interactive
 * @property {string} type
 * @property {string} action_id
 * @property {TextObject} [text]
 * @property {Confirm} [confirm]
 */

const TROUBLE = "We had some trouble connecting. Try again?";
const TYPING_PAUSE_MS = 300;

export class Surface {
  /**
   * @param {Container} container
   * @param {Values} values what has been entered, in Slack's state form; kept by whoever owns the surface
   */
  constructor(container, values = {}) {
    this.container = container;
    this.values = values;
    /** @type {Map<string, number>} */
    this.waiting = new Map();
  }

  /**
   * What is entered for an element, or undefined.
   * @param {Holder} block
   * @param {Interactive} element
   */
  value(block, element) {
    const value = this.values[block.block_id]?.[element.action_id];
    return value?.type === element.type ? value : undefined;
  }

  /** @param {Holder} block @param {Interactive} element @param {Value} value */
  setValue(block, element, value) {
    (this.values[block.block_id] ??= {})[element.action_id] = value;
  }

  /**
   * Records a choice; in an actions or section block, or an input that dispatches, the bot is told too.
   * @param {Holder} block
   * @param {Interactive} element
   * @param {Value} value
   * @param {HTMLElement} control
   */
  async choose(block, element, value, control) {
    const before = this.value(block, element);
    if (element.confirm && block.type !== "input" && !(await askConfirm(element.confirm)))
      return false;
    this.setValue(block, element, value);
    if (block.type === "input" && !block.dispatch_action) return true;
    const isSent = await this.send(block, element, value, control);
    if (!isSent && before !== undefined) this.setValue(block, element, before);
    return isSent;
  }

  /**
   * Presses a button or picks from an overflow menu, after its confirm dialog.
   * @param {Holder} block
   * @param {Interactive} element
   * @param {Value} value
   * @param {HTMLElement} control
   */
  async press(block, element, value, control) {
    if (element.confirm && !(await askConfirm(element.confirm))) return false;
    return this.send(block, element, value, control);
  }

  /**
   * @param {Holder} block
   * @param {Interactive} element
   * @param {Value} value
   * @param {HTMLElement} [control]
   */
  async send(block, element, value, control) {
    control?.setAttribute("aria-busy", "true");
    const failure = await this.#post(block, element, value);
    control?.removeAttribute("aria-busy");
    if (failure) showNotice(failure);
    else tell("pressed", { element, value });
    return !failure;
  }

  /**
   * @param {Holder} block
   * @param {Interactive} element
   * @param {Value} value
   * @returns {Promise<string | null>} the words of the failure
   */
  async #post(block, element, value) {
    try {
      const answer = await api.action({
        container: this.container,
        block_id: block.block_id,
        action_id: element.action_id,
        value,
        state: this.values,
      });
      return answer.ok ? null : (answer.words ?? TROUBLE);
    } catch (failure) {
      return failureWords(failure);
    }
  }

  /**
   * Tells the bot what is entered as soon as the typing pauses, whichever node it is then typed into.
   * @param {Holder} block
   * @param {Interactive} element
   */
  sendSoon(block, element) {
    const key = `${block.block_id}/${element.action_id}`;
    clearTimeout(this.waiting.get(key));
    const send = () => {
      this.waiting.delete(key);
      const value = this.value(block, element);
      if (value) this.send(block, element, value);
    };
    this.waiting.set(key, setTimeout(send, TYPING_PAUSE_MS));
  }

  /** What the bot has not been told yet it is not told any more: all is sent together, or given up. */
  forget() {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }
}
