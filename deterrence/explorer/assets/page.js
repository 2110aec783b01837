// The page: where the parameters stand, what is shown, and the address that says so.

const DATA = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const PARAMETERS = new Map(DATA.parameters.map((parameter) => [parameter.name, parameter]));
const BASE = new Map(DATA.parameters.map((parameter) => [parameter.name, parsed(parameter.value)]));
const SHEETS = DATA.sheets.map((data, n) => (data.kind === "closed" ? new Closed(data, COMPILED[n]) : new Listed(data)));
const QUANTITIES = [...DATA.events.map((event) => `P[${event.name}]`), ...DATA.players.map((name) => `payoff[${name}]`)];
const CHANCES = DATA.axes.map((event) => QUANTITIES.indexOf(`P[${event}]`));
const FINE = 72;
const COARSE = 24;
// The sheet at first: what moves together, or else the lever.
const FIRST = SHEETS[0] instanceof Closed && SHEETS[0].names.length > 1 ? 0
  : Math.max(0, SHEETS.findIndex((sheet) => sheet.names.includes(DATA.lever)));
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";

const state = { sheet: 0, values: new Map(BASE), along: "", x: "", y: "", show: "which", told: "" };

const sheetNow = () => SHEETS[state.sheet];
const isClosed = () => sheetNow() instanceof Closed;
const inputs = (sheet) => sheet.names.map((name) => state.values.get(name));
const changed = () => [...state.values].filter(([name, value]) => !same(value, BASE.get(name)));
const ends = (name) => [parsed(PARAMETERS.get(name).low), parsed(PARAMETERS.get(name).high)];
const sheetOf = (name) => SHEETS.findIndex((sheet) => sheet.names.includes(name));

// Where things stand --------------------------------------------------------------------------------------------------

const moveTo = (name, value) => {
  if (!sheetNow().names.includes(name)) {
    const names = new Set();
    state.sheet = sheetOf(name);
    for (const [other] of changed()) {
      if (!sheetNow().names.includes(other)) {
        state.values.set(other, BASE.get(other));
        names.add(spaced(other));
      }
    }
    state.told = names.size
      ? `${spaced(name)} moves on its own here: ${joined([...names])} went back to the scenario's value.` : "";
  } else state.told = "";
  state.values.set(name, value);
};

const choices = () => {
  const names = sheetNow().names;
  const first = (wanted) => wanted.find((name) => names.includes(name)) || names[0];
  const along = names.includes(state.along) ? state.along : first([DATA.lever, ...DATA.sweep]);
  const x = names.includes(state.x) ? state.x : first([...DATA.sweep, DATA.lever]);
  const rest = names.filter((name) => name !== x);
  const wanted = [state.y, ...DATA.sweep, DATA.lever].find((name) => rest.includes(name));
  return { along, x, y: wanted || rest[0] || "" };
};

const address = () => {
  const parts = changed().map(([name, value]) => `${encodeURIComponent(name)}=${written(value)}`);
  const { along, x, y } = choices();
  for (const [key, value, usual] of [["along", state.along, along], ["across", state.x, x], ["up", state.y, y]]) {
    if (value && value === usual) parts.push(`:${key}=${encodeURIComponent(value)}`);
  }
  if (state.show !== "which") parts.push(`:show=${encodeURIComponent(state.show)}`);
  return `#${parts.join("&")}`;
};

const restore = (hash) => {
  Object.assign(state, { sheet: FIRST, values: new Map(BASE), along: "", x: "", y: "", show: "which", told: "" });
  const wanted = new Map();
  const ignored = [];
  for (const part of hash.replace(/^#/, "").split("&").filter(Boolean)) {
    let [key, text] = [part, ""];
    try {
      [key, text] = part.split("=").map(decodeURIComponent);
    } catch {
      // What is no address is told below.
    }
    const setting = { ":along": "along", ":across": "x", ":up": "y", ":show": "show" }[key];
    if (setting === "show") state.show = text in SHOWN ? text : "which";
    else if (setting) state[setting] = text || "";
    else {
      const value = parsed(text || "");
      const known = PARAMETERS.has(key) && sheetOf(key) >= 0;
      const inside = known && value && compare(value, ends(key)[0]) >= 0 && compare(value, ends(key)[1]) <= 0;
      if (inside) wanted.set(key, value);
      else ignored.push(key);
    }
  }
  const fits = SHEETS.findIndex((sheet) => [...wanted.keys()].every((name) => sheet.names.includes(name)));
  if (!wanted.size && sheetOf(state.along) >= 0 && !sheetNow().names.includes(state.along)) state.sheet = sheetOf(state.along);
  if (wanted.size) state.sheet = fits >= 0 ? fits : sheetOf([...wanted.keys()][0]);
  for (const [name, value] of wanted) {
    const sheet = sheetNow();
    const solved = !(sheet instanceof Listed) || sheet.row(value);
    if (sheet.names.includes(name) && solved) state.values.set(name, value);
    else ignored.push(name);
  }
  if (ignored.length) state.told = `Not taken from the address: ${ignored.map((name) => name.slice(0, 64)).join(", ")}.`;
};

const remember = () => {
  const wanted = address();
  if ((location.hash || "#") !== wanted) location.hash = wanted;
};

// What exists ---------------------------------------------------------------------------------------------------------

// {entries, edges, why, complete, notes} at the values where the page stands.
const answer = () => {
  const now = found();
  // What a number in parentheses tells from another family needs none where the other does not exist.
  const plain = now.entries.map((entry) => entry.label.replace(/ \(\d+\)$/, ""));
  now.entries.forEach((entry, n) => {
    if (plain.filter((label) => label === plain[n]).length === 1) entry.label = plain[n];
  });
  return now;
};

const found = () => {
  const sheet = sheetNow();
  if (!sheet) return { entries: [], edges: [], why: "nothing on this page can be moved", complete: false, notes: [] };
  if (sheet instanceof Listed) {
    const row = sheet.row(state.values.get(sheet.names[0]));
    return {
      entries: row.entries.map(entryOfRow), edges: [], why: row.why || "", complete: row.complete || false,
      notes: row.notes || [],
    };
  }
  const values = inputs(sheet);
  sheet.at(values);
  const { admissible, covered } = sheet;
  const outside = sheet.data.domain.filter((sign) => !sheet.holds(sign)).map(([k, op]) => condition(sheet, k, op));
  const why = !admissible ? `these values lie outside the domain: it needs ${joined(outside)}`
    : !covered ? "a move of chance has probability zero here, which the closed forms leave out" : "";
  const edges = sheet.edges();
  return {
    entries: sheet.existing().map((n) => entryOfFamily(sheet, n, values)), edges, why,
    complete: sheet.data.complete && !edges.length, notes: sheet.data.notes,
  };
};

const condition = (sheet, k, op) =>
  `${(sheet.data.texts[k] || "a polynomial").replace(/\*\*/g, "^").replace(/\*/g, "\u00b7").replace(/-/g, "\u2212")} ${OPERATORS[op]} 0`;

// What is counted: families in closed form may meet, and a solved entry is all that hangs together.
const KIND = SHEETS.some((sheet) => sheet instanceof Closed) ? "family of equilibria" : "equilibrium";
const KINDS = KIND === "equilibrium" ? "equilibria" : "families of equilibria";

const summary = ({ entries, edges, why }) => {
  if (why) return `${capital(why)}.`;
  if (!entries.length) return "No equilibrium of the families known to this page exists at these values.";
  const chances = (entry) => CHANCES.map((quantity, n) =>
    `${axis(DATA.axes[n])} ${number(entry.values[quantity])}`).join(", ");
  const listed = entries.map((entry) => `${entry.label} (${chances(entry)})`);
  const edge = edges.length ? " These values lie on an edge, where more may exist." : "";
  return entries.length === 1
    ? `One ${KIND} exists at these values: ${listed[0]}.${edge}`
    : `${entries.length} ${KINDS} exist at these values: ${listed.join("; ")}. The values alone do not say which of `
      + `them comes about.${edge}`;
};

// Showing it ----------------------------------------------------------------------------------------------------------

// A table; columns in which nothing stands are left out.
const table = (target, caption, columns, cells) => {
  const used = columns.map((_, n) => n === 0 || cells.some((row) => row[n] !== ""));
  const [head, ...rows] = [columns, ...cells].map((row) => row.filter((_, n) => used[n]));
  target.replaceChildren(
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell, n) =>
      (n ? element("td", {}, cell) : element("th", { scope: "row" }, cell)))))),
  );
  return target;
};

const glance = (entries, why) => {
  const box = by("glance");
  const count = why ? "no answer" : `${entries.length} ${entries.length === 1 ? KIND : KINDS}`;
  box.replaceChildren(element("b", {}, count), ...CHANCES.map((quantity, n) => {
    const reached = reachOf(entries, quantity);
    return element("span", {}, `${axis(DATA.axes[n])}: `, element("b", {}, reached ? decimal(reached) : "\u2013"));
  }), element("a", { href: "#answer-title", class: "jump" }, "in full"));
  box.querySelector("a").addEventListener("click", (event) => {
    // The address says where the parameters stand, and no link may take its place.
    event.preventDefault();
    by("answer").focus({ preventScroll: true });
    by("answer").scrollIntoView();
  });
};

const PLACES = 16;

const places = (entry, reached) => {
  const rows = DATA.infosets.filter((infoset) => {
    const chance = entry.reached && entry.reached[infoset.name];
    return entry.strategy[infoset.name] && (!chance || is(chance, ZERO) !== reached);
  }).filter(() => reached || entry.reached);
  return rows.map((infoset) => {
    const chance = entry.reached && entry.reached[infoset.name];
    const belief = entry.beliefs[infoset.name];
    return [infoset.name, infoset.player, plays(entry.strategy[infoset.name]), belief ? believes(belief) : "",
      ...(reached && entry.reached ? ["formula" in chance ? "varies" : number(chance)] : [])];
  });
};

const card = (entry, n) => {
  const head = ["at", "player", "plays", "believes"];
  const reached = places(entry, true);
  const never = places(entry, false);
  const events = DATA.events.map((event, k) => [spaced(event.name), number(entry.values[k]), event.meaning]);
  const payoffs = DATA.players.map((name, k) => `${name} ${number(entry.values[DATA.events.length + k])}`).join(", ");
  const scroll = (caption, columns, rows) => element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    table(element("table"), caption, columns, rows));
  const free = Object.entries(entry.free).map(([name, meaning]) => element("li", {}, `${name}: ${meaning}`));
  const sets = entry.sets.slice(0, 6);
  const left = entry.sets.length - sets.length + entry.more;
  return element("article", { class: "card", "aria-labelledby": `entry-${n}` },
    element("h3", { id: `entry-${n}` }, `${n + 1}. ${entry.label}`),
    ...restraint(entry).map((text) => element("p", {}, text)),
    reached.length ? scroll("What is played and believed", entry.reached ? [...head, "reached with probability"] : head,
      reached.slice(0, PLACES)) : null,
    reached.length > PLACES ? element("p", { class: "note" }, `and ${reached.length - PLACES} further places`) : null,
    element("p", {}, `Payoffs: ${payoffs}.`),
    never.length ? element("details", {}, element("summary", {}, "What it rests on where play never comes"),
      scroll("Where play never comes", ["at", "player", "would play", "would believe"], never)) : null,
    free.length ? element("details", {}, element("summary", {}, "What may vary in it"), element("ul", {}, ...free),
      ...sets.map((text, k) => element("p", {}, `${k ? "or" : "where"} ${text || "any value"}`)),
      left > 0 ? element("p", { class: "note" }, `and ${left} more possibilities; deterrence solve lists all`) : null) : null,
    element("details", {}, element("summary", {}, "Every event and figure"),
      scroll("Probabilities of events", ["event", "probability", "what it is"], events),
      Object.keys(entry.figures).length ? scroll("Further figures", ["what", "value"],
        Object.entries(entry.figures).map(([name, value]) => [name, number(value)])) : null));
};

const opened = () => new Set([...by("equilibria").querySelectorAll("details[open]")].map((one) => keyOf(one)));
const keyOf = (details) => `${details.closest("article").querySelector("h3").textContent.replace(/^\d+\. /, "")}/${details.firstChild.textContent}`;

const showAnswer = (now) => {
  const { entries, edges, why, complete, notes } = now;
  glance(entries, why);
  by("live").replaceChildren(element("p", {}, summary(now)), ...(state.told ? [element("p", { class: "edge" }, state.told)] : []));
  by("edges").replaceChildren(...edges.map(({ k, ends: labels }) => {
    const shown = labels.slice(0, 3).map((text) => `\u201c${text}\u201d`);
    if (labels.length > 3) shown.push(`${labels.length - 3} more`);
    const where = labels.length ? `, where ${joined(shown)} ${labels.length > 1 ? "end" : "ends"}` : "";
    return element("p", { class: "edge" }, `On the edge of ${condition(sheetNow(), k, "==")}${where}. Exactly here further `
      + "equilibria may exist, which this page does not list; the command under \u201cCite this view\u201d finds them.");
  }));
  const head = ["", "equilibrium", ...DATA.axes.map(axis), ...DATA.players.map((name) => `payoff of ${name}`)];
  const rows = entries.map((entry, n) => [String(n + 1), entry.label, ...CHANCES.map((k) => number(entry.values[k])),
    ...DATA.players.map((_, k) => number(entry.values[DATA.events.length + k]))]);
  if (entries.length) table(by("overview"), "Side by side", head, rows);
  else by("overview").replaceChildren();
  by("overview").hidden = !entries.length;
  const open = opened();
  by("equilibria").replaceChildren(...entries.map(card));
  by("equilibria").querySelectorAll("details").forEach((one) => {
    one.open = open.has(keyOf(one));
  });
  const claim = isClosed()
    ? complete ? `These are all ${DATA.concept} equilibria at these values: the page holds every family that exists within the ranges. `
      + "Families that hang together count as one equilibrium in deterrence solve."
      : edges.length || why ? "" : "That these are all is not claimed."
    : `Solved beforehand at these values${complete ? "; there are no others here" : ""}. Nothing is said of values in between.`;
  by("claims").textContent = [claim, ...notes.map((text) => `${capital(text)}.`)].filter(Boolean).join(" ");
};

const showControls = () => {
  for (const [name, one] of CONTROLS) one.show(state.values.get(name));
};

// Where equilibria appear or vanish if one parameter moves and the others stay.
const showTurns = () => {
  const sheet = sheetNow();
  for (const [name, one] of CONTROLS) {
    if (!(sheet instanceof Closed) || !sheet.names.includes(name)) {
      one.turns("");
      continue;
    }
    const values = inputs(sheet);
    const cuts = along(sheet, values, sheet.names.indexOf(name), ...ends(name), [], 64).slice(1).map((part) => part.low);
    one.turns(cuts.length
      ? `Equilibria change at ${joined(cuts.slice(0, 5).map((cut) => short(float(cut))))}${cuts.length > 5 ? " and beyond" : ""}.`
      : "Moving it alone, the same equilibria exist.");
  }
};

const between = (ends) => (Math.abs(ends[0] - ends[1]) < 1e-12 ? short(ends[1]) : `${short(ends[0])} to ${short(ends[1])}`);
const unitName = (name) => {
  const { unit } = PARAMETERS.get(name);
  return unit && unit.length < 30 && unit !== "probability" ? `${spaced(name)} (${unit})` : spaced(name);
};

const figure = (drawing, text, label, title = "") => {
  drawing.setAttribute("aria-label", label);
  return element("figure", {}, title && element("p", { class: "chart" }, title), drawing, element("figcaption", {}, text));
};

const envelopeOf = (point, which) => {
  const spans = point.spans.map((one) => one[which]);
  return [Math.min(...spans.map((one) => one[0])), Math.max(...spans.map((one) => one[1]))];
};

const showAlong = ({ entries }) => {
  const sheet = sheetNow();
  const name = choices().along;
  const [low, high] = ends(name).map(float);
  const x = { low, high, name: unitName(name) };
  const now = (quantity) => {
    const reached = reachOf(entries, quantity);
    const size = (value) => ("x" in value ? value.x : float(value.q));
    const pair = reached === null ? [null, null] : "low" in reached ? [size(reached.low), size(reached.high)]
      : [size(reached), size(reached)];
    return { at: float(state.values.get(name)), low: pair[0], high: pair[1] };
  };
  if (sheet instanceof Listed) {
    const rows = listedAlong(sheet, CHANCES);
    by("along-charts").replaceChildren(...DATA.axes.map((event, n) => figure(
      dots(rows, n, x, { low: 0, high: 1, name: "probability" }, now(CHANCES[n])),
      `In every equilibrium, at ${rows.length} values of ${spaced(name)} that were solved; nothing is drawn in between.`,
      `${capital(axis(event))} at solved values of ${spaced(name)}; the same in words below.`, capital(axis(event)))));
    by("along-words").replaceChildren(element("ul", {}, ...rows.map((row) => element("li", {},
      `${spaced(name)} ${number({ q: row.value })}: ${row.labels.map((label, n) =>
        `${label} (${row.spans[n].map((span, k) => `${axis(DATA.axes[k])} ${short(span[0])}`).join(", ")})`).join("; ") || "none"}.`))));
    showFrontier(rows.flatMap((row) => row.spans.map((span, n) => ({
      points: [[span[0][0], span[1][0]]], label: `${row.labels[n]} at ${written(row.value)}`,
    }))), entries, name);
    return;
  }
  const stretches = along(sheet, inputs(sheet), sheet.names.indexOf(name), ...ends(name), CHANCES);
  by("along-charts").replaceChildren(...DATA.axes.map((event, n) => figure(
    band(stretches, n, x, { low: 0, high: 1, name: "probability" }, now(CHANCES[n])),
    n ? "" : `The worst (solid) and the best (dashed) of the equilibria that coexist, as ${spaced(name)} moves and the rest stays. The upright line is the present value.`,
    `${capital(axis(event))} along ${spaced(name)}; the same in words below.`, capital(axis(event)))));
  by("along-words").replaceChildren(element("ul", {}, ...stretches.map((stretch) => {
    const labels = stretch.families.map((n) => sheet.data.families[n].label);
    const points = stretch.points.filter((point) => point.spans.length);
    const told = points.length ? DATA.axes.map((event, n) =>
      `${axis(event)} ${between(envelopeOf(points[0], n))} at its start and ${between(envelopeOf(points[points.length - 1], n))} at its end`).join(", ") : "";
    return element("li", {}, `${spaced(name)} from ${short(float(stretch.low))} to ${short(float(stretch.high))}: ${labels.join("; ") || "nothing known"}${told ? ` (${told})` : ""}.`);
  })));
  const curves = [];
  for (const stretch of stretches) {
    stretch.families.forEach((family, n) => {
      const { label } = sheet.data.families[family];
      const where = `${label}, ${spaced(name)} ${short(float(stretch.low))} to ${short(float(stretch.high))}`;
      for (const end of [0, 1]) {
        const points = stretch.points.map((point) => [point.spans[n][0][end], point.spans[n][1][end]]);
        curves.push({ points, label: where });
      }
    });
  }
  const once = new Map(curves.map((curve) => [JSON.stringify(curve.points.map((p) => p.map((v) => v.toFixed(4)))), curve]));
  showFrontier([...once.values()], entries, name);
};

const showFrontier = (curves, entries, name) => {
  const size = (value) => ("x" in value ? value.x : float(value.q));
  const pair = (value) => ("low" in value ? [size(value.low), size(value.high)] : [size(value), size(value)]);
  const now = entries.map((entry, n) => {
    const [a, b] = CHANCES.map((quantity) => pair(entry.values[quantity]));
    return { low: [a[0], b[0]], high: [a[1], b[1]], text: String(n + 1) };
  });
  const [first, second] = DATA.axes.map(axis);
  by("frontier-intro").textContent = `Every equilibrium on the two chances, as ${spaced(name)} moves over its range and the rest stays. `
    + "The full marks with numbers are the equilibria that exist now.";
  by("frontier-chart").replaceChildren(figure(
    frontierChart(curves, { low: 0, high: 1, name: first }, { low: 0, high: 1, name: second }, now),
    `Down and to the left is better on both: less ${first.replace("chance ", "")}, less ${second.replace("chance ", "")}.`,
    `${capital(first)} against ${second} for every equilibrium along ${spaced(name)}; the same in words below.`));
  const corner = ([a, b]) => `(${short(a)}, ${short(b)})`;
  by("frontier-words").replaceChildren(element("p", {}, `Pairs are ${first}, then ${second}.`),
    element("ul", {}, ...curves.slice(0, 60).map(({ points, label }) => {
      const [start, end] = [corner(points[0]), corner(points[points.length - 1])];
      return element("li", {}, `${label}: ${start === end ? start : `from ${start} to ${end}`}.`);
    })));
};

// The map -------------------------------------------------------------------------------------------------------------

const SHOWN = { which: "which equilibria exist", count: "how many exist" };
DATA.axes.forEach((event) => {
  SHOWN[`most:${event}`] = `${axis(event)}, worst case`;
  SHOWN[`least:${event}`] = `${axis(event)}, best case`;
});

const mapLook = () => {
  const [kind, event] = state.show.split(":");
  if (kind === "which") return (sheet) => (sheet.admissible ? String(sheet.existing()) : "outside");
  if (kind === "count") return (sheet) => (sheet.admissible ? String(sheet.existing().length) : "outside");
  const quantity = QUANTITIES.indexOf(`P[${event}]`);
  return (sheet) => {
    if (!sheet.admissible) return "outside";
    const existing = sheet.existing();
    if (!existing.length) return "nothing";
    const value = sheet.envelope(existing, quantity)[kind === "most" ? 1 : 0];
    return String(Math.min(9, Math.floor(value * 10 + 1e-9)));
  };
};

const mapName = (sheet, key) => {
  const [kind, event] = state.show.split(":");
  if (key === "outside") return "outside the domain of the parameters";
  if (key === "nothing" || key === "") return "nothing known to this page";
  if (kind === "which") {
    return element("ul", { class: "tight" }, ...key.split(",").map((n) => element("li", {}, sheet.data.families[n].label)));
  }
  if (kind === "count") return `${key} ${key === "1" ? KIND : KINDS}`;
  return `${axis(event)} ${short(Number(key) / 10)} to ${short((Number(key) + 1) / 10)}`;
};

const mapFill = (kind) => (one, n) => {
  if (one.key === "outside" || one.key === "nothing") return { fill: "var(--line)" };
  if (kind === "which" || kind === "count") return { fill: `url(#fill-${PATTERNS[n % PATTERNS.length]})` };
  return { fill: "var(--worst)", "fill-opacity": (0.04 + Number(one.key) * 0.085).toFixed(3) };
};

const showMap = (cells) => {
  const sheet = sheetNow();
  const { x, y } = choices();
  const possible = sheet instanceof Closed && sheet.names.length > 1;
  by("map-section").hidden = !possible;
  if (!possible) return;
  const places = [sheet.names.indexOf(x), sheet.names.indexOf(y)];
  const survey = surveyed(sheet, inputs(sheet), places, [ends(x), ends(y)], cells, mapLook());
  const listed = classes(survey);
  listed.forEach((one, n) => {
    one.letter = LETTERS[n] || "";
  });
  const kind = state.show.split(":")[0];
  const span = (name) => ({ low: float(ends(name)[0]), high: float(ends(name)[1]), name: unitName(name) });
  const fill = mapFill(kind);
  const { root, inner } = mapChart(survey, listed, span(x), span(y),
    [float(state.values.get(x)), float(state.values.get(y))], fill);
  root.addEventListener("click", (event) => {
    const box = root.getBoundingClientRect();
    const scale = room() / box.width;
    const share = [((event.clientX - box.left) * scale - inner.x) / inner.w,
      1 - ((event.clientY - box.top) * scale - inner.y) / inner.h];
    if (share.some((part) => part < 0 || part > 1)) return;
    [x, y].forEach((name, n) => {
      const scaled = SCALES.get(name);
      moveTo(name, scaled.value(scaled.place(plus(ends(name)[0], times(minus(...ends(name).reverse()), ofFloat(share[n]))))));
    });
    show(true);
    remember();
  });
  const key = (one, n) => {
    const box = svg("svg", { viewBox: "0 0 24 13", "aria-hidden": "true" }, svg("rect", { width: 24, height: 13, ...fill(one, n) }));
    return element("span", { class: "key" }, box);
  };
  const rows = listed.slice(0, 24).map((one, n) => [one.letter, key(one, n), `${(100 * one.share).toFixed(one.share < 0.1 ? 1 : 0)}%`,
    mapName(sheet, one.key)]);
  by("map-chart").replaceChildren(figure(root,
    `${capital(SHOWN[state.show] || SHOWN.which)}, looked up at ${cells + 1} \u00d7 ${cells + 1} places, and the lines between them by halving; every sign is decided exactly. The cross is where the page stands; click to go elsewhere.`,
    `Map over ${spaced(x)} and ${spaced(y)}; the same in the table below.`));
  by("map-words").replaceChildren(table(element("table"), "What the letters and fills mean", ["", "fill", "share of the map", "what exists"], rows));
};

// Putting it together -------------------------------------------------------------------------------------------------

let waiting = 0;
let cost = 0;

const show = (whole) => {
  const now = answer();
  showControls();
  showAnswer(now);
  if (!sheetNow()) return;
  const { along: name, x, y } = choices();
  options(by("along"), DATA.parameters.map((parameter) => parameter.name).filter((other) => sheetOf(other) >= 0), name);
  options(by("map-x"), sheetNow().names, x);
  options(by("map-y"), sheetNow().names.filter((other) => other !== x), y);
  by("map-show").value = state.show;
  const began = performance.now();
  showAlong(now);
  showMap(whole && cost < 40 ? FINE : COARSE);
  cost = performance.now() - began;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    showMap(FINE);
    showTurns();
    document.documentElement.dataset.settled = "yes";
  }, whole ? 0 : 180);
};

const options = (select, names, value) => {
  const wanted = names.join(" ");
  if (select.dataset.names !== wanted) {
    select.replaceChildren(...names.map((name) => element("option", { value: name }, spaced(name))));
    select.dataset.names = wanted;
  }
  select.value = value;
};

let pending = 0;
const changedBy = (name, value, done) => {
  delete document.documentElement.dataset.settled;
  moveTo(name, value);
  if (done) {
    cancelAnimationFrame(pending);
    show(true);
    remember();
    return;
  }
  cancelAnimationFrame(pending);
  pending = requestAnimationFrame(() => show(false));
};

const CONTROLS = new Map();
const SCALES = new Map();
for (const parameter of DATA.parameters) {
  const sheet = SHEETS[sheetOf(parameter.name)];
  const scale = sheet ? new Scale(...ends(parameter.name), sheet instanceof Listed ? sheet.values : null) : null;
  SCALES.set(parameter.name, scale);
  CONTROLS.set(parameter.name, control(parameter, scale, changedBy));
}

const build = () => {
  by("question").textContent = DATA.question;
  by("about").textContent = [DATA.model ? `model ${DATA.model}` : "a game of its own", DATA.as_of && `as of ${DATA.as_of}`,
    `deterrence ${DATA.version}`, "everything is computed in this page, and nothing leaves it"].filter(Boolean).join(" \u00b7 ");
  by("left").textContent = DATA.left;
  for (const [role, [title, what]] of Object.entries(ROLES)) {
    const mine = DATA.parameters.filter((parameter) => parameter.role === role);
    if (!mine.length) continue;
    // On a narrow screen what nobody can choose is folded at first.
    const open = role === "lever" || innerWidth > 960 || !DATA.parameters.some((one) => one.role === "lever");
    by("controls").append(element("fieldset", {}, element("legend", {}, `${title} `, element("span", {}, what)),
      element("details", { class: "role", open }, element("summary", {}, `${mine.length} assumption${mine.length > 1 ? "s" : ""}`),
        ...mine.map((parameter) => CONTROLS.get(parameter.name).root))));
  }
  by("map-show").append(...Object.entries(SHOWN).map(([value, text]) => element("option", { value }, text)));
  const select = (id, key) => by(id).addEventListener("change", () => {
    state[key] = by(id).value;
    show(true);
    remember();
  });
  by("along").addEventListener("change", () => {
    const name = by("along").value;
    moveTo(name, state.values.get(name));
    state.along = name;
    show(true);
    remember();
  });
  by("skip").addEventListener("click", (event) => {
    event.preventDefault();
    by("answer").focus();
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (width === innerWidth) return;
    width = innerWidth;
    show(true);
  });
  select("map-x", "x");
  select("map-y", "y");
  select("map-show", "show");
  by("reset").addEventListener("click", () => {
    restore("");
    show(true);
    remember();
  });
  by("toml").addEventListener("click", () => opens("Scenario file of this view", ...scenarioFile()));
  by("cite").addEventListener("click", () => opens("Cite this view", citation(), "citation.txt", ""));
  by("dialog-close").addEventListener("click", () => by("dialog").close());
  by("dialog-copy").addEventListener("click", () => {
    by("dialog-text").select();
    document.execCommand("copy");
  });
  by("dialog-save").addEventListener("click", () => {
    const link = element("a", {
      href: URL.createObjectURL(new Blob([by("dialog-text").value], { type: "text/plain" })), download: by("dialog").dataset.name,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
};

// The scenario with the values of the view: text, name, and what is to be known of it.
const scenarioFile = () => {
  const missing = changed().filter(([name]) => !DATA.toml.some((part, n) => n % 2 && part[0] === name)).map(([name]) => name);
  const text = DATA.toml.map((part, n) => (n % 2 ? valueText(...part) : part)).join("");
  const notes = [
    missing.length ? `The value of ${missing.join(", ")} is not written in the file as a number: set it with --set.` : "",
    DATA.links ? "It takes values from other scenarios: keep it in the folder of the file from which this page was made." : "",
  ];
  return [text, DATA.file.replace(/(\.toml)?$/, changed().length ? "-view.toml" : ".toml"), notes.filter(Boolean).join(" ")];
};

const valueText = (name, asWritten) => {
  const value = state.values.get(name);
  if (asWritten && same(value, BASE.get(name))) return asWritten;
  return value.d === 1n ? `${value.n}` : `"${written(value)}"`;
};

const quoted = (text) => (/^[\w./=-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`);

const citation = () => {
  const now = answer();
  const others = [...state.values].filter(([name, value]) => PARAMETERS.get(name).changed || !same(value, BASE.get(name)));
  const settings = others.map(([name, value]) => ` --set ${name}=${written(value)}`).join("");
  const moved = others.map(([name, value]) => `${name} = ${written(value)}`).join(", ");
  return `${DATA.title}. Explorer, deterrence ${DATA.version}, ${moved ? `with ${moved}` : "at the scenario's own values"}.\n\n`
    + `${summary(now)}\n\n`
    + `Scenario file: ${DATA.file}, SHA-256 ${DATA.sha256}\n`
    + `Recompute:     deterrence solve ${quoted(DATA.file)}${settings}\n`
    + `This view:     ${address()}\n`;
};

const opens = (title, text, name, note) => {
  by("dialog-title").textContent = title;
  by("dialog-label").textContent = title;
  by("dialog-label").hidden = true;
  by("dialog-note").textContent = note;
  by("dialog-text").value = text;
  by("dialog-text").setAttribute("aria-label", title);
  by("dialog").dataset.name = name;
  by("dialog").showModal();
};

window.addEventListener("hashchange", () => {
  if ((location.hash || "#") === address()) return;
  restore(location.hash);
  show(true);
});

build();
restore(location.hash);
show(true);

// For scripts: the same answers as numbers.
window.explorer = {
  at(values, sheet = state.sheet) {
    const exact = SHEETS[sheet].names.map((name) => (name in values ? parsed(values[name]) : BASE.get(name)));
    const here = SHEETS[sheet].at(exact);
    const existing = here.existing();
    return {
      admissible: here.admissible,
      families: existing.map((n) => here.data.families[n].id),
      spans: existing.map((n) => here.data.quantities.map((_, quantity) => here.span(n, quantity))),
      edges: here.edges().length,
    };
  },
};
