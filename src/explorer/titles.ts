/** How labels and columns are called on axes and in tables. */

interface Called {
  readonly title: string;
  readonly unit?: string;
}

/** Labels that the field writes in its own way; logarithms are to base 10 of the unit. */
const KNOWN: Readonly<Record<string, Called>> = {
  log_lbol: { title: 'log L_bol', unit: 'erg/s' },
  log_mbh: { title: 'log M_BH', unit: 'M☉' },
  log_edd: { title: 'log L_bol/L_Edd' },
  log_mstar: { title: 'log M_*', unit: 'M☉' },
  log_sfr: { title: 'log SFR', unit: 'M☉/yr' },
};

/** `log M_BH` of `log_mbh`, `tau v` of `tau_v`. */
export function calledAs(name: string): Called {
  return Object.hasOwn(KNOWN, name) ? KNOWN[name] : { title: name.replaceAll('_', ' ') };
}
