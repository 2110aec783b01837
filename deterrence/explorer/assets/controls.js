// Sliders, fields and their words.

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

const ROLES = {
  lever: ["Levers", "somebody can choose these"],
  uncertainty: ["Uncertainties", "nobody chooses these, and nobody knows them"],
  constant: ["Constants", "held fixed by the scenario; move them to see what rests on them"],
};

// Where a slider stands: round numbers between the ends, and the ends themselves.
class Scale {
  constructor(low, high, values) {
    this.low = low;
    this.high = high;
    this.values = values;
    if (values) {
      this.steps = values.length - 1;
      return;
    }
    const width = float(minus(high, low));
    const power = Math.floor(Math.log10(width / 100));
    this.step = power >= 0 ? rational(10n ** BigInt(power)) : rational(1n, 10n ** BigInt(-power));
    this.first = floor(over(low, this.step)) + 1n;
    const last = -floor(minus(ZERO, over(high, this.step))) - 1n;
    this.steps = Number(last - this.first) + 2;
  }

  value(n) {
    if (this.values) return this.values[n];
    if (n <= 0) return this.low;
    if (n >= this.steps) return this.high;
    return times(this.step, rational(this.first + BigInt(n - 1)));
  }

  place(value) {
    if (this.values) {
      const distance = (other) => Math.abs(float(minus(other, value)));
      return this.values.reduce((best, other, n) => (distance(other) < distance(this.values[best]) ? n : best), 0);
    }
    if (compare(value, this.low) <= 0) return 0;
    if (compare(value, this.high) >= 0) return this.steps;
    const n = Number(floor(plus(over(value, this.step), rational(1n, 2n))) - this.first) + 1;
    return Math.min(Math.max(n, 0), this.steps);
  }
}

const sourceOf = (parameter) => {
  const { source } = parameter;
  if (!source.title) return null;
  const title = /^https?:\/\//.test(source.URL || "")
    ? element("a", { href: source.URL, rel: "noreferrer noopener", target: "_blank" }, source.title)
    : source.title;
  const rest = [source.publisher, source.issued].filter(Boolean).join(", ");
  return element("p", {}, "Source: ", title, rest ? ` (${rest})` : "", ".");
};

// One parameter: {root, show(value), turns(text)}.
const control = (parameter, scale, changed) => {
  const id = parameter.name;
  const fixed = scale === null;
  const slider = element("input", {
    type: "range", id: `slider-${id}`, min: 0, max: fixed ? 1 : scale.steps, step: 1, disabled: fixed,
    "aria-describedby": `about-${id}`,
  });
  const field = element("input", {
    type: "text", id: `field-${id}`, inputmode: "text", maxlength: 121, autocomplete: "off", spellcheck: "false", disabled: fixed,
    "aria-label": `${spaced(id)}, exact value`, "aria-describedby": `wrong-${id}`,
  });
  const wrong = element("p", { id: `wrong-${id}`, class: "wrong", role: "alert" });
  const turns = element("p", { class: "turns" });
  const ends = `${number({ q: parsed(parameter.low) })} to ${number({ q: parsed(parameter.high) })}`;
  const range = fixed ? "fixed on this page" : parameter.given ? `plausible: ${ends}` : `no range is given; shown: ${ends}`;
  const basis = parameter.basis ? `basis: ${parameter.basis}` : "no basis stated";
  const source = parameter.source.title ? `source: ${parameter.key}` : null;
  const about = element("p", { id: `about-${id}`, class: "about" }, [
    parameter.unit ? `unit: ${parameter.unit}` : null, basis, source, range,
  ].filter(Boolean).join(" \u00b7 "));
  const why = element("details", {}, element("summary", {}, `Why this value`),
    element("p", {}, `The scenario's value is ${number({ q: parsed(parameter.value) })}.`
      + (parameter.link ? ` It comes from another scenario: ${parameter.link}.` : "")),
    parameter.note ? element("p", {}, parameter.note) : null, sourceOf(parameter));
  const meaning = parameter.meaning ? element("span", { class: "meaning" }, parameter.meaning) : null;
  const root = element("div", { class: "control", "data-name": id },
    element("label", { for: `slider-${id}` }, element("b", {}, spaced(id)), meaning && " ", meaning),
    element("div", { class: "inputs" }, slider, field), wrong, turns, about, why);

  const complain = (text) => {
    wrong.textContent = text;
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  slider.addEventListener("input", () => changed(id, scale.value(Number(slider.value)), false));
  slider.addEventListener("change", () => changed(id, scale.value(Number(slider.value)), true));
  field.addEventListener("change", () => {
    const value = parsed(field.value);
    if (!value) complain("A number is needed, such as 0.6 or 3/5.");
    else if (compare(value, parsed(parameter.low)) < 0 || compare(value, parsed(parameter.high)) > 0) {
      complain(`Outside ${written(parsed(parameter.low))} to ${written(parsed(parameter.high))}: what exists there is not known to this page.`);
    } else if (scale.values && !scale.values.some((other) => same(other, value))) {
      complain(`Solved at ${scale.values.map(written).join(", ")} only.`);
    } else changed(id, value, true);
  });
  return {
    root,
    show(value) {
      complain("");
      slider.value = fixed ? 0 : scale.place(value);
      slider.setAttribute("aria-valuetext", `${number({ q: value })}${parameter.unit ? `, ${parameter.unit}` : ""}`);
      field.value = written(value);
      root.classList.toggle("moved", !same(value, parsed(parameter.value)));
    },
    turns(text) {
      turns.textContent = text;
    },
  };
};
