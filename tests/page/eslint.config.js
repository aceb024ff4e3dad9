// ESLint's rules for the pages' scripts. Above all, no text may be read as HTML or as code.

import js from "@eslint/js";
import noUnsanitized from "eslint-plugin-no-unsanitized";
import globals from "globals";

// Whatever reads text as HTML; forbidden by name, so that no way of writing it gets past.
const READS_HTML =
  "/^(?:DOMParser|createContextualFragment|innerHTML|insertAdjacentHTML|outerHTML|parseHTMLUnsafe|setHTMLUnsafe|srcdoc)$/";
const AS_TEXT =
  "Build nodes with h() from dom.js: what people and the bot write is text, not HTML.";

/** A rule of our own: a file begins with a line comment that says what lives there. */
const topComment = {
  meta: { type: "suggestion", schema: [] },
  create: ({ sourceCode, report }) => ({
    Program(node) {
      const [first] = sourceCode.getAllComments();
      const isThere = first?.type === "Line" && first.range[0] === 0 && /^ \S/.test(first.value);
      if (!isThere)
        report({ node, message: "Begin the file with a // comment that says what lives here." });
    },
  }),
};

export default [
  { ignores: ["**/swagger-ui/**"] }, // as it comes from npm
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  noUnsanitized.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    plugins: { page: { rules: { "top-comment": topComment } } },
    rules: {
      "page/top-comment": "error",

      // Nothing is read as code or as HTML, not even a constant.
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-restricted-syntax": [
        "error",
        { selector: `Identifier[name=${READS_HTML}]`, message: AS_TEXT },
        { selector: `Literal[value=${READS_HTML}]`, message: AS_TEXT },
        {
          selector:
            "MemberExpression[property.name=/^write(?:ln)?$/]:matches([object.name='document'], [object.property.name='document'])",
          message: AS_TEXT,
        },
      ],

      // Likely mistakes, and things with a plainer way to write them.
      "array-callback-return": ["error", { checkForEach: false }],
      "default-case-last": "error",
      eqeqeq: "error",
      "no-else-return": "error",
      "no-lonely-if": "error",
      "no-self-compare": "error",
      "no-template-curly-in-string": "error",
      "no-throw-literal": "error",
      "no-unneeded-ternary": "error",
      "no-unreachable-loop": "error",
      "no-useless-assignment": "error",
      "no-useless-rename": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-arrow-callback": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      radix: "error",
    },
  },
  { files: ["incident_bot/**/*.js"], languageOptions: { globals: globals.browser } },
  // The only script that isn't a module: it must run before the page is drawn.
  { files: ["**/theme.js"], languageOptions: { sourceType: "script" } },
];
