import { button, h } from "./dom.js";

/**
 * The figure's picture: a frame with a link to the source when it fails, and a larger view of one that is taller than
 * its place.
 * @param {HTMLElement} plate
 */
export function picture(plate) {
  const image = plate.querySelector("img");
  if (!image) return;
  const settle = () => (image.naturalWidth ? offerTall(plate, image) : fail(plate));
  if (image.complete) settle();
  else {
    image.addEventListener("load", settle);
    image.addEventListener("error", settle);
  }
}

/** @param {HTMLElement} plate */
function fail(plate) {
  const [full, source] = /** @type {NodeListOf<HTMLAnchorElement>} */ (plate.querySelectorAll("figcaption a"));
  const href = (source ?? full)?.href;
  const message = h("div", {}, h("p", {}, "The picture is not available here at the moment."));
  if (href) message.append(h("a", { href }, source ? "See the figure at its source" : "Try its own address"));
  plate.querySelector(":scope > a")?.replaceWith(h("div", { className: "failed" }, message));
}

/**
 * @param {HTMLElement} plate
 * @param {HTMLImageElement} image
 */
function offerTall(plate, image) {
  const shown = image.getBoundingClientRect();
  const wide = image.naturalWidth / image.naturalHeight;
  // The picture keeps its shape within its box; it is small when the box's height holds it down.
  const width = Math.min(shown.width, shown.height * wide);
  if (image.hasAttribute("width") || width > shown.width * 0.7) return;
  const toggle = button("Enlarge", () => {
    const tall = plate.classList.toggle("tall");
    toggle.setAttribute("aria-pressed", String(tall));
  });
  toggle.setAttribute("aria-pressed", "false");
  plate.querySelector("figcaption")?.append(toggle);
}

/** A small picture that fails leaves its place as a plain frame, without the sign of a broken image. */
export function quietThumbnails() {
  document.addEventListener(
    "error",
    (event) => {
      const image = event.target;
      if (image instanceof HTMLImageElement && image.closest(".list, .cards"))
        image.replaceWith(h("span", { className: "gone" }));
    },
    true,
  );
}
