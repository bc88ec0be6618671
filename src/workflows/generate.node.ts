import { generatedFigureData } from '../analysis/index.ts';
import type { LongWorkOptions } from '../base/index.ts';
import { type Generated, type GenerateRequest, generateSpectra, type OpenRun } from '../inference/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { tableBytes, tableExtension, writeNpz } from '../io/index.ts';
import type { FigureFormat } from '../plots/index.node.ts';
import { generatedFigure } from '../plots/index.ts';
import { writeFigureBeside } from './figure-beside.node.ts';
import { generatedArrays, generatedTable } from './generated-products.ts';

export interface WriteGeneratedOptions extends LongWorkOptions, GenerateRequest {
  /** .npz for arrays, or a long table: .csv, .parquet, .arrow, .fits; the figure stands beside it under the same name. */
  readonly out: string;
  /** `svg` unless told. */
  readonly format?: FigureFormat;
}

export interface WrittenGenerated extends Generated {
  /** Path of the figure. */
  readonly figure: string;
}

/**
 * Makes spectra of labels or latents and writes them with the labels that go with them, and a figure.
 *
 * @throws as `generateSpectra`, and UserError for a file that is not written
 */
export async function writeGenerated(run: OpenRun, options: WriteGeneratedOptions): Promise<WrittenGenerated> {
  const { out, format = 'svg', ...request } = options;
  const extension = tableExtension(out);
  const generated = await generateSpectra(run, request, options);
  const bytes =
    extension === '.npz'
      ? writeNpz(generatedArrays(run, generated))
      : tableBytes(generatedTable(run, generated), extension);
  writeFileAtomically(out, bytes);
  const data = generatedFigureData(run, generated);
  return { ...generated, figure: await writeFigureBeside(out, format, (name) => generatedFigure(name, data)) };
}
