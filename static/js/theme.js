// Classic script in the head: sets a remembered colour scheme before the first paint, and says that scripts run.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  } catch {
    // Storage may be forbidden: the system's scheme holds.
  }
})();
