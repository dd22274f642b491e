// Single-key shortcuts (WCAG 2.1.4: they can be turned off, and are off while typing).
const SETTING = "helpdesk-shortcuts-off";
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

export function startShortcuts() {
  setUpDialog();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(SETTING)) return;
    if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
    const act = KEYS[event.key];
    if (act && act()) event.preventDefault();
  });
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => focus("[data-shortcut=search]"),
  r: () => focus("[data-shortcut=reply]"),
  n: () => focus("[data-shortcut=note]"),
  u: () => click("[data-shortcut=up]"),
  "?": () => open("shortcuts"),
};

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const here = rows.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
  rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  return true;
}

function focus(selector) {
  const found = document.querySelector(selector);
  if (!found) return false;
  for (let box = found.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  found.focus();
  if (found.select) found.select();
  return true;
}

function click(selector) {
  const found = document.querySelector(selector);
  if (found) found.click();
  return Boolean(found);
}

function open(id) {
  const dialog = document.getElementById(id);
  if (dialog) dialog.showModal();
  return Boolean(dialog);
}

function setUpDialog() {
  for (const button of document.querySelectorAll("[data-open-dialog]")) {
    button.addEventListener("click", () => open(button.dataset.openDialog));
  }
  const box = document.getElementById("use-shortcuts");
  if (!box) return;
  box.checked = !localStorage.getItem(SETTING);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(SETTING);
    else localStorage.setItem(SETTING, "1");
  });
}
