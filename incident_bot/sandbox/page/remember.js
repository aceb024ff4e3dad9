// What the browser remembers between visits (theme, finished steps), and nothing breaks where it may not remember.

const PREFIX = "incident-bot-sandbox:";

/**
 * The remembered value, or the fallback.
 * @template Remembered
 * @param {string} key
 * @param {Remembered | null} [fallback]
 * @returns {Remembered | null} not checked: the caller knows what it has remembered
 */
export function recall(key, fallback = null) {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

/** @param {string} key @param {unknown} value */
export function remember(key, value) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Private windows may refuse; the page works without.
  }
}

/**
 * Calls the listener when another window of this browser remembers something under the key.
 * @template Remembered
 * @param {string} key
 * @param {(value: Remembered | null) => void} listener
 */
export function whenRemembered(key, listener) {
  window.addEventListener("storage", (event) => {
    if (event.key === PREFIX + key) listener(recall(key));
  });
}
