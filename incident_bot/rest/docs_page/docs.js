// Shows openapi.json: each operation with what it takes and what it answers. All text is set as text.

const METHODS = ["get", "post", "patch", "put", "delete"];

const el = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
};

const plain = (text) => text.replaceAll("\n", " ").replaceAll("`", "");

const resolve = (api, schema = {}) =>
  schema.$ref
    ? schema.$ref
        .slice(2)
        .split("/")
        .reduce((part, key) => part[key], api)
    : schema;

const nameOf = (schema) => schema.$ref?.split("/").at(-1);

const anchor = (method, path) => `${method}${path}`.replace(/[^a-z0-9]+/gi, "-").replace(/-$/, "");

// A schema in a few words, such as "text, 1 to 200 characters".
function words(api, given = {}) {
  const name = nameOf(given);
  if (name && resolve(api, given).properties) return name;
  const schema = resolve(api, given);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(", ");
  if (schema.anyOf) return schema.anyOf.map((one) => words(api, one)).join(" or ");
  if (schema.type === "array") return `list of ${words(api, schema.items)}`;
  if (schema.format === "date-time") return "time (ISO 8601, UTC)";
  return [typeWords(schema), range(schema)].filter(Boolean).join(", ");
}

function typeWords({ type }) {
  const names = { string: "text", integer: "number", null: "null" };
  return [type]
    .flat()
    .filter(Boolean)
    .map((one) => names[one] ?? one)
    .join(" or ");
}

function range({ minimum, maximum, minLength, maxLength }) {
  if (maxLength) return `${minLength ?? 0} to ${maxLength} characters`;
  if (maximum) return `${minimum} to ${maximum}`;
  return minimum === undefined ? "" : `from ${minimum}`;
}

function row(api, name, schema, { required = false, description = "" } = {}) {
  const head = el("th", { scope: "row" }, el("code", {}, name));
  if (required) head.append(" ", el("span", { class: "required" }, "required"));
  const about = description || resolve(api, schema).description || "";
  const cell = el("td", {}, words(api, schema));
  if (about && !nameOf(schema)) cell.append(el("div", { class: "note" }, plain(about)));
  return el("tr", {}, head, cell);
}

const table = (label, rows) =>
  el("div", { class: "scroll" }, el("table", { "aria-label": label }, el("tbody", {}, ...rows)));

const titled = (title, ...content) => [el("h3", {}, title), ...content];

function fields(api, schema, label) {
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    row(api, name, property, { required: schema.required?.includes(name) }),
  );
  return table(label, rows);
}

function parameters(api, operation) {
  const given = operation.parameters ?? [];
  if (!given.length) return [];
  const rows = given.map((one) => {
    const where = one.in === "header" ? "A header. " : "";
    return row(api, one.name, one.schema, { ...one, description: where + (one.description ?? "") });
  });
  return titled("Parameters", table("Parameters", rows));
}

function body(api, operation) {
  const content = operation.requestBody?.content?.["application/json"];
  return content ? titled("Body", fields(api, resolve(api, content.schema), "Body")) : [];
}

function answers(api, operation) {
  const rows = Object.entries(operation.responses)
    .sort()
    .map(([status, answer]) => {
      const schema = answer.content?.["application/json"]?.schema;
      const cell = el("td", {}, answer.description ?? "");
      const name = schema && nameOf(schema);
      if (name) cell.append(" ", el("a", { href: `#${name}` }, name));
      const headers = Object.keys(answer.headers ?? {}).join(", ");
      if (headers) cell.append(el("div", { class: "note" }, `With the headers ${headers}.`));
      return el("tr", {}, el("th", { scope: "row" }, el("code", {}, status)), cell);
    });
  return titled("Answers", table("Answers", rows));
}

function curl(path, method, operation) {
  const url = `${new URL(".", location.href).href.replace(/\/$/, "")}${path.replace(/\{\w+\}/g, "1")}`;
  const lines = [method === "get" ? `curl ${url}` : `curl -X ${method.toUpperCase()} ${url}`];
  if (operation.security?.length) lines.push('-H "Authorization: Bearer $TOKEN"');
  const example = operation.requestBody?.content?.["application/json"]?.example;
  if (example) {
    lines.push('-H "Content-Type: application/json"');
    lines.push(`-d '${JSON.stringify(example).replaceAll("'", "'\\''")}'`);
  }
  return titled("Example", el("pre", { tabindex: "0" }, lines.join(" \\\n  ")));
}

const method = (name) => el("span", { class: `method ${name}` }, name.toUpperCase());

function operationOf(api, path, name, operation) {
  const notes = (operation.description ?? "").split("\n\n").filter(Boolean);
  return el(
    "section",
    { id: anchor(name, path) },
    el("h2", {}, method(name), el("code", {}, path)),
    el("p", { class: "summary" }, operation.summary ?? ""),
    ...notes.map((note) => el("p", {}, plain(note))),
    ...parameters(api, operation),
    ...body(api, operation),
    ...answers(api, operation),
    ...curl(path, name, operation),
  );
}

function schemaOf(api, name) {
  const schema = api.components.schemas[name];
  return el(
    "section",
    { id: name },
    el("h2", {}, el("code", {}, name)),
    el("p", {}, plain(schema.description ?? "")),
    fields(api, { properties: schema.properties }, name),
  );
}

function link(href, ...content) {
  return el("a", { href: `#${href}` }, ...content);
}

function show(api) {
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((name) => item[name]).map((name) => [path, name, item[name]]),
  );
  const schemas = Object.keys(api.components.schemas).filter(
    (name) => api.components.schemas[name].properties,
  );
  document.getElementById("title").textContent = `${api.info.title} · REST API`;
  document.getElementById("about").textContent = api.info.description ?? "";
  document.getElementById("version").textContent = `version ${api.info.version}`;
  document
    .getElementById("nav")
    .append(
      ...operations.map(([path, name]) =>
        link(anchor(name, path), method(name), el("span", {}, path)),
      ),
      el("h2", {}, "Answers"),
      ...schemas.map((name) => link(name, name)),
    );
  document
    .getElementById("main")
    .replaceChildren(
      ...operations.map(([path, name, operation]) => operationOf(api, path, name, operation)),
      ...schemas.map((name) => schemaOf(api, name)),
    );
  document.getElementById("main").removeAttribute("aria-busy");
  if (location.hash)
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

try {
  const answer = await fetch("openapi.json");
  if (!answer.ok) throw new Error(`HTTP status ${answer.status}`);
  show(await answer.json());
} catch (error) {
  document.getElementById("main").removeAttribute("aria-busy");
  document.getElementById("state").textContent =
    `openapi.json could not be shown: ${error.message}.`;
}
