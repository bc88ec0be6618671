export { type FigureFormat, figureFile, figureFormat } from './figure-file.node.ts';
