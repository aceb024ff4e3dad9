// Links to messages of this workspace, as chat.getPermalink gives them: they lead there inside the page.

/** @typedef {{channel: string, ts: string, threadTs: string|null}} Spot a message, and the thread it is a reply in */

/** The timestamp in "p1763820000000100". @param {string} name */
const tsOf = (name) => `${name.slice(1, -6)}.${name.slice(-6)}`;

/**
 * Where an address leads in this workspace; null for any other address.
 * @param {string} href
 * @returns {Spot | null}
 */
export function spotOf(href) {
  const url = new URL(href, location.href);
  const found =
    url.origin === location.origin && /^\/archives\/([A-Z0-9]+)\/(p\d{7,})$/.exec(url.pathname);
  return found
    ? { channel: found[1], ts: tsOf(found[2]), threadTs: url.searchParams.get("thread_ts") }
    : null;
}

/**
 * The same from the fragment that the address of a permalink is turned into: "C0/p176…/176….000100".
 * @param {string} hash
 * @returns {Spot | null}
 */
export function spotInHash(hash) {
  const [channel, name = "", threadTs = null] = hash.split("/");
  return /^p\d{7,}$/.test(name) ? { channel, ts: tsOf(name), threadTs } : null;
}

/** Has plain clicks on such links stay in the page. @param {(spot: Spot) => void} visit */
export function followPermalinks(visit) {
  document.addEventListener("click", (event) => {
    /** @type {HTMLAnchorElement | null} */
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (
      !link ||
      event.button ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey ||
      link.closest("dialog")
    )
      return;
    const spot = spotOf(link.href);
    if (!spot) return;
    event.preventDefault();
    visit(spot);
  });
}
