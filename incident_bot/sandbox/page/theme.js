// Applies the chosen theme before the page is drawn, so that it does not flash. No module: it must run early.

try {
  const theme = JSON.parse(localStorage.getItem("incident-bot-sandbox:theme") ?? "null");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Without memory the system's theme is used.
}
