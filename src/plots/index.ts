export { drawFigures } from './draw-figures.ts';
export type * from './figure-data.ts';
export { noiseFigure } from './noise-response.ts';
export { type ProjectionData, projectionFigure } from './projection.ts';
export type { ReportData, ReportFact, ReportScore } from './report-data.ts';
export { reportPage } from './report-page.ts';
export type { SearchData } from './search-data.ts';
export { searchFigure } from './search-leaderboard.ts';
export { type TrackData, type TrackPoint, trackFigure } from './track.ts';
