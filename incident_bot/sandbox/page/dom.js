// Building DOM nodes. Strings always become text nodes, so nothing a person or the bot wrote is ever read as HTML.

let counter = 0;

/** An id nothing else on the page has. */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/**
 * A node with attributes and children: h("p", {class: "note"}, "Hello").
 * Attributes that begin with "on" are listeners; null, undefined and false are left out.
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) assign(node, name, value);
  add(node, children);
  return node;
}

function assign(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "value" || name === "checked") node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** Appends children, nested lists flattened and empty ones left out. */
export function add(node, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) node.append(child);
  }
  return node;
}

/** Replaces all that is in the node. */
export function fill(node, ...children) {
  node.replaceChildren();
  return add(node, ...children);
}

/** Text only a screen reader hears. */
export function hiddenText(text) {
  return h("span", { class: "sr-only" }, text);
}

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), summary, [tabindex='0']";

/** The nodes inside that the Tab key reaches, in order. */
export function focusable(root) {
  return [...root.querySelectorAll(FOCUSABLE)].filter(
    (node) => node.offsetParent !== null || node === document.activeElement,
  );
}

/** Keeps the Tab key inside a node. */
export function trapTab(event, root) {
  if (event.key !== "Tab") return;
  const nodes = focusable(root);
  if (!nodes.length) return;
  const edge = event.shiftKey ? nodes[0] : nodes[nodes.length - 1];
  if (document.activeElement !== edge && root.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? nodes[nodes.length - 1] : nodes[0]).focus();
}
