import { button, h, say } from "./dom.js";
import { geneKey } from "./explore-links.js";
import { toolsOf } from "./tables.js";

/**
 * Offers the network of a gene; what draws it is fetched when it is asked for.
 * @param {HTMLElement} place where the offer stands
 */
export function offerNetwork(place) {
  const home = /** @type {HTMLAnchorElement | null} */ (document.querySelector("header .brand"))?.href ?? location.href;
  const canonical = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
  /** @type {HTMLElement | undefined} what says that it could not be drawn */
  let former;
  const offer = button("Network of those seen most", async () => {
    offer.disabled = true;
    former?.remove();
    const section = h("section", {}, h("h2", { tabIndex: -1 }, "Network"));
    place.closest(".pair")?.after(section);
    section.querySelector("h2")?.focus({ preventScroll: true });
    section.scrollIntoView(); // what comes into it is seen, below its heading
    const script = await import("./network.lazy.js").catch(() => null);
    if (!script) {
      offer.disabled = false;
      if (section.contains(document.activeElement)) offer.focus();
      section.remove();
      // A site that was published anew has it under another name.
      return say("The network could not be fetched. Load the page again, and ask once more.");
    }
    // Of the canonical address the path alone: the site may be looked at on another host than it was built for.
    const done = await script.geneNetwork(section, home, geneKey(new URL(canonical?.href ?? location.href).pathname, home), toolsOf);
    offer.disabled = done;
    former = done ? undefined : section;
  });
  place.append(offer);
}
