// Closed forms at a point. Signs in floating point where its error bound decides them, else in whole numbers.

const ACCURACY = 5e-13; // What a quotient of floats may be off by; beyond that it is computed exactly.

class Closed {
  constructor(data, compute) {
    this.data = data;
    this.names = data.names;
    this.compute = compute;
    this.floats = new Float64Array(data.computed);
    this.polynomials = data.polynomials.map(([scale, degree, ...terms]) => ({
      scale: BigInt(scale),
      degree,
      terms: terms.map(([coefficient, ...pairs]) => {
        const factors = [];
        let own = 0;
        for (let n = 0; n < pairs.length; n += 2) {
          factors.push([pairs[n], BigInt(pairs[n + 1])]);
          own += pairs[n + 1];
        }
        return { coefficient: BigInt(coefficient), factors, left: BigInt(degree - own) };
      }),
    }));
  }

  // Go to a point: its floats, and what gives the exact values if they are needed.
  move(floats, exactly) {
    this.compute(floats, this.floats);
    this.exactly = exactly;
    this.tops = null;
    this.known = new Map();
    return this;
  }

  at(values) {
    return this.move(values.map(float), () => values);
  }

  numerator(k) {
    if (this.known.has(k)) return this.known.get(k);
    if (this.tops === null) {
      const values = this.exactly();
      this.below = values.reduce((all, value) => (all / gcd(all, value.d)) * value.d, 1n);
      this.tops = values.map((value) => value.n * (this.below / value.d));
    }
    let total = 0n;
    for (const { coefficient, factors, left } of this.polynomials[k].terms) {
      let term = coefficient;
      for (const [input, exponent] of factors) term *= this.tops[input] ** exponent;
      total += left ? term * this.below ** left : term;
    }
    this.known.set(k, total);
    return total;
  }

  exact(k) {
    const { scale, degree } = this.polynomials[k];
    return rational(this.numerator(k), scale * this.below ** BigInt(degree));
  }

  sign(k) {
    const near = this.data.near[k];
    if (typeof near === "number") {
      const value = this.floats[k];
      if (value > near) return 1;
      if (value < -near) return -1;
    }
    const number = this.numerator(k);
    return number > 0n ? 1 : number < 0n ? -1 : 0;
  }

  holds([k, op]) {
    const sign = this.sign(k);
    return op === ">" ? sign > 0 : op === ">=" ? sign >= 0 : op === "==" ? sign === 0 : sign !== 0;
  }

  lies(region) {
    return region.some((part) => part.every((sign) => this.holds(sign)));
  }

  get admissible() {
    return this.data.domain.every((sign) => this.holds(sign));
  }

  get covered() {
    return this.data.chance.every((k) => this.sign(k) !== 0);
  }

  // The numbers of the families that exist.
  existing() {
    if (!this.admissible || !this.covered) return [];
    const found = [];
    this.data.families.forEach((family, n) => {
      if (this.lies(family.region)) found.push(n);
    });
    return found;
  }

  // A quantity of a member as a float.
  quotient([top, below]) {
    const near = (k) => this.data.near[k] ?? Infinity;
    if (below < 0) {
      const whole = this.floats[top];
      return near(top) < ACCURACY * Math.max(1, Math.abs(whole)) ? whole : float(this.exact(top));
    }
    const value = this.floats[top] / this.floats[below];
    const error = (near(top) + near(below) * Math.abs(value)) / Math.abs(this.floats[below]);
    return error < ACCURACY * Math.max(1, Math.abs(value)) ? value : float(this.exact_value([top, below]));
  }

  exact_value(value) {
    if (typeof value === "string") return parsed(value);
    const [top, below] = value;
    const above = this.exact(top);
    return below < 0 ? above : over(above, this.exact(below));
  }

  // The least and the greatest float of a quantity in a family.
  span(family, quantity) {
    let low = Infinity;
    let high = -Infinity;
    for (const member of this.data.families[family].members) {
      if (!this.lies(member.region)) continue;
      const value = this.quotient(member.values[quantity]);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return [low, high];
  }

  // The same exactly.
  exact_span(family, quantity) {
    let low = null;
    let high = null;
    for (const member of this.data.families[family].members) {
      if (!this.lies(member.region)) continue;
      const value = this.exact_value(member.values[quantity]);
      low = low === null ? value : least(low, value);
      high = high === null ? value : greatest(high, value);
    }
    return [low, high];
  }

  // Over all families that exist.
  envelope(existing, quantity) {
    let low = Infinity;
    let high = -Infinity;
    for (const family of existing) {
      const [a, b] = this.span(family, quantity);
      low = Math.min(low, a);
      high = Math.max(high, b);
    }
    return [low, high];
  }

  // Conditions that turn here: equations that hold, each with the families that end on it.
  edges() {
    if (!this.admissible || !this.covered) return [];
    const found = new Map();
    for (const [, region, sure] of this.data.edges) {
      for (const part of region) {
        if (!part.every((sign) => this.holds(sign))) continue;
        for (const [k, op] of part) {
          if (op !== "==" && (op !== ">=" || this.sign(k) !== 0)) continue;
          // A polynomial and its negative are one edge.
          const { terms } = this.polynomials[k];
          const turn = terms.length && terms[0].coefficient < 0n ? -1n : 1n;
          const key = terms.map(({ coefficient, factors }) => `${coefficient * turn}:${factors}`).sort().join();
          const one = found.get(key) || { k, sure, ends: [] };
          found.set(key, { ...one, ends: [...new Set([...one.ends, ...this.ending(k)])] });
        }
      }
    }
    return [...found.values()];
  }

  ending(k) {
    const found = [];
    for (const family of this.data.families) {
      const ends = family.region.some(
        (part) => part.some((sign) => sign[0] === k)
          && part.every(([other, op]) => (other === k ? true : this.holds([other, op]))),
      );
      if (ends) found.push(family.label);
    }
    return found;
  }
}

// Solved values of one parameter; between them nothing is known.
class Listed {
  constructor(data) {
    this.data = data;
    this.names = data.names;
    this.values = data.rows.map((row) => parsed(row.value));
  }

  row(value) {
    const n = this.values.findIndex((other) => same(other, value));
    return n < 0 ? null : this.data.rows[n];
  }

  nearest(value) {
    const distance = (a) => Math.abs(float(minus(a, value)));
    return this.values.reduce((best, other) => (distance(other) < distance(best) ? other : best));
  }
}
