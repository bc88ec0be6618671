const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A share, 0–1, in per cent: two digits where it is small. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1%';
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)}%`;
}

/** As `printed`, with trailing zeros kept, so that the digits of a column stand under each other. */
export function printedAligned(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (value === 0 || (size >= 0.001 && size < 1e5)) return minus(value.toPrecision(digits));
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  return `${minus(mantissa)}×10${superscript(Number(exponent))}`;
}

/** A number as a figure or table prints it: three digits, `2.5×10⁻⁴` where plain digits would be mostly zeros. */
export function printed(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 0.001 && size < 1e5) return minus(String(Number(value.toPrecision(digits))));
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  const factor = Number(mantissa);
  const power = `10${superscript(Number(exponent))}`;
  return factor === 1 ? power : `${minus(String(factor))}×${power}`;
}

/** Numbers of one scale, with as many decimals each as any of them needs: `8.5`, `9.0`, `9.5`. */
export function printedAlike(values: readonly number[]): string[] {
  const texts = values.map((value) => printed(value));
  if (texts.some((text) => text.includes('×') || text.startsWith('10⁻'))) return texts;
  const decimals = Math.max(...texts.map((text) => text.split('.')[1]?.length ?? 0));
  return values.map((value) => minus(value.toFixed(decimals)));
}

/** A proper minus sign, as wide as the digits. */
function minus(text: string): string {
  return text.replace('-', '−');
}

function superscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return exponent < 0 ? `⁻${digits}` : digits;
}

/** Ticks for a logarithmic axis: 1, 2, 5 of each decade in reach, thinned to whole decades when there are many. */
export function logTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) {
    for (const factor of [1, 2, 5]) ticks.push(Number(`${factor}e${decade}`));
  }
  const inReach = ticks.filter((tick) => tick >= low && tick <= high);
  if (inReach.length < 3) return niceTicks(low, high, 4);
  const decades = inReach.filter((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9);
  return inReach.length > 8 && decades.length > 1 ? decades : inReach;
}

/** About `count` round numbers strictly between two others: multiples of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const size = rough / decade;
  // The nearest of 1, 2, 5 and 10 on a logarithmic scale.
  const step = (size < Math.SQRT2 ? 1 : size < Math.sqrt(10) ? 2 : size < Math.sqrt(50) ? 5 : 10) * decade;
  const ticks: number[] = [];
  // Rounded to twelve digits, so that 0.1 + 0.2 stays 0.3.
  for (let k = Math.ceil(low / step); k * step < high; k++) ticks.push(Number((k * step).toPrecision(12)));
  return ticks.filter((tick) => tick > low);
}
