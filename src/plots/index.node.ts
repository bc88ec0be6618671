export { FIGURE_FORMATS, type FigureFile, type FigureFormat, figureFile, figureFormat } from './figure-file.node.ts';
