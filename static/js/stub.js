// Classic script of a redirect stub: keeps ?query#fragment, which the instant refresh of the page would lose.
(() => {
  const { search, hash } = location;
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
  if (!link || !(search || hash)) return;
  // Stop the parser before it reads the refresh, which could overtake this redirect.
  window.stop();
  location.replace(new URL(link.href).pathname + search + hash);
})();
