import { button, h } from "../dom.js";
import { commas } from "./numbers.js";
import { s } from "./svg.js";
import { barsOf, brushed, yearsText } from "./years.js";

/** @import { Bar } from "./years.js" */

const WIDTH = 300;
const HEIGHT = 72;

/** Settled when the last drag over the bars is over. */
let held = Promise.resolve();

/** Waits until nobody drags over the bars: those that are taken away amid it would not tell of its end. */
export function released() {
  return held;
}

/**
 * The figures of each year, to be brushed: a drag over the bars, a click on one, or the two boxes below.
 * @param {readonly (readonly [number, number])[]} counts year and figures
 * @param {[number, number] | null} chosen first and last year that are chosen now, null for all
 * @param {(years: string) => void} choose
 * @returns {HTMLElement | null} null where no year is known
 */
export function histogram(counts, chosen, choose) {
  const bars = barsOf(counts);
  if (!bars.length) return null;
  const whole = /** @type {[number, number]} */ ([bars[0].year, bars[bars.length - 1].year]);
  const [first, last] = chosen ?? whole;
  const picture = drawing(bars, first, last);
  const show = (/** @type {number} */ a, /** @type {number} */ b) => mark(picture, bars, a, b);
  brush(picture, bars, { show, cancel: () => show(first, last) }, choose);
  const ends = [Math.max(first, whole[0]), Math.min(last, whole[1])];
  const form = boxes(whole, /** @type {[number, number]} */ (ends), choose);
  if (chosen) form.append(button("All years", () => choose("")));
  return h("div", { className: "years-facet" }, picture, form);
}

/**
 * @param {readonly Bar[]} bars
 * @param {number} first
 * @param {number} last
 */
function drawing(bars, first, last) {
  const most = Math.max(...bars.map((bar) => bar.count));
  const step = WIDTH / bars.length;
  // Those who do not see it have the same in the two boxes and in the list of results.
  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + 16}`, class: "chart brush", "aria-hidden": "true" });
  bars.forEach(({ year, count }, at) => {
    const height = count ? Math.max(2, (count / most) * HEIGHT) : 0;
    const place = { x: at * step, width: Math.max(step - Math.min(2, step / 4), 0.5) };
    const column = s("g", {});
    const title = s("title", {});
    title.textContent = `${year}: ${commas(count)}`;
    column.append(
      title,
      s("rect", { ...place, y: 0, height: HEIGHT, class: "room" }),
      s("rect", { ...place, y: HEIGHT - height, height, class: "bar" }),
    );
    svg.append(column);
  });
  svg.append(s("path", { d: `M0 ${HEIGHT}.5H${WIDTH}`, class: "axis" }));
  const labels = bars.length > 1 ? [bars[0], bars[bars.length - 1]] : [bars[0]];
  labels.forEach(({ year }, at) => {
    const place = { x: at ? WIDTH : 0, y: HEIGHT + 13, class: "label", "text-anchor": at ? "end" : "start" };
    const label = s("text", place);
    label.textContent = String(year);
    svg.append(label);
  });
  mark(svg, bars, first, last);
  return svg;
}

/**
 * @param {Element} svg
 * @param {readonly Bar[]} bars
 * @param {number} first
 * @param {number} last
 */
function mark(svg, bars, first, last) {
  const columns = svg.querySelectorAll("g");
  bars.forEach(({ year }, at) => columns[at].classList.toggle("out", year < first || year > last));
}

/**
 * @param {Element} svg
 * @param {readonly Bar[]} bars
 * @param {{show: (first: number, last: number) => void, cancel: () => void}} marks shows a choice, or again what was chosen
 * @param {(years: string) => void} choose
 */
function brush(svg, bars, { show, cancel }, choose) {
  /** @type {number | undefined} */
  let start;
  const share = (/** @type {MouseEvent} */ event) => {
    const box = svg.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  };
  const element = /** @type {SVGSVGElement} */ (svg);
  element.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    start = share(event);
    element.setPointerCapture(event.pointerId);
    held = new Promise((done) => {
      for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => done(), { once: true });
    });
    show(...brushed(bars, start, start));
    event.preventDefault();
  });
  element.addEventListener("pointermove", (event) => {
    if (start !== undefined) show(...brushed(bars, start, share(event)));
  });
  element.addEventListener("pointerup", (event) => {
    if (start === undefined) return;
    const [first, last] = brushed(bars, start, share(event));
    start = undefined;
    choose(yearsText(first, last));
  });
  element.addEventListener("pointercancel", () => {
    start = undefined;
    cancel();
  });
}

/**
 * @param {[number, number]} whole
 * @param {[number, number]} chosen
 * @param {(years: string) => void} choose
 */
function boxes(whole, chosen, choose) {
  const inputs = chosen.map((year, at) =>
    h("input", {
      type: "number",
      id: `year-${at}`,
      min: String(whole[0]),
      max: String(whole[1]),
      value: String(year),
      required: true,
      "aria-label": at ? "To year" : "From year",
    }),
  );
  const form = h("form", { className: "range" }, inputs[0], "–", inputs[1], h("button", { "data-key": "set-years" }, "Set"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    choose(yearsText(Number(inputs[0].value), Number(inputs[1].value)));
  });
  return form;
}
