import { button } from "./dom.js";

/**
 * The switch between light and dark. It remembers a choice that differs from the system's, and forgets one that agrees,
 * so that the page follows the system again.
 */
export function schemeSwitch() {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const toggle = button("", () => {
    const theme = dark() ? "light" : "dark";
    const agrees = (theme === "dark") === system.matches;
    if (agrees) delete root.dataset.theme;
    else root.dataset.theme = theme;
    remember(agrees ? "" : theme);
    label();
  });
  toggle.className = "theme";
  const label = () => {
    toggle.textContent = dark() ? "Light" : "Dark";
    toggle.title = `Use ${dark() ? "light" : "dark"} colours`;
  };
  label();
  system.addEventListener("change", label);
  // Another page, or this one before a step back, may have chosen since.
  const again = () => {
    const theme = remembered();
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    label();
  };
  addEventListener("pageshow", ({ persisted }) => persisted && again());
  addEventListener("storage", ({ key }) => (key === "theme" || key === null) && again());
  document.querySelector("body > header")?.append(toggle);
}

/** @returns {string} the choice; empty for none */
function remembered() {
  try {
    return localStorage.getItem("theme") ?? "";
  } catch {
    return document.documentElement.dataset.theme ?? "";
  }
}

/** @param {string} theme empty to forget */
function remember(theme) {
  try {
    if (theme) localStorage.setItem("theme", theme);
    else localStorage.removeItem("theme");
  } catch {
    // Storage may be forbidden: the choice holds for this page.
  }
}
