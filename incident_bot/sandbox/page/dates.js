// Dates and times as one person reads them: in that person's zone, in the words Slack uses.

/** @typedef {Partial<Record<Intl.DateTimeFormatPartTypes, string>>} Parts */

/** @type {Map<string, Intl.DateTimeFormat>} */
const formatters = new Map();

/**
 * @param {number} unix
 * @param {string} tz
 * @param {Intl.DateTimeFormatOptions} options
 */
function parts(unix, tz, options) {
  const key = tz + JSON.stringify(options);
  const formatter =
    formatters.get(key) ?? new Intl.DateTimeFormat("en-US", { timeZone: tz, ...options });
  formatters.set(key, formatter);
  /** @type {Parts} */
  const found = {};
  for (const { type, value } of formatter.formatToParts(new Date(unix * 1000))) found[type] = value;
  return found;
}

/**
 * Slack follows a person's own setting; here the zone decides: twelve hours in America, twenty-four elsewhere.
 * @param {string} tz
 * @returns {Intl.DateTimeFormatOptions}
 */
function hourOptions(tz) {
  return tz.startsWith("America/")
    ? { hour: "numeric", hour12: true }
    : { hour: "2-digit", hourCycle: "h23" };
}

/** "14:05" or "2:05 PM". @param {number} unix @param {string} tz */
export function clockTime(unix, tz, withSeconds = false) {
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { ...hourOptions(tz), minute: "2-digit" };
  if (withSeconds) options.second = "2-digit";
  const p = parts(unix, tz, options);
  return `${p.hour}:${p.minute}${withSeconds ? `:${p.second}` : ""}${p.dayPeriod ? ` ${p.dayPeriod}` : ""}`;
}

/** "2026-03-09": which calendar day it is in that zone. @param {number} unix @param {string} tz */
export function dayKey(unix, tz) {
  const p = parts(unix, tz, { year: "numeric", month: "2-digit", day: "2-digit" });
  return `${p.year}-${p.month}-${p.day}`;
}

const DAY = 86400;

/** @type {Record<number, string>} */
const ENDINGS = { 1: "st", 2: "nd", 3: "rd" };

/** @param {number} unix @param {string} tz */
function relativeDay(unix, tz) {
  const key = dayKey(unix, tz);
  const now = Date.now() / 1000;
  if (key === dayKey(now, tz)) return "today";
  if (key === dayKey(now - DAY, tz)) return "yesterday";
  if (key === dayKey(now + DAY, tz)) return "tomorrow";
  return null;
}

/** @param {string | undefined} day */
function ordinal(day) {
  const number = Number(day);
  const teen = number % 100 >= 11 && number % 100 <= 13;
  return `${number}${teen ? "th" : (ENDINGS[number % 10] ?? "th")}`;
}

/** @param {number} unix @param {string} tz */
function longDate(unix, tz, { weekday = false, short = false } = {}) {
  const p = parts(unix, tz, {
    weekday: "long",
    year: "numeric",
    month: short ? "short" : "long",
    day: "numeric",
  });
  if (short) return `${p.month} ${p.day}, ${p.year}`;
  return `${weekday ? `${p.weekday}, ` : ""}${p.month} ${ordinal(p.day)}, ${p.year}`;
}

/**
 * The words on a day divider: "Today", "Yesterday", "Monday, March 9th".
 * @param {number} unix
 * @param {string} tz
 */
export function dayTitle(unix, tz) {
  const near = relativeDay(unix, tz);
  if (near === "today" || near === "yesterday") return near === "today" ? "Today" : "Yesterday";
  const sameYear = dayKey(unix, tz).slice(0, 4) === dayKey(Date.now() / 1000, tz).slice(0, 4);
  const full = longDate(unix, tz, { weekday: true });
  return sameYear ? full.replace(/, \d{4}$/, "") : full;
}

/** "Monday, March 9th, 2026 at 14:05:09": for tooltips. @param {number} unix @param {string} tz */
export function fullStamp(unix, tz) {
  return `${longDate(unix, tz, { weekday: true })} at ${clockTime(unix, tz, true)} (${tz.replace(/_/g, " ")})`;
}

/** "3 minutes ago", "in 2 hours". @param {number} unix */
export function ago(unix, now = Date.now() / 1000) {
  const seconds = Math.round(now - unix);
  const size = Math.abs(seconds);
  if (size < 5) return "just now";
  const [count, unit] =
    size < 60
      ? [size, "second"]
      : size < 3600
        ? [Math.floor(size / 60), "minute"]
        : size < DAY
          ? [Math.floor(size / 3600), "hour"]
          : [Math.floor(size / DAY), "day"];
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds >= 0 ? `${words} ago` : `in ${words}`;
}

/** @type {Record<string, (unix: number, tz: string) => string>} */
const TOKENS = {
  date_num: (unix, tz) => dayKey(unix, tz),
  date_slash: (unix, tz) => dayKey(unix, tz).replace(/-/g, "/"),
  date: (unix, tz) => longDate(unix, tz),
  date_long: (unix, tz) => longDate(unix, tz, { weekday: true }),
  date_long_full: (unix, tz) => longDate(unix, tz, { weekday: true }),
  date_short: (unix, tz) => longDate(unix, tz, { short: true }),
  date_pretty: (unix, tz) => relativeDay(unix, tz) ?? longDate(unix, tz),
  date_short_pretty: (unix, tz) => relativeDay(unix, tz) ?? longDate(unix, tz, { short: true }),
  date_long_pretty: (unix, tz) => relativeDay(unix, tz) ?? longDate(unix, tz, { weekday: true }),
  time: (unix, tz) => clockTime(unix, tz),
  time_secs: (unix, tz) => clockTime(unix, tz, true),
  ago: (unix) => ago(unix),
};

/**
 * Fills Slack's tokens ("{date_short} at {time}"); null when one of them is unknown, so that the fallback is shown.
 * @param {number} unix
 * @param {string} format
 * @param {string} tz
 */
export function fillDateTokens(unix, format, tz) {
  let known = true;
  const words = format.replace(/\{(\w+)\}/g, (_, token) => {
    if (!Object.hasOwn(TOKENS, token)) known = false;
    return known ? TOKENS[token](unix, tz) : "";
  });
  if (!known) return null;
  return format.startsWith("{") ? words.charAt(0).toUpperCase() + words.slice(1) : words;
}

/**
 * "2026-03-09T14:05" on that zone's clocks as Unix time.
 * @param {string} text
 * @param {string} tz
 */
export function wallTimeToUnix(text, tz) {
  const wanted = Date.parse(`${text}:00Z`) / 1000;
  let unix = wanted;
  for (let round = 0; round < 2; round += 1)
    unix += wanted - Date.parse(`${unixToWallTime(unix, tz)}:00Z`) / 1000;
  return unix;
}

/**
 * Unix time as "2026-03-09T14:05" on that zone's clocks.
 * @param {number} unix
 * @param {string} tz
 */
export function unixToWallTime(unix, tz) {
  const p = parts(unix, tz, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return `${dayKey(unix, tz)}T${p.hour}:${p.minute}`;
}
