// The pages work without any of this; it makes them quicker to work with.
import { initAll } from "./nhsuk.js";
import { startShortcuts } from "./shortcuts.js";
import "./htmx.js";

initAll();
startShortcuts();

// A menu made of <details> closes when something else is used, or on Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.app-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.app-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Something typed or chosen and not sent is asked about before the page is left.
for (const form of document.querySelectorAll("form[data-keep-typed]")) {
  const field = form.querySelector("textarea");
  const files = form.querySelector("input[type=file]");
  const before = field.value;
  const ask = (event) => {
    if (field.value !== before || files?.value) event.preventDefault();
  };
  window.addEventListener("beforeunload", ask);
  form.addEventListener("submit", () => window.removeEventListener("beforeunload", ask));
}
