import { themeVariables } from './theme.ts';

/** The page's style sheet: readable from a phone to a wide screen, in light and dark, and on paper. */
export function reportStyle(): string {
  return `${themeVariables()}
${RULES}`;
}

const RULES = `
:root { --sheet: #f6f6f8; }
@media (prefers-color-scheme: dark) { :root { --sheet: #101114; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--sheet); color: var(--ink); font: 16px/1.55 system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif; }
main, header, footer { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 40px; }
.house { margin: 0; font-size: 14px; font-weight: 600; letter-spacing: 0.06em; text-transform: uppercase; color: var(--muted); }
h1 { margin: 4px 0 12px; font-size: clamp(26px, 4.5vw, 38px); line-height: 1.15; letter-spacing: -0.01em; text-wrap: balance; }
h2 { margin: 44px 0 10px; font-size: 22px; line-height: 1.25; }
h3 { margin: 18px 0 8px; font-size: 16px; line-height: 1.3; }
p { max-width: 70ch; margin: 0 0 12px; }
a { color: var(--blue); }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; margin: 16px 0 0; list-style: none; font-size: 15px; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 12px 28px; margin: 20px 0 0; padding: 18px 20px; background: var(--paper); border: 1px solid var(--faint); border-radius: 8px; }
.facts div { min-width: 0; }
.facts .wide { grid-column: 1 / -1; }
.facts dt { font-size: 13px; color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts .command dd { font: 13px/1.5 ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
.table { background: var(--paper); border: 1px solid var(--faint); border-radius: 8px; margin: 0 0 18px; }
thead td { border: 0; }
table { width: 100%; border-collapse: collapse; font-size: 15px; font-variant-numeric: tabular-nums; }
th, td { padding: 8px 16px; text-align: right; white-space: nowrap; border-top: 1px solid var(--faint); }
thead th { border-top: 0; vertical-align: bottom; color: var(--muted); font-weight: 500; font-size: 13px; }
thead .group { text-align: center; border-bottom: 1px solid var(--faint); padding-bottom: 4px; }
tbody th { text-align: left; font-weight: 500; position: sticky; left: 0; background: var(--paper); }
thead th:first-child { text-align: left; }
.swatch { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 8px; }
.best { font-weight: 700; }
.note { font-size: 14px; color: var(--muted); }
figure { margin: 18px 0 26px; padding: 12px 12px 16px; background: var(--paper); border: 1px solid var(--faint); border-radius: 8px; }
figure svg { display: block; width: 100%; height: auto; margin: 0 auto; }
figcaption { padding: 10px 8px 0; font-size: 15px; }
figcaption p { margin: 0; max-width: 82ch; }
footer { padding: 28px 20px 48px; font-size: 14px; color: var(--muted); }
@media (max-width: 720px) {
  main, header, footer { padding-left: 14px; padding-right: 14px; }
  .facts { grid-template-columns: 1fr 1fr; gap: 10px 20px; padding: 14px 16px; }
  th, td { padding: 8px 12px; }
  figure { margin-left: -14px; margin-right: -14px; border-left: 0; border-right: 0; border-radius: 0; }
  figure svg { width: auto; min-width: 680px; }
}
@media print { body { background: none; } figure, .table { break-inside: avoid; } nav { display: none; } }
`;
