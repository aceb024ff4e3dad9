// Building DOM nodes. Strings always become text nodes, so nothing a person or the bot wrote is ever read as HTML.

/**
 * What can be put into a node: nodes, texts, lists of these, and values that stand for nothing.
 * @typedef {Node | string | false | null | undefined | Child[]} Child
 */

/**
 * The attributes of a node. A listener's event knows which node it is on.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @typedef {{
 *   [Name in keyof HTMLElementEventMap as `on${Name}`]?: (
 *     event: HTMLElementEventMap[Name] & { currentTarget: HTMLElementTagNameMap[Tag] },
 *   ) => unknown
 * } & { [name: string]: string | number | boolean | null | undefined | ((event: never) => unknown) }} Attributes
 */

let counter = 0;

/** An id nothing else on the page has. @param {string} prefix */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/**
 * A node with attributes and children: h("p", {class: "note"}, "Hello").
 * Attributes that begin with "on" are listeners; null, undefined and false are left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes<Tag>} attributes
 * @param {Child[]} children
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) assign(node, name, value);
  add(node, children);
  return node;
}

/** @param {HTMLElement} node @param {string} name @param {Attributes<"div">[string]} value */
function assign(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (typeof value === "function")
    node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
  else if (name === "value" || name === "checked") Object.assign(node, { [name]: value });
  else node.setAttribute(name, value === true ? "" : String(value));
}

/**
 * Appends children, nested lists flattened and empty ones left out.
 * @template {Element} Parent
 * @param {Parent} node
 * @param {Child[]} children
 */
export function add(node, ...children) {
  for (const child of children) {
    if (Array.isArray(child)) add(node, ...child);
    else if (child !== undefined && child !== null && child !== false) node.append(child);
  }
  return node;
}

/**
 * Replaces all that is in the node.
 * @template {Element} Parent
 * @param {Parent} node
 * @param {Child[]} children
 */
export function fill(node, ...children) {
  node.replaceChildren();
  return add(node, ...children);
}

/** Text only a screen reader hears. @param {string} text */
export function hiddenText(text) {
  return h("span", { class: "sr-only" }, text);
}

/** A part of index.html, by its ID. @param {string} id */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`index.html has no #${id}.`);
  return node;
}

/**
 * The first HTML element inside that matches, or null.
 * @param {ParentNode} root
 * @param {string} selector
 */
export function find(root, selector) {
  return /** @type {HTMLElement | null} */ (root.querySelector(selector));
}

/**
 * The first HTML element inside that matches, where there must be one.
 * @param {ParentNode} root
 * @param {string} selector
 */
export function mustFind(root, selector) {
  const node = find(root, selector);
  if (!node) throw new Error(`Nothing here matches ${selector}.`);
  return node;
}

/**
 * All HTML elements inside that match.
 * @param {ParentNode} root
 * @param {string} selector
 */
export function findAll(root, selector) {
  return /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);
}

/** The HTML element that has the focus, or null. */
export function focusedNode() {
  return /** @type {HTMLElement | null} */ (document.activeElement);
}

/**
 * The closest HTML element around a node, or the node itself, that matches.
 * @param {Element | null} node
 * @param {string} selector
 */
export function closest(node, selector) {
  return /** @type {HTMLElement | null} */ (node?.closest(selector) ?? null);
}

/** The element that an event on an element began at. @param {Event} event */
export function targetOf(event) {
  return /** @type {HTMLElement} */ (event.target);
}

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), summary, [tabindex='0']";

/** The nodes inside that the Tab key reaches, in order. @param {HTMLElement} root */
export function focusable(root) {
  return findAll(root, FOCUSABLE).filter(
    (node) => node.offsetParent !== null || node === document.activeElement,
  );
}

/**
 * 1 for the down arrow key, -1 for the up arrow key, 0 for any other.
 * @param {KeyboardEvent} event
 */
export function upOrDown(event) {
  if (event.key === "ArrowDown") return 1;
  return event.key === "ArrowUp" ? -1 : 0;
}

/** Keeps the Tab key inside a node. @param {KeyboardEvent} event @param {HTMLElement} root */
export function trapTab(event, root) {
  if (event.key !== "Tab") return;
  const nodes = focusable(root);
  if (!nodes.length) return;
  const edge = event.shiftKey ? nodes[0] : nodes[nodes.length - 1];
  if (document.activeElement !== edge && root.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? nodes[nodes.length - 1] : nodes[0]).focus();
}
