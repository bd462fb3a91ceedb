// Classic script of a redirect stub: keeps ?query#fragment, which the instant refresh of the page would lose.
(() => {
  const { search, hash } = location;
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
  if (!link || !(search || hash)) return;
  // Stop the parser before it reads the refresh, which could overtake this redirect.
  window.stop();
  const { parameter, query } = link.dataset;
  const value = (parameter && new URLSearchParams(search).get(parameter)) ?? "";
  // Several organisms stood in one parameter.
  const values = query === "{}" ? [value] : value.split(",").filter(Boolean);
  const asked = values.map((one) => query?.replace("{}", () => one)).join(" ");
  location.replace(new URL(link.href).pathname + (asked ? `?q=${encodeURIComponent(asked)}` : search) + hash);
})();
