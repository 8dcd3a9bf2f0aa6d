/** Real numbers as bigints: x stands for x / 2^FRACTION_BITS. Enough of them to find a rate by. */

export const FRACTION_BITS = 224n;
export const ONE = 1n << FRACTION_BITS;
/** e^x is the 2^REDUCTION-th power of a series that ends after some fifteen terms. */
const REDUCTION = 12n;

export function multiply(one: bigint, other: bigint): bigint {
  return (one * other) >> FRACTION_BITS;
}

export function ratio(numerator: bigint, denominator: bigint): bigint {
  return (numerator << FRACTION_BITS) / denominator;
}

/** atanh(1 / n) = 1/n + 1/3n^3 + 1/5n^5 + ... */
function atanhOfOneOver(n: bigint): bigint {
  let [sum, power] = [0n, ONE / n];
  for (let odd = 1n; power > 0n; odd += 2n) {
    sum += power / odd;
    power /= n * n;
  }
  return sum;
}

/** ln((n + 1) / (n - 1)) is 2 atanh(1 / n). */
export const LN_2 = 2n * atanhOfOneOver(3n);
/** 10 is 2^3 * 5 / 4. */
export const LN_10 = 3n * LN_2 + 2n * atanhOfOneOver(9n);

function series(x: bigint): bigint {
  let [sum, term] = [ONE, ONE];
  for (let n = 1n; term !== 0n && term !== -1n; n += 1n) {
    term = multiply(term, x) / n;
    sum += term;
  }
  return sum;
}

/** e^x, of any sign and size. */
export function exp(x: bigint): bigint {
  const twos = x / LN_2;
  let power = series((x - twos * LN_2) >> REDUCTION);
  for (let n = 0n; n < REDUCTION; n += 1n) power = multiply(power, power);
  return twos >= 0n ? power << twos : power >> -twos;
}
