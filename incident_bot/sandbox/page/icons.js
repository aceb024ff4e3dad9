// The page's own line icons, 20 by 20, drawn as SVG nodes. Decorative: the control around them carries the name.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  hash: "M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13M3 12.5h13",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  pencil:
    "M4 16l.8-3.6L13.4 3.8a1.5 1.5 0 0 1 2.1 0l.7.7a1.5 1.5 0 0 1 0 2.1L7.6 15.2zM11.8 5.4l2.8 2.8",
  archive: "M3 4h14v3.5H3zM4.5 7.5V16h11V7.5M8 10.5h4",
  leave: "M12 3.5H4.5v13H12M8.5 10H17M14 7l3 3-3 3",
  pin: "M7.5 3h5l-.8 5.2 2.8 2.6v1.4h-9v-1.4l2.8-2.6zM10 12.2V17",
  bookmark: "M5.5 3h9v14L10 13.5 5.5 17z",
  plus: "M10 4v12M4 10h12",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  close: "M5 5l10 10M15 5 5 15",
  down: "M5.5 8l4.5 4.5L14.5 8",
  right: "M8 4.5 13.5 10 8 15.5",
  send: "M3.5 16.5 17 10 3.5 3.5 5.5 10zM5.5 10H11",
  bolt: "M11 2.5 4.5 11.5H10l-1 6 6.5-9H10z",
  smile: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM7 8v.5M13 8v.5M6.5 12c1.8 2.4 5.2 2.4 7 0",
  addsmile:
    "M16.8 9a7.3 7.3 0 1 1-6-6.3M6.8 8.2v.4M11.8 8.2v.4M6.5 12c1.7 2.2 4.8 2.2 6.3 0M15.5 1.8v5M13 4.3h5",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zm0-3v4.2c0 1.3.9 2 1.9 2s2.1-.9 2.1-3.2a7 7 0 1 0-2.8 5.6",
  thread: "M3 4.5h14v9H9.5L6 17v-3.5H3zM6.5 8h7M6.5 10.7h4.5",
  more: "M10 4.5v.1M10 10v.1M10 15.5v.1",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 1.8v1.7M10 16.5v1.7M1.8 10h1.7M16.5 10h1.7M4.2 4.2l1.2 1.2M14.6 14.6l1.2 1.2M15.8 4.2l-1.2 1.2M5.4 14.6l-1.2 1.2",
  moon: "M16.5 12.2A7 7 0 1 1 8 3.3a5.6 5.6 0 0 0 8.5 8.9z",
  pulse: "M2 10.5h3.5L8 4l4 12 2.5-5.5H18",
  home: "M3 9.5 10 3.5l7 6V17h-4.8v-4.5H7.8V17H3z",
  check: "M4 10.5 8.2 14.7 16 6",
  warning: "M10 3 18 16.5H2zM10 8.2v4M10 14.3v.1",
  eye: "M1.8 10C3.8 6.3 6.7 4.5 10 4.5s6.2 1.8 8.2 5.5c-2 3.7-4.9 5.5-8.2 5.5S3.8 13.7 1.8 10zM10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z",
  window: "M11.5 3.5h5v5M16.5 3.5 10 10M8 4.5H3.5v12h12V12",
  info: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 9v5M10 6.2v.1",
  copy: "M7 7h9.5v9.5H7zM4.5 13H3.5V3.5H13v1",
  tobot: "M3 10h13M11.5 5.5 16 10l-4.5 4.5",
  toslack: "M17 10H4M8.5 5.5 4 10l4.5 4.5",
  clear: "M4 6h12M8 6V4h4v2M6 6l.7 11h6.6L14 6",
  join: "M8 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM2.5 16.5c.3-3 2.6-4.5 5.5-4.5s5.2 1.5 5.5 4.5M15 6.5v5M12.5 9h5",
  shared:
    "M7 6.5 4 9.5a3 3 0 0 0 0 4.2l.3.3a3 3 0 0 0 4.2 0l3-3M13 13.5l3-3a3 3 0 0 0 0-4.2l-.3-.3a3 3 0 0 0-4.2 0l-3 3",
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name */
export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name} ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
