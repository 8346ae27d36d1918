/* Plots, drawn by Observable Plot from the data beside them and again when their width changes. Colours are variables of
   the style, so that a plot follows the theme. Labels are text nodes: Plot makes no markup of them. */
const COLOUR = {
  human: "var(--accent)",
  machine: "var(--machine)",
  soft: "var(--soft)",
  ink: "var(--ink)",
  rule: "var(--rule)",
};
const NARROW = 560; // pixels
const UNKNOWN = "unknown"; // null in the data: no number, or none that JSON knows
const percent = (digits) => (share) => (share === null ? UNKNOWN : `${(100 * share).toFixed(digits)} %`);
const fixed = (value) => value?.toFixed(3) ?? UNKNOWN;
const number = new Intl.NumberFormat("en");

const DRAW = {
  waterfall({ values }, width) {
    const total = Math.max(...values.map((d) => d.high), 1);
    const fill = (d) => ({ all: COLOUR.soft, lost: COLOUR.machine, kept: COLOUR.human })[d.kind];
    const size = (d) => `${number.format(d.high - d.low)}  ${percent(1)((d.high - d.low) / total)}`;
    const [marginLeft, marginRight] = [labelWidth(values.map((d) => d.label), width), 100];
    const pixels = (width - marginLeft - marginRight) / total;
    // Beside its bar, unless it would stand across the line at the end.
    const beside = (d) => (d.high * pixels + 16 + textWidth(size(d)) > total * pixels ? total : d.high);
    return {
      height: 30 * values.length + 10,
      marginLeft,
      marginRight,
      marginTop: 0,
      marginBottom: 10,
      x: { axis: null, domain: [0, total] },
      y: { label: null, domain: values.map((d) => d.label), tickSize: 0, padding: 0.3 },
      marks: [
        Plot.ruleX([0, total], { stroke: COLOUR.rule }),
        Plot.barX(values, { x1: "low", x2: "high", y: "label", fill, insetRight: -0.5 }),
        Plot.text(values, { x: beside, y: "label", text: size, dx: 8, textAnchor: "start", fill: COLOUR.ink }),
      ],
    };
  },

  languages({ values }, width) {
    const top = Math.min(1, Math.max(...values.map((d) => Math.max(d.high ?? 0, d.before, d.after ?? 0))) * 1.02 || 1);
    const tip = (d) =>
      `${d.language}\nsynthetic share ${percent(1)(d.before)}` +
      `\nweighted ${d.after === null ? "unknown" : percent(1)(d.after)}` +
      (d.low === null
        ? ""
        : `\nestimated share ${percent(1)(d.estimate)} (${percent(1)(d.low)} to ${percent(1)(d.high)})`) +
      `\n${number.format(d.tokens)} tokens`;
    const y = "language";
    return {
      height: 28 * values.length + 50,
      marginLeft: 48,
      marginRight: 24,
      x: { domain: [0, top], label: null, tickFormat: percent(0), grid: true, ticks: width < NARROW ? 4 : 8 },
      y: { label: null, domain: values.map((d) => d.language), tickSize: 0 },
      marks: [
        Plot.ruleY(values, { y, x1: "low", x2: "high", stroke: COLOUR.soft, strokeOpacity: 0.7, strokeWidth: 1.5 }),
        Plot.tickX(values, { y, x: "estimate", stroke: COLOUR.soft, strokeWidth: 1.5, inset: 7 }),
        Plot.link(values, { y, x1: "before", x2: "after", stroke: COLOUR.human, strokeWidth: 3 }),
        Plot.dot(values, { y, x: "before", r: 4.5, fill: "var(--paper)", stroke: COLOUR.ink, strokeWidth: 1.5 }),
        Plot.dot(values, { y, x: "after", r: 4.5, fill: COLOUR.human }),
        Plot.tip(values, Plot.pointerY({ y, x: "before", title: tip, ...TIP })),
      ],
    };
  },

  cells({ values }, width) {
    const names = [...new Set(values.map((d) => d.language))];
    const lengths = [...new Set(values.map((d) => d.start))].sort((a, b) => a - b);
    const narrow = width < NARROW;
    const facet = narrow ? { fy: "language" } : { fx: "language" };
    const tip = (d) =>
      `${d.language}, ${d.length} tokens\nprior ${fixed(d.prior)} (${fixed(d.low)} to ${fixed(d.high)})\n${number.format(d.pages)} pages`;
    return {
      height: narrow ? 115 * names.length + 60 : 240,
      marginLeft: 36,
      marginBottom: 34,
      marginRight: narrow ? 34 : 8,
      x: {
        domain: lengths,
        label: null,
        tickFormat: (d) => (d < 1000 ? d : `${Math.round(d / 1000)}k`),
        tickRotate: narrow ? 0 : -45,
        tickSize: 0,
        padding: 0.6,
      },
      y: { domain: [0, 1], label: null, ticks: narrow ? 2 : 5, grid: true },
      [narrow ? "fy" : "fx"]: { domain: names, label: null, padding: narrow ? 0.2 : 0.12 }, // room for 0.0 above 1.0
      marks: [
        Plot.ruleX(values, {
          x: "start",
          y1: "low",
          y2: "high",
          stroke: COLOUR.human,
          strokeWidth: 4,
          strokeOpacity: 0.35,
          ...facet,
        }),
        Plot.dot(values, { x: "start", y: "prior", fill: COLOUR.human, r: 3.5, ...facet }),
        Plot.tip(values, Plot.pointer({ x: "start", y: "prior", title: tip, ...facet, ...TIP })),
      ],
    };
  },

  histogram({ values, column }, width) {
    const wide = values.length > 2 && values.at(-1).to - values.at(-1).from > 4 * (values[1].to - values[1].from);
    const least = wide ? values[0].to / 2 : -Infinity; // a first bin that begins at 0 has no place on a logarithmic axis
    const bins = values.map((d) => ({ ...d, from: Math.max(d.from, least) }));
    const steps = bins.flatMap((d) => [
      { x: d.from, y: d.tokens },
      { x: d.to, y: d.tokens },
    ]);
    const tip = (d) =>
      `${round(d.from)} to ${round(d.to)}\n${percent(1)(d.pages ?? 0)} of pages\n${percent(1)(d.tokens ?? 0)} of tokens`;
    return {
      height: 210,
      marginLeft: 44,
      marginRight: 24,
      x: {
        label: null,
        type: wide ? "log" : "linear",
        ticks: width < NARROW ? 5 : 8,
        tickFormat: wide ? "~s" : undefined,
      },
      y: { label: null, tickFormat: percent(0), grid: true, ticks: 4 },
      marks: [
        Plot.rectY(bins, { x1: "from", x2: "to", y: "pages", fill: COLOUR.human, fillOpacity: 0.45, inset: 0.5 }),
        Plot.line(steps, { x: "x", y: "y", stroke: COLOUR.ink, strokeWidth: 1.5 }),
        column === "human_weight" ? Plot.ruleX([1], { stroke: COLOUR.machine, strokeDasharray: "3 3" }) : null,
        Plot.ruleY([0], { stroke: COLOUR.soft }),
        Plot.tip(bins, Plot.pointerX({ x1: "from", x2: "to", y: "pages", title: tip, ...TIP })),
      ],
    };
  },

  hosts({ values: all }, width) {
    const values = all.filter((d) => d.human !== null);
    const most = Math.max(...values.map((d) => d.pages));
    const [least, ticks] = [
      Math.min(...values.map((d) => d.pages)),
      [1, 2, 5].flatMap((n) => [0, 1, 2, 3, 4, 5, 6].map((e) => n * 10 ** e)),
    ];
    const even = ticks.filter((n) => n >= least && n <= most * 1.25);
    const tip = (d) =>
      `${d.host}\n${number.format(d.pages)} pages, ${number.format(d.tokens)} tokens\np(human) ${fixed(d.human)}`;
    const side = (d) => (d.human < 0.5 ? COLOUR.machine : COLOUR.human);
    const [height, left, right, top, bottom] = [320, 40, 20, 28, 40];
    const domain = [least * 0.8, most * 1.25];
    const heights = [-0.03, 1.05];
    const radii = d3.scaleSqrt([0, Math.max(...values.map((d) => d.tokens))], [2.5, 13]);
    const across = d3.scaleLog(domain, [left, width - right]);
    const up = d3.scaleLinear(heights, [height - bottom, top]);
    const dots = values.map((d) => ({ x: across(d.pages), y: up(d.human), r: radii(d.tokens) }));
    const names = values.slice(0, 12).map((d) => shorten(d.host, width < NARROW ? 16 : 30));
    const label = ({ dot, dx, dy, textAnchor }) =>
      Plot.text([values[dot]], {
        x: "pages",
        y: "human",
        text: () => names[dot],
        dx,
        dy,
        textAnchor,
        fill: COLOUR.ink,
        stroke: "var(--paper)",
        strokeWidth: 4,
      });
    return {
      height,
      marginLeft: left,
      marginRight: right,
      marginTop: top,
      marginBottom: bottom,
      x: {
        type: "log",
        label: "pages →",
        ticks: even.length > 2 ? even : d3.ticks(least, most, 4).filter(Number.isInteger),
        tickFormat: "~s",
        domain,
      },
      y: { domain: heights, label: "↑ p(human)", grid: true, ticks: 5 },
      r: { domain: radii.domain(), range: radii.range() },
      marks: [
        Plot.dot(values, { x: "pages", y: "human", r: "tokens", fill: side, fillOpacity: 0.35, stroke: side }),
        ...labelsOf(dots, names, { left, right: width, top: 8, bottom: height - bottom }).map(label),
        Plot.tip(values, Plot.pointer({ x: "pages", y: "human", title: tip, ...TIP })),
      ],
    };
  },

  dates({ values, line }, width) {
    const bars = values.map((d) => ({ from: new Date(d.from), to: new Date(d.to), pages: d.pages }));
    const day = new Date(line);
    // The bar in which the day lies is cut there, so that each colour is one side of the line.
    const parts = bars.flatMap((d) => (d.from < day && day < d.to ? [{ ...d, to: day }, { ...d, from: day }] : [d]));
    const told = (d) => `${d.from.toISOString().slice(0, 7)}\n${number.format(d.pages)} pages`;
    return {
      height: 190,
      marginLeft: 40,
      marginRight: 16,
      marginTop: 26,
      x: {
        type: "utc",
        label: null,
        domain: [Math.min(...bars.map((d) => d.from), day), Math.max(...bars.map((d) => d.to), day)],
        ticks: width < NARROW ? 4 : 7,
      },
      y: { label: null, grid: true, ticks: 4 },
      marks: [
        Plot.rectY(parts, {
          x1: "from",
          x2: "to",
          y: "pages",
          insetLeft: 0.5,
          insetRight: 0.5,
          fill: (d) => (d.to <= day ? COLOUR.human : COLOUR.soft),
          fillOpacity: 0.75,
        }),
        Plot.ruleY([0], { stroke: COLOUR.soft }),
        Plot.ruleX([day], { stroke: COLOUR.machine, strokeWidth: 1.5, strokeDasharray: "4 3" }),
        Plot.text([day], {
          x: (d) => d,
          text: () => line,
          frameAnchor: "top",
          dy: -20,
          fill: COLOUR.machine,
          textAnchor: day > bars.at(-1).from ? "end" : "middle",
        }),
        Plot.tip(bars, Plot.pointerX({ x1: "from", x2: "to", y: "pages", title: told, ...TIP })),
      ],
    };
  },
};

const TIP = { fill: "var(--raised)", stroke: "var(--strong-rule)", textPadding: 8, lineHeight: 1.3 };

const round = (value) => (value === null ? UNKNOWN : Number(value.toPrecision(3)));
const shorten = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const ruler = document.createElement("canvas").getContext("2d");
ruler.font = `12px ${getComputedStyle(document.body).fontFamily}`; // as `plot` has it
const textWidth = (text) => ruler.measureText(text).width;
const labelWidth = (labels, width) => Math.min(Math.max(...labels.map(textWidth)) + 14, width * 0.44);

/* Where each of the first dots can have its name, beside, above or below it, over no dot and no other name. Names are
   given in this order; one that has room nowhere is left out, and the tip and the table have it. Pixels. */
function labelsOf(dots, names, { left, right, top, bottom }) {
  const placed = [];
  const inside = ({ x, y, w }) => x >= left && x + w <= right && y - 8 >= top && y + 6 <= bottom;
  const free = ({ x, y, w }) =>
    dots.every((d) => d.x + d.r + 2 < x || d.x - d.r - 2 > x + w || Math.abs(d.y - y) > d.r + 9) &&
    placed.every((e) => e.x + e.w + 6 < x || e.x > x + w + 6 || Math.abs(e.y - y) > 16);
  names.forEach((name, dot) => {
    const { x, y, r } = dots[dot];
    const [w, gap, lift] = [textWidth(name), r + 5, r + 11];
    const found = [
      { x: x + gap, y, w, dot, dx: gap, dy: 0, textAnchor: "start" },
      { x: x - gap - w, y, w, dot, dx: -gap, dy: 0, textAnchor: "end" },
      { x: x - w / 2, y: y - lift, w, dot, dx: 0, dy: -lift, textAnchor: "middle" },
      { x: x - w / 2, y: y + lift, w, dot, dx: 0, dy: lift, textAnchor: "middle" },
    ].find((place) => inside(place) && free(place));
    if (found) placed.push(found);
  });
  return placed;
}

/* One plot that fails, on numbers that no sound output holds, leaves the others alone. */
function drawPlot(canvas, width) {
  try {
    canvas.replaceChildren(plot(canvas, width));
  } catch {
    for (const name of ["role", "aria-label"]) canvas.removeAttribute(name); // it is words now, no image
    const said = "This figure could not be drawn; its numbers stand in the table.";
    canvas.replaceChildren(make("p", { class: "note" }, said));
  }
}

function plot(canvas, width) {
  const data = JSON.parse(canvas.parentElement.querySelector('script[type="application/json"]').textContent);
  const options = DRAW[canvas.dataset.plot](data, width);
  const svg = Plot.plot({ width, style: { background: "none", fontSize: "12px", color: "inherit" }, ...options });
  svg.querySelector("style")?.remove(); // the policy allows the page's own style only, which has these rules
  svg.setAttribute("aria-hidden", "true"); // the canvas is an image with words of its own
  return svg;
}

/* Draw when near the window, so that what is seen first is there first. */
function watchPlots() {
  const redraw = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const width = Math.floor(contentRect.width);
      if (width > 0 && target.drawn !== width) drawPlot(target, (target.drawn = width));
    }
  });
  for (const canvas of document.querySelectorAll("[data-plot]")) redraw.observe(canvas);
}
