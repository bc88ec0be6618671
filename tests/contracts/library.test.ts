import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as lightfold from '../../src/index.ts';

describe('the library', () => {
  it('offers what every command does as a call', () => {
    const calls = {
      simulate: [lightfold.simulateGalaxies, lightfold.simulateQuasars, lightfold.simulateSurvey],
      import: [lightfold.importSpectra, lightfold.saveDataset, lightfold.loadDataset],
      train: [lightfold.fit],
      search: [lightfold.searchSettings],
      compare: [lightfold.compareModels],
      evaluate: [lightfold.openRun, lightfold.evaluateRuns],
      encode: [lightfold.latentTable],
      predict: [lightfold.labelPredictionTable],
      reconstruct: [lightfold.reconstructionArrays],
      tracks: [lightfold.makeTrack, lightfold.writeTrack, lightfold.trackFigure],
      project: [lightfold.projectForeign, lightfold.writeProjection, lightfold.projectionFigure],
      lines: [
        lightfold.measureEmissionLines,
        lightfold.measureLines,
        lightfold.lineTable,
        lightfold.writeLineProducts,
        lightfold.classifyByLines,
        lightfold.classifyBySurveyLines,
        lightfold.withLineLabels,
        lightfold.withLineClasses,
        lightfold.fillMissingClasses,
        lightfold.bptData,
        lightfold.bptFigure,
        lightfold.lineFitsData,
        lightfold.lineFitsFigure,
        lightfold.writeLineFigures,
      ],
      outliers: [lightfold.findOutliers, lightfold.writeOutliers, lightfold.outliersFigure],
      clusters: [lightfold.findClusters, lightfold.writeClusters, lightfold.clustersFigure],
      redshift: [
        lightfold.fitRedshift,
        lightfold.measureRedshifts,
        lightfold.redshiftTable,
        lightfold.redshiftFigure,
        lightfold.writeRedshifts,
      ],
      figures: [lightfold.writeFigures],
      noise: [lightfold.noiseResponse, lightfold.noiseFigure, lightfold.writeNoise],
      export: [lightfold.exportOnnx],
      info: [lightfold.describePath],
      doctor: [lightfold.createNodeRuntime, lightfold.measureMatrixProductRate],
      explore: [lightfold.openExhibits, lightfold.serveExhibits],
      demo: [lightfold.runDemo],
    };
    for (const [command, functions] of Object.entries(calls)) {
      for (const call of functions) assert.equal(typeof call, 'function', command);
    }
  });
});
