// Pictures: probabilities along one parameter, the frontier, and the map over two parameters.

const SVG = "http://www.w3.org/2000/svg";
const svg = (name, attributes = {}, ...children) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

const SAMPLES = 160; // Values along a parameter at which it is looked which equilibria exist.
const STEPS = 20; // Points of a curve between two cuts.
const HALVINGS = 48;
const PATTERNS = ["plain", "lines", "dots", "across", "back", "cross", "thick", "sparse"];

// The point with one or two inputs moved; floats for the closed forms, exact values if they are asked for.
const moved = (sheet, values, floats, changes) => {
  for (const [input, value] of changes) floats[input] = float(value);
  return sheet.move(floats, () => {
    const exact = values.slice();
    for (const [input, value] of changes) exact[input] = value;
    return exact;
  });
};

// Along one input: cuts, and between them what exists, with points of each curve.
const along = (sheet, values, input, low, high, quantities, samples = SAMPLES) => {
  const floats = values.map(float);
  const width = minus(high, low);
  const at = (n, d) => plus(low, times(width, rational(BigInt(n), BigInt(d))));
  const existing = (place) => moved(sheet, values, floats, [[input, place]]).existing();
  const places = Array.from({ length: samples }, (_, n) => at(2 * n + 1, 2 * samples));
  const found = places.map(existing);
  const stretches = [{ low, families: found[0] }];
  for (let n = 1; n < samples; n += 1) {
    if (String(found[n]) === String(found[n - 1])) continue;
    let [a, b] = [float(places[n - 1]), float(places[n])];
    const left = String(found[n - 1]);
    for (let step = 0; step < HALVINGS; step += 1) {
      const middle = (a + b) / 2;
      if (middle === a || middle === b) break;
      if (String(existing(ofFloat(middle))) === left) a = middle;
      else b = middle;
    }
    const cut = nice(a, b);
    stretches[stretches.length - 1].high = cut;
    stretches.push({ low: cut, families: found[n] });
  }
  stretches[stretches.length - 1].high = high;
  for (const stretch of stretches) {
    const [a, b] = [float(stretch.low), float(stretch.high)];
    stretch.points = Array.from({ length: STEPS + 1 }, (_, n) => {
      // The ends themselves may be edges: the curve is drawn up to them.
      const share = Math.min(Math.max(n / STEPS, 1e-9), 1 - 1e-9);
      const place = a + (b - a) * share;
      moved(sheet, values, floats, [[input, ofFloat(place)]]);
      return {
        at: a + (b - a) * (n / STEPS),
        spans: stretch.families.map((family) => quantities.map((quantity) => sheet.span(family, quantity))),
      };
    });
  }
  return stretches;
};

// The exact value of a float.
const ofFloat = (x) => {
  if (Number.isInteger(x)) return rational(BigInt(x));
  let below = 1n;
  let power = 0;
  while (!Number.isInteger(x) && power < 1074) {
    x *= 2;
    below *= 2n;
    power += 1;
  }
  return rational(BigInt(x), below);
};

// The simplest fraction between two floats, if it is simple; else the middle.
const nice = (a, b) => {
  const slack = 1e-12 * Math.max(1, Math.abs(a));
  const middle = (a + b) / 2;
  for (let below = 1; below <= 1000; below += 1) {
    const top = Math.round(middle * below);
    if (Math.abs(top / below - middle) <= slack + Math.abs(b - a)) return rational(BigInt(top), BigInt(below));
  }
  return ofFloat(middle);
};

const listedAlong = (sheet, quantities) => sheet.data.rows.map((row, n) => ({
  value: sheet.values[n],
  spans: row.entries.map(entryOfRow).map((entry) => quantities.map((quantity) => {
    const size = (told) => ("q" in told ? float(told.q) : told.x);
    const value = entry.values[quantity];
    return [size(value), size(value)];
  })),
  labels: row.entries.map((entry) => entry.label),
}));

// Axes ----------------------------------------------------------------------------------------------------------------

const BOX = { left: 46, top: 12, right: 12, bottom: 40 };

// Pictures are as wide as there is room, so that their letters stay readable on a phone.
const WIDEST = 560;
const room = () => Math.max(300, Math.min(WIDEST, document.getElementById("answer").clientWidth));

const frame = (width, height, x, y) => {
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", preserveAspectRatio: "xMidYMid meet" });
  const inner = { x: BOX.left, y: BOX.top, w: width - BOX.left - BOX.right, h: height - BOX.top - BOX.bottom };
  const place = {
    x: (value) => inner.x + ((value - x.low) / (x.high - x.low)) * inner.w,
    y: (value) => inner.y + inner.h - ((value - y.low) / (y.high - y.low)) * inner.h,
  };
  const axes = svg("g", { class: "axes" });
  axes.append(svg("rect", { x: inner.x, y: inner.y, width: inner.w, height: inner.h, class: "plot" }));
  for (const value of ticks(x.low, x.high, width < 400 ? 4 : 6)) {
    axes.append(svg("line", { x1: place.x(value), x2: place.x(value), y1: inner.y + inner.h, y2: inner.y + inner.h + 4 }));
    axes.append(svg("text", { x: place.x(value), y: inner.y + inner.h + 16, "text-anchor": "middle" }, short(value)));
  }
  for (const value of ticks(y.low, y.high, 4)) {
    axes.append(svg("line", { x1: inner.x - 4, x2: inner.x, y1: place.y(value), y2: place.y(value) }));
    axes.append(svg("text", { x: inner.x - 7, y: place.y(value) + 4, "text-anchor": "end" }, short(value)));
  }
  axes.append(svg("text", { x: inner.x + inner.w / 2, y: height - 6, "text-anchor": "middle", class: "name" }, x.name));
  axes.append(svg("text", {
    x: 0, y: 0, "text-anchor": "middle", class: "name", transform: `translate(11 ${inner.y + inner.h / 2}) rotate(-90)`,
  }, y.name));
  return { root, inner, place, axes };
};

const ticks = (low, high, most) => {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => size >= rough * 0.999);
  const found = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9 * step; n += 1) {
    found.push(Number((n * step).toPrecision(12)));
  }
  return found;
};

const path = (points) => points.map(([x, y], n) => `${n ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");

// Along a parameter ---------------------------------------------------------------------------------------------------

// One event: its least and greatest probability over the equilibria that coexist.
const band = (stretches, which, x, y, now) => {
  const { root, inner, place, axes } = frame(room(), 210, x, y);
  const area = svg("g", { class: "band" });
  for (const { points } of stretches) {
    const rows = points.filter((point) => point.spans.length).map((point) => {
      const ends = point.spans.map((spans) => spans[which]);
      return [point.at, Math.min(...ends.map((end) => end[0])), Math.max(...ends.map((end) => end[1]))];
    });
    if (!rows.length) continue;
    const upper = rows.map(([at, , high]) => [place.x(at), place.y(high)]);
    const lower = rows.map(([at, low]) => [place.x(at), place.y(low)]);
    area.append(svg("path", { d: `${path([...upper, ...lower.slice().reverse()])}Z`, class: "between" }));
    area.append(svg("path", { d: path(lower), class: "best" }), svg("path", { d: path(upper), class: "worst" }));
  }
  const marks = svg("g", { class: "now" });
  marks.append(svg("line", { x1: place.x(now.at), x2: place.x(now.at), y1: inner.y, y2: inner.y + inner.h }));
  if (now.low !== null) {
    marks.append(svg("circle", { cx: place.x(now.at), cy: place.y(now.low), r: 4, class: "hollow" }));
    marks.append(svg("circle", { cx: place.x(now.at), cy: place.y(now.high), r: 4 }));
  }
  root.append(axes, area, marks);
  return root;
};

// Solved values: a mark for each equilibrium, and no line between.
const dots = (rows, which, x, y, now) => {
  const { root, inner, place, axes } = frame(room(), 210, x, y);
  const marks = svg("g", { class: "dots" });
  for (const { value, spans } of rows) {
    for (const span of spans) {
      marks.append(svg("circle", { cx: place.x(float(value)), cy: place.y(span[which][0]), r: 4 }));
    }
  }
  const line = svg("g", { class: "now" });
  line.append(svg("line", { x1: place.x(now.at), x2: place.x(now.at), y1: inner.y, y2: inner.y + inner.h }));
  root.append(axes, marks, line);
  return root;
};

// The frontier: one chance against the other, for every equilibrium along the lever.
const frontierChart = (curves, x, y, now) => {
  const { root, place, axes } = frame(room(), Math.min(380, room()), x, y);
  const lines = svg("g", { class: "curves" });
  curves.forEach(({ points, label }, n) => {
    const flat = points.map(([a, b]) => [place.x(a), place.y(b)]);
    const still = flat.every(([a, b]) => Math.hypot(a - flat[0][0], b - flat[0][1]) < 1);
    const title = svg("title", {}, label);
    if (still) lines.append(svg("circle", { cx: flat[0][0], cy: flat[0][1], r: 4, class: "still" }, title));
    else lines.append(svg("path", { d: path(flat), class: `curve dash${n % 4}` }, title));
  });
  const marks = svg("g", { class: "now" });
  const taken = [];
  for (const { low, high, text } of now) {
    const [a, b] = [[place.x(low[0]), place.y(low[1])], [place.x(high[0]), place.y(high[1])]];
    if (Math.hypot(a[0] - b[0], a[1] - b[1]) > 1) {
      marks.append(svg("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }));
    }
    const near = taken.find((other) => Math.hypot(other.x - b[0], other.y - b[1]) < 12);
    marks.append(svg("circle", { cx: b[0], cy: b[1], r: 5 }));
    if (near) near.texts.push(text);
    else taken.push({ x: b[0], y: b[1], texts: [text] });
  }
  for (const { x: left, y: top, texts } of taken) {
    const right = left > room() - 130;
    marks.append(svg("text", {
      x: left + (right ? -9 : 9), y: top + (top < 40 ? 16 : -8), "text-anchor": right ? "end" : "start",
    }, texts.join(", ")));
  }
  root.append(axes, lines, marks);
  return root;
};

// The map -------------------------------------------------------------------------------------------------------------

// What exists (or a number) at the nodes of a grid, row by row from below, and where it changes between two nodes.
//
// The nodes lie a little off round numbers, on which edges like to lie; where two neighbours differ the place between
// them is found by halving.
const surveyed = (sheet, values, inputs, ends, cells, look) => {
  const floats = values.map(float);
  const off = 99_991n;
  const node = ([low, high], n) =>
    plus(low, times(minus(high, low), rational(BigInt(n) * (off - 3n) + BigInt(cells), BigInt(cells) * off)));
  const [columns, rows] = ends.map((range) => Array.from({ length: cells + 1 }, (_, n) => node(range, n)));
  const at = (x, y) => look(moved(sheet, values, floats, [[inputs[0], x], [inputs[1], y]]));
  const keys = rows.map((y) => columns.map((x) => at(x, y)));
  const [xs, ys] = [columns.map(float), rows.map(float)];
  const crossing = (low, high, key, place) => {
    let [a, b] = [low, high];
    for (let step = 0; step < 24; step += 1) {
      const middle = (a + b) / 2;
      if (place(ofFloat(middle)) === key) a = middle;
      else b = middle;
    }
    return (a + b) / 2;
  };
  const across = keys.map((row, j) => row.slice(1).map((key, i) =>
    (key === row[i] ? null : crossing(xs[i], xs[i + 1], row[i], (x) => at(x, rows[j])))));
  const upward = keys.slice(1).map((row, j) => row.map((key, i) =>
    (key === keys[j][i] ? null : crossing(ys[j], ys[j + 1], keys[j][i], (y) => at(columns[i], y)))));
  return { cells, keys, xs, ys, across, upward };
};

// The pieces of one cell: for each run of corners with one key a polygon; and the lines between them.
const pieces = ({ keys, xs, ys, across, upward }, i, j) => {
  const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
  const key = (n) => keys[corners[n % 4][1]][corners[n % 4][0]];
  const point = (n) => [xs[corners[n % 4][0]], ys[corners[n % 4][1]]];
  // Between corner n and the next: where the key changes.
  const cuts = [
    across[j][i] === null ? null : [across[j][i], ys[j]], upward[j][i + 1] === null ? null : [xs[i + 1], upward[j][i + 1]],
    across[j + 1][i] === null ? null : [across[j + 1][i], ys[j + 1]], upward[j][i] === null ? null : [xs[i], upward[j][i]],
  ];
  const changes = [0, 1, 2, 3].filter((n) => cuts[n]);
  if (!changes.length) return { polygons: [[key(0), [0, 1, 2, 3].map(point)]], lines: [] };
  const found = changes.map((n) => cuts[n]);
  const middle = [0, 1].map((part) => found.reduce((sum, cut) => sum + cut[part], 0) / found.length);
  const polygons = changes.map((n, k) => {
    const next = changes[(k + 1) % changes.length];
    const polygon = [cuts[n]];
    for (let corner = n + 1; (corner - 1) % 4 !== next || corner === n + 1; corner += 1) {
      polygon.push(point(corner));
      if (corner % 4 === next) break;
    }
    polygon.push(cuts[next]);
    if (changes.length !== 2) polygon.push(middle);
    return [key(n + 1), polygon];
  });
  return { polygons, lines: changes.length === 2 ? [found] : found.map((cut) => [cut, middle]) };
};

const patterns = () => {
  const defs = svg("defs");
  PATTERNS.forEach((name, n) => {
    const tile = svg("pattern", { id: `fill-${name}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" });
    tile.append(svg("rect", { width: 8, height: 8, class: `ground ground${n}` }));
    const strokes = {
      lines: "M0 8L8 0M-2 2L2 -2M6 10L10 6", back: "M0 0L8 8M-2 6L2 10M6 -2L10 2", across: "M0 4H8",
      cross: "M0 4H8M4 0V8", thick: "M4 0V8", sparse: "M2 2L4 4",
    };
    if (strokes[name]) tile.append(svg("path", { d: strokes[name], class: "stroke" }));
    if (name === "dots") tile.append(svg("circle", { cx: 4, cy: 4, r: 1.4, class: "dot" }));
    defs.append(tile);
  });
  return defs;
};

// The classes of a survey, the largest first: key, share, and where a letter fits.
const classes = ({ keys, cells }) => {
  const found = new Map();
  keys.forEach((row, y) => {
    let start = 0;
    for (let x = 1; x <= cells + 1; x += 1) {
      if (x <= cells && row[x] === row[start]) continue;
      const one = found.get(row[start]) || { key: row[start], nodes: 0, best: 0, runs: [] };
      found.set(row[start], one);
      one.nodes += x - start;
      one.runs.push([start, y, x - start]);
      start = x;
    }
  });
  for (const one of found.values()) {
    // The letter goes where the most room is: in the middle of a run, weighed by how many rows agree around it.
    for (const [x, y, length] of one.runs) {
      const at = x + Math.floor(length / 2);
      let up = 0;
      while (keys[y + up + 1] && keys[y + up + 1][at] === one.key) up += 1;
      let down = 0;
      while (keys[y - down - 1] && keys[y - down - 1][at] === one.key) down += 1;
      const room = Math.min(length, 2 * Math.min(up, down) + 1);
      if (room > one.best) Object.assign(one, { best: room, at: [at, y] });
    }
    one.share = one.nodes / (cells + 1) ** 2;
  }
  return [...found.values()].sort((a, b) => b.nodes - a.nodes);
};

const mapChart = (survey, listed, x, y, now, fill) => {
  const { root, inner, place, axes } = frame(room(), Math.min(430, room() + 20), x, y);
  const { cells, keys, xs, ys } = survey;
  const shapes = new Map(listed.map((one) => [one.key, []]));
  const outlines = [];
  const put = ([a, b]) => [place.x(a), place.y(b)];
  for (let j = 0; j < cells; j += 1) {
    for (let i = 0; i < cells; i += 1) {
      const { polygons, lines } = pieces(survey, i, j);
      if (!lines.length) {
        // Cells alike in a row are one rectangle.
        let last = i;
        const alike = (n) => keys[j][n] === keys[j][i] && keys[j + 1][n] === keys[j][i];
        while (last + 1 < cells && alike(last + 2)) last += 1;
        const [left, low] = put([xs[i], ys[j]]);
        const [right, high] = put([xs[last + 1], ys[j + 1]]);
        shapes.get(keys[j][i]).push(`${path([[left, low], [right, low], [right, high], [left, high]])}Z`);
        i = last;
        continue;
      }
      for (const [key, polygon] of polygons) shapes.get(key).push(`${path(polygon.map(put))}Z`);
      for (const line of lines) outlines.push(path(line.map(put)));
    }
  }
  const fills = svg("g", { class: "regions" });
  listed.forEach((one, n) => fills.append(svg("path", { d: shapes.get(one.key).join(""), ...fill(one, n) })));
  const letters = svg("g", { class: "letters" });
  listed.forEach((one) => {
    if (!one.letter || (one.best * inner.w) / cells < 14) return;
    const [left, bottom] = put([xs[one.at[0]], ys[one.at[1]]]);
    letters.append(svg("text", { x: left, y: bottom + 5, "text-anchor": "middle" }, one.letter));
  });
  const mark = svg("g", { class: "now" });
  const [cx, cy] = [place.x(now[0]), place.y(now[1])];
  mark.append(svg("path", { d: `M${cx - 9} ${cy}H${cx + 9}M${cx} ${cy - 9}V${cy + 9}` }));
  mark.append(svg("circle", { cx, cy, r: 5, class: "hollow" }));
  root.append(patterns(), fills, axes, svg("path", { d: outlines.join(""), class: "outline" }), letters, mark);
  return { root, inner };
};
