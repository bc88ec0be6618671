export { drawFigures } from './draw-figures.ts';
export type * from './figure-data.ts';
export { pageTheme, printTheme, type Theme } from './theme.ts';
