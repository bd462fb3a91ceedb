import { button, h } from "./dom.js";

/** Of a picture that is so much wider than high, and shown no higher than so many pixels, nothing can be read. */
const [WIDE, STRIP] = [3, 160];

/**
 * The figure's picture: a frame with a link to the source when it fails, and a larger view of one that is far taller or
 * wider than its place.
 * @param {HTMLElement} plate
 */
export function picture(plate) {
  const image = plate.querySelector("img");
  if (!image) return;
  const settle = () => (image.naturalWidth ? offerLarger(plate, image) : fail(plate, image));
  if (image.complete) settle();
  else {
    image.addEventListener("load", settle);
    image.addEventListener("error", settle);
  }
}

/**
 * @param {HTMLElement} plate
 * @param {HTMLImageElement} image
 */
function fail(plate, image) {
  const message = h("div", {}, h("p", {}, "The picture is not available here at the moment."), elsewhere(image.src));
  plate.querySelector(":scope > a")?.replaceWith(h("div", { className: "failed" }, message));
}

/**
 * A link to where the picture can be seen: as near to it as the page knows one.
 * @param {string} own address of the picture
 * @returns {HTMLAnchorElement}
 */
function elsewhere(own) {
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".pub .links a"));
  /** @param {string} name */
  const find = (name) => [...links].find((link) => link.text.trim() === name)?.href;
  const figure = find("PMC figure");
  if (figure) return h("a", { rel: "noopener", href: figure }, "See the figure at its source");
  const article = find("PMC article");
  return article
    ? h("a", { rel: "noopener", href: article }, "See the figure in its paper")
    : h("a", { rel: "noopener", href: own }, "Try its own address");
}

/**
 * @param {HTMLElement} plate
 * @param {HTMLImageElement} image
 */
function offerLarger(plate, image) {
  const shown = image.getBoundingClientRect();
  const shape = image.naturalWidth / image.naturalHeight;
  // The picture keeps its shape within its box; it is small when the box's height, or its width, holds it down.
  const width = Math.min(shown.width, shown.height * shape);
  const strip = shape > WIDE && width / shape < STRIP && width < image.naturalWidth * 0.7;
  if (!strip && width > shown.width * 0.7) return;
  const toggle = button("Enlarge", () => {
    const larger = plate.classList.toggle(strip ? "wide" : "tall");
    toggle.setAttribute("aria-pressed", String(larger));
  });
  toggle.setAttribute("aria-pressed", "false");
  plate.append(toggle);
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
