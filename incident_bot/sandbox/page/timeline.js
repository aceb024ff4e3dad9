// The list of messages of a channel or a thread: kept in order, changed one message at a time, older ones loaded on the way up.

import { dayKey, dayTitle } from "./dates.js";
import { closest, fill, find, findAll, focusedNode, h, mustFind, targetOf } from "./dom.js";
import { MessageTools, drawMessage, isContinuation } from "./message.js";
import { reader } from "./state.js";

/** @import { Message, MessagesAnswer } from "./payloads.js" */

const NEAR_END = 80;
const NEAR_TOP = 400;
const MOST_KEPT = 400;
const KEPT_AFTER_TRIM = 150;
const MOST_PAGES_BACK = 40;
const REVEALED_MS = 2500;

const CONTROLS = "button, a, input, textarea";

/**
 * Remembers what has the focus in an item: by its action, or by how many of its sort come before it.
 * @param {HTMLElement} item
 * @returns {() => HTMLElement | null} finds it again
 */
function focusedIn(item) {
  const node = focusedNode();
  const actionId = closest(node, "[data-action-id]")?.dataset.actionId;
  const alike = () => findAll(item, CONTROLS).filter((each) => each.className === node?.className);
  const index = node ? alike().indexOf(node) : -1;
  return () => {
    if (!actionId) return alike()[index] ?? null;
    const same = findAll(item, "[data-action-id]").find(
      (each) => each.dataset.actionId === actionId,
    );
    if (!same) return null;
    return same.matches(CONTROLS) ? same : find(same, CONTROLS);
  };
}

export class Timeline {
  /** @type {string[]} */
  order = [];
  /** @type {Map<string, Message>} */
  messages = new Map();
  /** @type {Map<string, HTMLElement>} */
  items = new Map();
  hasMore = false;
  /** @type {string | null} */
  firstUnread = null;
  isAtEnd = true;
  lastTop = 0;
  /**
   * What has come since each reading began: null for what was deleted.
   * @type {Set<Map<string, Message | null>>}
   */
  readings = new Set();
  /** @type {Promise<void> | null} */
  loading = null;
  leaving = new AbortController();
  sizes = new ResizeObserver(() => this.isAtEnd && this.scrollToEnd());

  /**
   * @param {HTMLElement} scroller the node that scrolls
   * @param {object} options
   * @param {string} options.label
   * @param {boolean} [options.inThread]
   * @param {(beforeTs: string) => Promise<MessagesAnswer>} [options.loadOlder]
   * @param {() => void} [options.onMore] called when older messages were loaded
   */
  constructor(scroller, { label, inThread = false, loadOlder, onMore }) {
    this.scroller = scroller;
    this.inThread = inThread;
    this.loadOlder = loadOlder;
    this.onMore = onMore;
    this.list = h("ol", { class: "timeline", "aria-label": label });
    this.top = h("div", { class: "timeline-top" });
    this.tools = new MessageTools({ inThread });
    fill(scroller, this.top, this.list);
    this.#listen();
  }

  /**
   * Asks for messages; what comes until the answer is there is newer than the answer.
   * @param {() => Promise<MessagesAnswer | null>} ask
   */
  async read(ask) {
    /** @type {Map<string, Message | null>} */
    const came = new Map();
    this.readings.add(came);
    try {
      const answer = await ask();
      if (!answer) return null;
      const messages = answer.messages.map((each) => {
        const newer = came.get(each.ts);
        return newer === undefined ? each : newer;
      });
      return {
        ...answer,
        messages: messages.filter((each) => each !== null),
        came: [...came.values()].filter((each) => each !== null),
      };
    } finally {
      this.readings.delete(came);
    }
  }

  /** @param {string} ts @param {Message | null} message */
  #note(ts, message) {
    for (const came of this.readings) came.set(ts, message);
  }

  clear() {
    this.order = [];
    this.messages = new Map();
    this.items = new Map();
    this.hasMore = false;
    this.firstUnread = null;
    this.list.replaceChildren();
  }

  #listen() {
    /** @param {Event} event */
    const point = (event) => {
      const item = closest(targetOf(event), "li.entry");
      const message = this.messages.get(item?.dataset.ts ?? "");
      if (item && message) this.tools.showFor(item, message);
    };
    this.list.addEventListener("pointerover", point);
    this.list.addEventListener("focusin", point);
    this.list.addEventListener("keydown", (event) => this.#walk(event));
    this.scroller.addEventListener("scroll", () => this.#scrolled(), {
      passive: true,
      signal: this.leaving.signal,
    });
    this.sizes.observe(this.list);
    this.sizes.observe(this.scroller);
  }

  /** Lets go of the scroller, before another list takes it over. */
  leave() {
    this.leaving.abort();
    this.sizes.disconnect();
  }

  /**
   * Shows the messages that were read, and those that came meanwhile.
   * @param {MessagesAnswer & {came: Message[]}} answer
   */
  show({ messages, came, has_more: hasMore = false }, unread = 0) {
    const newest = messages.at(-1)?.ts ?? "";
    this.clear();
    this.hasMore = hasMore;
    for (const message of [...messages, ...came.filter(({ ts }) => ts > newest)])
      this.#keep(message);
    const unreadFrom =
      unread && unread <= this.order.length ? this.order[this.order.length - unread] : null;
    this.firstUnread = unreadFrom;
    for (const ts of this.order) {
      const message = this.messages.get(ts);
      if (message) this.list.append(this.#item(message));
    }
    this.order.forEach((_, index) => this.#decorate(index));
    this.#rove(this.order.at(-1));
    this.scrollToEnd();
  }

  /**
   * Takes a message that is new or was changed.
   * @param {Message} message
   * @param {boolean} isNew
   * @returns {boolean} whether it is shown now
   */
  take(message, isNew) {
    this.#note(message.ts, message);
    const isShown = isNew || this.messages.has(message.ts);
    if (isShown) this.put(message);
    return isShown;
  }

  /** Adds a message, or draws it anew where it is there already. @param {Message} message */
  put(message) {
    const shown = this.items.get(message.ts);
    if (shown) return this.#change(message, shown);
    if (this.hasMore && this.order.length && message.ts < this.order[0]) return undefined;
    const index = this.#keep(message);
    const item = this.#item(message);
    this.list.insertBefore(item, this.items.get(this.order[index + 1]) ?? null);
    this.#decorate(index);
    this.#decorate(index + 1);
    this.#rove(this.order.at(-1));
    if (this.isAtEnd) this.#trim();
    return item;
  }

  /** @param {string} ts */
  remove(ts) {
    this.#note(ts, null);
    const index = this.order.indexOf(ts);
    const item = this.items.get(ts);
    if (index === -1 || !item) return;
    const next = /** @type {HTMLElement | null} */ (
      item.nextElementSibling ?? item.previousElementSibling
    );
    if (item.contains(document.activeElement)) next?.focus();
    item.remove();
    this.order.splice(index, 1);
    this.items.delete(ts);
    this.messages.delete(ts);
    this.#decorate(index);
    this.#rove(this.order.at(-1));
  }

  scrollToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.lastTop = this.scroller.scrollTop;
    this.isAtEnd = true;
  }

  /**
   * Brings a message into view, marks it and puts the focus there.
   * @param {string} ts
   * @returns {Promise<boolean>} whether it is there
   */
  async reveal(ts) {
    for (let page = 0; page < MOST_PAGES_BACK && this.hasMore && this.order[0] > ts; page += 1)
      await this.#more();
    const item = this.items.get(ts);
    if (!item) return false;
    this.isAtEnd = false;
    item.scrollIntoView({ block: "center" });
    this.#rove(ts);
    item.focus({ preventScroll: true });
    item.classList.add("is-revealed");
    setTimeout(() => item.classList.remove("is-revealed"), REVEALED_MS);
    return true;
  }

  get isEmpty() {
    return this.order.length === 0;
  }

  /** @param {Message} message */
  #keep(message) {
    this.messages.set(message.ts, message);
    let index = this.order.length;
    while (index > 0 && this.order[index - 1] > message.ts) index -= 1;
    this.order.splice(index, 0, message.ts);
    return index;
  }

  /** @param {Message} message */
  #item(message) {
    const item = h(
      "li",
      { class: "entry", "data-ts": message.ts, tabindex: "-1" },
      drawMessage(message, { inThread: this.inThread }),
    );
    this.items.set(message.ts, item);
    return item;
  }

  /** @param {Message} message @param {HTMLElement} item */
  #change(message, item) {
    const hadFocus =
      item.contains(document.activeElement) && !this.tools.node.contains(document.activeElement);
    const again = focusedIn(item);
    this.messages.set(message.ts, message);
    mustFind(item, ":scope > .message").replaceWith(
      drawMessage(message, { inThread: this.inThread }),
    );
    this.tools.message = this.tools.message?.ts === message.ts ? null : this.tools.message;
    this.#decorate(this.order.indexOf(message.ts));
    // A press changes its own message: the focus stays on the same control, or on the message when that is gone.
    if (hadFocus) (again() ?? item).focus({ preventScroll: true });
    return item;
  }

  /** Day divider, "New" line and grouping depend on the message before. @param {number} index */
  #decorate(index) {
    const message = this.messages.get(this.order[index]);
    const item = this.items.get(this.order[index]);
    if (!message || !item) return;
    const before = this.messages.get(this.order[index - 1]);
    const unix = Number(message.ts);
    const isNewDay = !before || dayKey(unix, reader.tz) !== dayKey(Number(before.ts), reader.tz);
    const isFirstUnread = message.ts === this.firstUnread;
    for (const old of item.querySelectorAll(":scope > .day, :scope > .new-line")) old.remove();
    if (isFirstUnread) item.prepend(h("div", { class: "new-line" }, h("span", {}, "New")));
    if (isNewDay && !this.inThread)
      item.prepend(h("div", { class: "day" }, h("span", {}, dayTitle(unix, reader.tz))));
    const isFirstReply = this.inThread && index === 1;
    item.classList.toggle(
      "is-continuation",
      !isNewDay && !isFirstUnread && !isFirstReply && isContinuation(message, before),
    );
    item.classList.toggle("is-ephemeral-item", Boolean(message.ephemeral));
  }

  /** Only one message is in the Tab order; arrow keys go to the others. @param {string} [ts] */
  #rove(ts) {
    this.list.querySelector(":scope > [tabindex='0']")?.setAttribute("tabindex", "-1");
    this.items.get(ts ?? "")?.setAttribute("tabindex", "0");
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const item = targetOf(event);
    /** @type {Record<string, Element | null>} */
    const goals = {
      ArrowUp: item.previousElementSibling,
      ArrowDown: item.nextElementSibling,
      Home: this.list.firstElementChild,
      End: this.list.lastElementChild,
    };
    if (!item.matches("li.entry") || !Object.hasOwn(goals, event.key)) return;
    const goal = /** @type {HTMLElement | null} */ (goals[event.key]);
    event.preventDefault();
    if (!goal) return;
    this.#rove(goal.dataset.ts);
    goal.focus();
  }

  /** One leaves the end only by going up: a window or pane that changes its size must not count as that. */
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const isNearEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    this.isAtEnd = isNearEnd || (this.isAtEnd && scrollTop >= this.lastTop);
    this.lastTop = scrollTop;
    if (scrollTop < NEAR_TOP) this.#more();
  }

  /** Loads the messages before the first; whoever asks meanwhile waits for the same. */
  #more() {
    if (!this.hasMore || !this.order.length) return null;
    this.loading ??= this.#loadBefore(this.order[0]).finally(() => (this.loading = null));
    return this.loading;
  }

  /** @param {string} first */
  async #loadBefore(first) {
    const answer = await this.read(async () => (await this.loadOlder?.(first)) ?? null);
    if (answer && this.order[0] === first) this.#prepend(answer.messages, Boolean(answer.has_more));
  }

  /** @param {Message[]} messages @param {boolean} hasMore */
  #prepend(messages, hasMore) {
    const fresh = messages.filter((message) => !this.messages.has(message.ts));
    const height = this.scroller.scrollHeight;
    const top = this.scroller.scrollTop;
    for (const message of fresh) this.messages.set(message.ts, message);
    this.order.unshift(...fresh.map((message) => message.ts));
    this.list.prepend(...fresh.map((message) => this.#item(message)));
    for (let index = 0; index <= fresh.length; index += 1) this.#decorate(index);
    this.hasMore = hasMore;
    this.scroller.scrollTop = top + this.scroller.scrollHeight - height;
    this.onMore?.();
  }

  /** While one stays at the end, the oldest are let go; they are loaded again on the way up. */
  #trim() {
    if (!this.loadOlder || this.order.length <= MOST_KEPT) return;
    for (const ts of this.order.splice(0, this.order.length - KEPT_AFTER_TRIM)) {
      this.items.get(ts)?.remove();
      this.items.delete(ts);
      this.messages.delete(ts);
    }
    this.hasMore = true;
    this.#decorate(0);
    // The list has become shorter: that is nobody's going up.
    this.scrollToEnd();
  }
}
