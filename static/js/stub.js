// Classic script of a redirect stub: keeps ?query#fragment, which the instant refresh of the page would lose.
(() => {
  const { search, hash } = location;
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
  if (!link || !(search || hash)) return;
  // Stop the parser before it reads the refresh, which could overtake this redirect.
  window.stop();
  const { parameter = "", query = "" } = link.dataset;
  const asked = parameter ? new URLSearchParams(search).getAll(parameter) : [];
  // Several organisms stood in one parameter.
  const values = (query === "{}" ? asked : asked.flatMap((value) => value.split(","))).filter(Boolean);
  const question = values.map((one) => query.replace("{}", () => one)).join(" ");
  // The other parameters are kept as they were written.
  const others = search.slice(1).split("&").filter((pair) => {
    const [name] = new URLSearchParams(pair).keys();
    return pair && name !== parameter && name !== "q";
  });
  const asking = question ? `?${[`q=${encodeURIComponent(question)}`, ...others].join("&")}` : search;
  location.replace(new URL(link.href).pathname + asking + hash);
})();
