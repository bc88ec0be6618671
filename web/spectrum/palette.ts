/** Colours of the page's CSS for canvases and exports, which cannot read variables themselves (style/tokens.css). */

/** Okabe and Ito's hues: told apart by readers with any colour vision. */
export const TRACE_COLOURS = ['--blue', '--vermillion', '--green', '--orange', '--sky', '--purple', '--grey', '--ink'];
export const OBSERVED = '--grey';
export const TRUTH = '--purple';
export const AXIS = '--muted';
export const GRID = '--line';
export const GROUND = '--paper';
export const GAP = '--gap';
export const LINE_MARK = '--edge';

export type Palette = (variable: string) => string;

/** Reads the colours as they are now; ask anew when the theme changes. */
export function paletteOf(element: HTMLElement): Palette {
  const known = new Map<string, string>();
  const probe = document.createElement('span');
  probe.hidden = true;
  return (variable) => {
    const kept = known.get(variable);
    if (kept !== undefined) return kept;
    // A computed colour has variables worked out, which a custom property's own value need not have.
    probe.style.color = `var(${variable}, gray)`;
    element.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    known.set(variable, colour);
    return colour;
  };
}
