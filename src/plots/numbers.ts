const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

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
  const decades = inReach.filter((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9);
  return inReach.length > 8 && decades.length > 1 ? decades : inReach;
}
