// Numbers and equilibria in words.

const LONGEST = 24;

const short = (x) => {
  if (x === 0) return "0";
  const digits = x.toPrecision(3);
  const plain = Number(digits);
  if (Math.abs(plain) >= 1e7 || Math.abs(plain) < 1e-4) return digits.replace("-", "\u2212");
  return String(plain).replace("-", "\u2212");
};

// A value is {q} (exact), {x} (rounded), {low, high} (it varies) or {formula}.
const number = (value) => {
  if ("formula" in value) return value.formula;
  if ("low" in value) return `${number(value.low)} to ${number(value.high)}`;
  if ("x" in value) return `\u2248 ${short(value.x)}`;
  const text = written(value.q).replace("-", "\u2212");
  if (value.q.d === 1n) return text;
  const decimal = short(float(value.q));
  const whole = parsed(decimal.replace("\u2212", "-"));
  const near = whole && same(whole, value.q) ? decimal : `\u2248 ${decimal}`;
  return text.length <= LONGEST ? `${text} (${near})` : near;
};

const decimal = (value) => {
  if ("formula" in value) return value.formula;
  if ("low" in value) return `${decimal(value.low)} to ${decimal(value.high)}`;
  return short("x" in value ? value.x : float(value.q));
};

const is = (value, q) => "q" in value && same(value.q, q);
const joined = (words, last = "and") =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words[words.length - 1]}`;
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const spaced = (name) => name.replace(/_/g, " ");
const AXES = { deterrence_failure: "chance that deterrence fails", spiral: "chance of a spiral" };
const axis = (event) => AXES[event] || `chance of ${spaced(event)}`;

const both = (low, high) => (same(low, high) ? { q: low } : { low: { q: low }, high: { q: high } });

// What a behaviour strategy does at one place.
const plays = (row) => {
  const used = Object.entries(row).filter(([, value]) => !is(value, ZERO));
  if (used.length === 1) return used[0][0];
  return used.map(([action, value]) => `${action} ${number(value)}`).join(", ");
};

// What is believed at one place, each history with its probability.
const believes = (row) => {
  const used = Object.entries(row).filter(([, value]) => !is(value, ZERO));
  if (used.length === 1) return used[0][0];
  return used.map(([history, value]) => `${history}: ${number(value)}`).join("; ");
};

const OPERATORS = { ">": ">", ">=": "\u2265", "==": "=", "!=": "\u2260" };
const TURNED = { ">": "<", ">=": "\u2264", "==": "=", "!=": "\u2260" };

// A condition on what is free, the parameters put in: {unknowns: text -> coefficient}, or nothing where it has none.
const put = (condition, values) => {
  const rows = new Map();
  for (const [coefficient, inputs, unknowns] of condition.terms) {
    let value = parsed(coefficient);
    for (let n = 0; n < inputs.length; n += 2) {
      const base = values[inputs[n]];
      const power = BigInt(inputs[n + 1]);
      value = times(value, rational(base.n ** power, base.d ** power));
    }
    const key = JSON.stringify(unknowns);
    rows.set(key, plus(rows.get(key) || ZERO, value));
  }
  return [...rows].filter(([, value]) => value.n !== 0n).map(([key, value]) => [JSON.parse(key), value]);
};

const holds = (sign, op) => (op === ">" ? sign > 0 : op === ">=" ? sign >= 0 : op === "==" ? sign === 0 : sign !== 0);

// The set that free quantities may take on one piece, in words; null where it is empty at these values.
const piece = (sheet, conditions, values) => {
  const ranges = new Map();
  const others = [];
  for (const condition of conditions) {
    if (Array.isArray(condition)) {
      if (!sheet.holds(condition)) return null;
      continue;
    }
    const rows = put(condition, values);
    const constant = (rows.find(([unknowns]) => unknowns.length === 0) || [null, ZERO])[1];
    const moving = rows.filter(([unknowns]) => unknowns.length);
    if (!moving.length) {
      if (!holds(compare(constant, ZERO), condition.op)) return null;
    } else if (moving.length === 1 && moving[0][0].length === 2 && moving[0][0][1] === 1 && condition.op !== "!=") {
      const [[[name], slope]] = moving;
      const root = over(minus(ZERO, constant), slope);
      const range = ranges.get(name) || { low: null, high: null };
      const strict = condition.op === ">";
      const below = { at: root, strict };
      if (condition.op === "==" || compare(slope, ZERO) > 0) {
        if (!range.low || compare(root, range.low.at) > 0 || (same(root, range.low.at) && strict)) range.low = below;
      }
      if (condition.op === "==" || compare(slope, ZERO) < 0) {
        if (!range.high || compare(root, range.high.at) < 0 || (same(root, range.high.at) && strict)) range.high = below;
      }
      ranges.set(name, range);
    } else {
      others.push(relation(moving, constant, condition.op));
    }
  }
  const told = [];
  for (const [name, { low, high }] of ranges) {
    if (low && high) {
      const order = compare(low.at, high.at);
      if (order > 0 || (order === 0 && (low.strict || high.strict))) return null;
      if (order === 0) {
        told.push(`${name} = ${number({ q: low.at })}`);
        continue;
      }
    }
    const left = low ? `${number({ q: low.at })} ${low.strict ? "<" : "\u2264"} ` : "";
    told.push(`${left}${name}${high ? ` ${high.strict ? "<" : "\u2264"} ${number({ q: high.at })}` : ""}`);
  }
  return [...told, ...new Set(others)].join("; ");
};

const relation = (moving, constant, op) => {
  const product = (unknowns) => {
    const parts = [];
    for (let n = 0; n < unknowns.length; n += 2) {
      parts.push(unknowns[n + 1] === 1 ? unknowns[n] : `${unknowns[n]}^${unknowns[n + 1]}`);
    }
    return parts.join("\u00b7");
  };
  const turn = compare(moving[0][1], ZERO) < 0;
  const factor = over(ONE, turn ? minus(ZERO, moving[0][1]) : moving[0][1]);
  let left = "";
  for (const [unknowns, value] of moving) {
    const scaled = times(value, turn ? minus(ZERO, factor) : factor);
    const negative = compare(scaled, ZERO) < 0;
    const absolute = negative ? minus(ZERO, scaled) : scaled;
    const sign = negative ? (left ? " \u2212 " : "\u2212") : left ? " + " : "";
    left += `${sign}${same(absolute, ONE) ? "" : `${written(absolute)} `}${product(unknowns)}`;
  }
  const right = times(minus(ZERO, constant), turn ? minus(ZERO, factor) : factor);
  return `${left} ${(turn ? TURNED : OPERATORS)[op]} ${number({ q: right })}`;
};

// A formula in what is free: from its least to its greatest value, where the corners of what varies are known.
const cornered = (sheet, { formula, corners }) => {
  const values = corners.filter((corner) => corner.slice(0, -1).every((sign) => sheet.holds(sign)))
    .map((corner) => sheet.exact_value(corner[corner.length - 1]));
  if (!values.length) {
    return { formula: formula.replace(/\*\*/g, "^").replace(/\*/g, "\u00b7").replace(/-/g, "\u2212") };
  }
  return both(values.reduce(least), values.reduce(greatest));
};

// An equilibrium as the page shows it, from a family in closed form at the point where the sheet stands.
const entryOfFamily = (sheet, n, values) => {
  const family = sheet.data.families[n];
  const value = (told) => (typeof told === "object" && !Array.isArray(told)
    ? cornered(sheet, told) : { q: sheet.exact_value(told) });
  const rows = (table) => Object.fromEntries(
    Object.entries(table).map(([name, row]) => [
      name, Object.fromEntries(Object.entries(row).map(([key, told]) => [key, value(told)])),
    ]),
  );
  const flat = (table) =>
    table && Object.fromEntries(Object.entries(table).map(([name, told]) => [name, value(told)]));
  const sets = family.pieces.map((conditions) => piece(sheet, conditions, values)).filter((text) => text !== null);
  return {
    id: family.id,
    label: family.label,
    values: sheet.data.quantities.map((_, quantity) => both(...sheet.exact_span(n, quantity))),
    strategy: rows(family.strategy),
    beliefs: rows(family.beliefs),
    reached: flat(family.reached),
    force: flat(family.force) || {},
    free: family.free,
    sets: [...new Set(sets)],
    more: family.more,
    figures: {},
  };
};

// The same from a solved point.
const entryOfRow = (entry) => {
  const value = (told) => {
    const q = typeof told === "string" ? parsedLong(told) : null;
    return q ? { q } : typeof told === "number" ? { x: told } : { formula: told };
  };
  const flat = (table) =>
    table && Object.fromEntries(Object.entries(table).map(([name, told]) => [name, value(told)]));
  const rows = (table) => Object.fromEntries(Object.entries(table).map(([name, row]) => [name, flat(row)]));
  return {
    id: entry.id, label: entry.label, values: entry.values.map(value), strategy: rows(entry.strategy),
    beliefs: rows(entry.beliefs), reached: flat(entry.reached), force: {}, free: entry.free,
    sets: entry.conditions.map((texts) => texts.join("; ")), more: 0, figures: flat(entry.figures),
  };
};

const parsedLong = (text) => {
  const match = /^(-?\d+)(?:\/(\d+))?$/.exec(text);
  return match ? rational(BigInt(match[1]), BigInt(match[2] || 1)) : null;
};

// What each player does by way of force, in a sentence.
const restraint = (entry) => Object.entries(entry.force).map(([player, value]) => {
  if (is(value, ZERO)) return `${player} uses no force.`;
  if (is(value, ONE)) return `${player} uses force for certain.`;
  return "formula" in value
    ? `${player} uses force with a probability that may vary.`
    : `${player} uses force with probability ${number(value)}.`;
});

// The values of an event over several equilibria, as one number or from least to greatest.
const reachOf = (entries, quantity) => {
  const ends = entries.flatMap((entry) => {
    const value = entry.values[quantity];
    return "low" in value ? [value.low, value.high] : [value];
  }).filter((value) => !("formula" in value));
  if (!ends.length) return null;
  const size = (value) => ("x" in value ? value.x : float(value.q));
  ends.sort((a, b) => size(a) - size(b));
  const [low, high] = [ends[0], ends[ends.length - 1]];
  return size(low) === size(high) ? low : { low, high };
};
