// Shows openapi.json in Swagger UI, in the colours that the system asks for.

const dark = matchMedia("(prefers-color-scheme: dark)");
const followSystem = () => document.documentElement.classList.toggle("dark-mode", dark.matches);

followSystem();
dark.addEventListener("change", followSystem);

/** @type {any} */ (window).SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#api",
  // Trying a change would change an incident, and tell everybody: only reading can be tried.
  supportedSubmitMethods: ["get"],
  // By default the description is sent to a validator on the web.
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
});
