// Shows openapi.json: each operation with what it takes and what it answers. All text is set as text.

const METHODS = /** @type {const} */ (["get", "post", "patch", "put", "delete"]);

/**
 * JSON Schema, as far as FastAPI writes it. `$ref` points to a schema that has a name.
 * @typedef {object} Schema
 * @property {string} [$ref]
 * @property {string | string[]} [type]
 * @property {string} [format]
 * @property {string} [description]
 * @property {unknown} [const]
 * @property {unknown[]} [enum]
 * @property {Schema[]} [anyOf]
 * @property {Schema} [items]
 * @property {Record<string, Schema>} [properties]
 * @property {string[]} [required]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {number} [minLength]
 * @property {number} [maxLength]
 */

/** @typedef {{"application/json"?: {schema: Schema, example?: unknown}}} Content */
/** @typedef {{description?: string, content?: Content, headers?: object}} Answer */
/** @typedef {{name: string, in: string, schema: Schema, required?: boolean, description?: string}} Parameter */

/**
 * @typedef {object} Operation
 * @property {string} [summary]
 * @property {string} [description]
 * @property {Parameter[]} [parameters]
 * @property {{content?: Content}} [requestBody]
 * @property {Record<string, Answer>} responses
 * @property {object[]} [security]
 */

/** @typedef {(typeof METHODS)[number]} Method */

/**
 * openapi.json.
 * @typedef {object} Api
 * @property {{title: string, version: string, description?: string}} info
 * @property {Record<string, Partial<Record<Method, Operation>>>} paths
 * @property {{schemas: Record<string, Schema>}} components
 */

/** A part of index.html, by its ID. @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {(tag: string, attributes?: Record<string, string>, ...children: (Node | string | null)[]) => HTMLElement} */
const el = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const child of children) if (child) element.append(child);
  return element;
};

/** @param {string} text */
const plain = (text) => text.replaceAll("\n", " ").replaceAll("`", "");

/**
 * The name of a schema that is described elsewhere: "Incident" of "#/components/schemas/Incident".
 * @param {Schema} schema
 */
const nameOf = (schema) => schema.$ref?.split("/").at(-1);

/** @param {Api} api @param {Schema} schema @returns {Schema} */
function resolve(api, schema = {}) {
  const name = nameOf(schema);
  return name ? api.components.schemas[name] : schema;
}

/** @param {string} method @param {string} path */
const anchor = (method, path) => `${method}${path}`.replace(/[^a-z0-9]+/gi, "-").replace(/-$/, "");

/**
 * A schema in a few words, such as "text, 1 to 200 characters".
 * @param {Api} api
 * @param {Schema} given
 * @returns {string}
 */
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

/** @type {Record<string, string>} */
const TYPES = { string: "text", integer: "number", null: "null" };

/** @param {Schema} schema */
function typeWords({ type = [] }) {
  return [type]
    .flat()
    .map((one) => TYPES[one] ?? one)
    .join(" or ");
}

/** @param {Schema} schema */
function range({ minimum, maximum, minLength, maxLength }) {
  if (maxLength) return `${minLength ?? 0} to ${maxLength} characters`;
  if (maximum) return `${minimum} to ${maximum}`;
  return minimum === undefined ? "" : `from ${minimum}`;
}

/** @param {Api} api @param {string} name @param {Schema} schema */
function row(api, name, schema, { required = false, description = "" } = {}) {
  const head = el("th", { scope: "row" }, el("code", {}, name));
  if (required) head.append(" ", el("span", { class: "required" }, "required"));
  const about = description || resolve(api, schema).description || "";
  const cell = el("td", {}, words(api, schema));
  if (about && !nameOf(schema)) cell.append(el("div", { class: "note" }, plain(about)));
  return el("tr", {}, head, cell);
}

/** @param {string} label @param {HTMLElement[]} rows */
const table = (label, rows) =>
  el("div", { class: "scroll" }, el("table", { "aria-label": label }, el("tbody", {}, ...rows)));

/** @param {string} title @param {HTMLElement[]} content */
const titled = (title, ...content) => [el("h3", {}, title), ...content];

/** @param {Api} api @param {Schema} schema @param {string} label */
function fields(api, schema, label) {
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    row(api, name, property, { required: schema.required?.includes(name) }),
  );
  return table(label, rows);
}

/** @param {Api} api @param {Operation} operation */
function parameters(api, operation) {
  const given = operation.parameters ?? [];
  if (!given.length) return [];
  const rows = given.map((one) => {
    const where = one.in === "header" ? "A header. " : "";
    return row(api, one.name, one.schema, { ...one, description: where + (one.description ?? "") });
  });
  return titled("Parameters", table("Parameters", rows));
}

/** @param {Api} api @param {Operation} operation */
function body(api, operation) {
  const content = operation.requestBody?.content?.["application/json"];
  return content ? titled("Body", fields(api, resolve(api, content.schema), "Body")) : [];
}

/** @param {Operation} operation */
function answers(operation) {
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

/** @param {string} path @param {Method} method @param {Operation} operation */
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

/** @param {Method} name */
const method = (name) => el("span", { class: `method ${name}` }, name.toUpperCase());

/** @param {Api} api @param {string} path @param {Method} name @param {Operation} operation */
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
    ...answers(operation),
    ...curl(path, name, operation),
  );
}

/** @param {Api} api @param {string} name */
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

/** @param {string} href @param {(Node | string)[]} content */
function link(href, ...content) {
  return el("a", { href: `#${href}` }, ...content);
}

/** @param {Api} api */
function show(api) {
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.flatMap((name) => {
      const operation = item[name];
      return operation ? [{ path, name, operation }] : [];
    }),
  );
  const schemas = Object.keys(api.components.schemas).filter(
    (name) => api.components.schemas[name].properties,
  );
  byId("title").textContent = `${api.info.title} · REST API`;
  byId("about").textContent = api.info.description ?? "";
  byId("version").textContent = `version ${api.info.version}`;
  byId("nav").append(
    ...operations.map(({ path, name }) =>
      link(anchor(name, path), method(name), el("span", {}, path)),
    ),
    el("h2", {}, "Answers"),
    ...schemas.map((name) => link(name, name)),
  );
  byId("main").replaceChildren(
    ...operations.map(({ path, name, operation }) => operationOf(api, path, name, operation)),
    ...schemas.map((name) => schemaOf(api, name)),
  );
  byId("main").removeAttribute("aria-busy");
  if (location.hash)
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

try {
  const answer = await fetch("openapi.json");
  if (!answer.ok) throw new Error(`HTTP status ${answer.status}`);
  show(await answer.json());
} catch (error) {
  byId("main").removeAttribute("aria-busy");
  const words = error instanceof Error ? error.message : String(error);
  byId("state").textContent = `openapi.json could not be shown: ${words}.`;
}
