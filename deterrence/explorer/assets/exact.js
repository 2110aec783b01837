// Rational numbers of any size: {n, d} in lowest terms, d > 0.

const gcd = (a, b) => {
  a = a < 0n ? -a : a;
  while (b) [a, b] = [b, a % b];
  return a;
};

const rational = (n, d = 1n) => {
  if (d < 0n) [n, d] = [-n, -d];
  const g = gcd(n, d) || 1n;
  return { n: n / g, d: d / g };
};

const ZERO = rational(0n);
const ONE = rational(1n);
const plus = (a, b) => rational(a.n * b.d + b.n * a.d, a.d * b.d);
const minus = (a, b) => rational(a.n * b.d - b.n * a.d, a.d * b.d);
const times = (a, b) => rational(a.n * b.n, a.d * b.d);
const over = (a, b) => rational(a.n * b.d, a.d * b.n);
const compare = (a, b) => {
  const difference = a.n * b.d - b.n * a.d;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
};
const same = (a, b) => a.n === b.n && a.d === b.d;
const least = (a, b) => (compare(a, b) <= 0 ? a : b);
const greatest = (a, b) => (compare(a, b) >= 0 ? a : b);
const floor = (a) => (a.n >= 0n ? a.n / a.d : -((-a.n + a.d - 1n) / a.d));
const written = (a) => (a.d === 1n ? `${a.n}` : `${a.n}/${a.d}`);

const MOST_DIGITS = 10_000;

// A number as a person writes it: 3/5, 0.6, -1, 60%. Nothing where it is none.
const parsed = (text) => {
  const plain = text.trim().replace(/\u2212/g, "-").replace(/\s*\/\s*/, "/");
  if (plain.length > MOST_DIGITS) return null;
  const match = /^([+-]?)(\d+)\/(\d+)$/.exec(plain);
  if (match) {
    const below = BigInt(match[3]);
    return below ? rational(BigInt(match[1] + match[2]), below) : null;
  }
  const decimal = /^([+-]?)(\d*)(?:[.,](\d*))?(?:[eE]([+-]?\d{1,2}))?(%?)$/.exec(plain);
  if (!decimal || !(decimal[2] || decimal[3])) return null;
  const after = decimal[3] || "";
  const power = Number(decimal[4] || 0) - after.length - (decimal[5] ? 2 : 0);
  const digits = BigInt(decimal[2] + after || "0") * (decimal[1] === "-" ? -1n : 1n);
  return power >= 0 ? rational(digits * 10n ** BigInt(power)) : rational(digits, 10n ** BigInt(-power));
};

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const size = (n) => (n < 0n ? -n : n);

// The nearest float, or its neighbour.
const float = (a) => {
  if (size(a.n) <= SAFE && a.d <= SAFE) return Number(a.n) / Number(a.d);
  const shift = BigInt(Math.max(0, a.d.toString(2).length - size(a.n).toString(2).length + 66));
  const quotient = Number((a.n << shift) / a.d);
  return shift > 1000n ? (quotient / 2 ** 1000) / 2 ** Number(shift - 1000n) : quotient / 2 ** Number(shift);
};
