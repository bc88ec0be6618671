import type { Matrix, Random } from '../base/index.ts';
import { input, matmul, parameter, type Runtime, type Session, subtract, writeOnnx } from '../graph/index.ts';
import { accumulate, BLOCK_ROWS, blockOf, forEachBlock } from './blocks.ts';
import { type DenseMatrix, dense, product } from './dense.ts';
import { fixSigns, symmetricEigen } from './eigen.ts';
import { orthonormaliseRows } from './orthonormal.ts';

export interface RandomisedSvdOptions {
  readonly components: number;
  readonly runtime: Runtime;
  readonly random: Random;
  /** Subtracted from every row; length = columns. */
  readonly centre?: Float32Array;
  /** Directions carried beyond those asked for; they buy accuracy of the last components. */
  readonly oversampling?: number;
  /** Most passes over the matrix. */
  readonly maximumPasses?: number;
  /** Passes end when the variance held by the components grows by less than this share. */
  readonly tolerance?: number;
  /** Rows to start from (components × columns) when something close is known already. */
  readonly startFrom?: DenseMatrix;
  readonly signal?: AbortSignal;
}

export interface RandomisedSvd {
  /** Length K, largest first. */
  readonly singularValues: Float64Array;
  /** K × columns; orthonormal rows, the largest entry of each positive. */
  readonly rightVectors: DenseMatrix;
  readonly passes: number;
}

/**
 * The leading singular values and right singular vectors of an N×P matrix, by the randomised subspace iteration of
 * Halko, Martinsson & Tropp (2011, algorithms 4.4 and 5.1): random directions Ω are multiplied by AᵀA, orthonormalised,
 * and turned to the eigenvectors of the small projected matrix. Each pass reads the matrix once; both products of a
 * block run in one graph, and the sums over blocks are kept in float64.
 */
export async function randomisedSvd(matrix: Matrix, options: RandomisedSvdOptions): Promise<RandomisedSvd> {
  const { components, oversampling = 10, maximumPasses = 20, tolerance = 1e-7 } = options;
  const width = Math.min(components + oversampling, matrix.columns, matrix.rows);
  if (components > width) {
    throw new RangeError(`${components} components of a ${matrix.rows}×${matrix.columns} matrix`);
  }
  const directions = startingDirections(width, matrix.columns, options);
  const session = await gramSession(options.runtime, matrix.columns, width);
  try {
    let held = 0;
    for (let pass = 1; ; pass++) {
      const { gram, image } = await multiply(session, matrix, directions, options);
      const { values, vectors } = symmetricEigen(gram);
      const variance = values.subarray(0, components).reduce((sum, value) => sum + Math.max(value, 0), 0);
      if (pass >= maximumPasses || Math.abs(variance - held) <= tolerance * variance) {
        const turned = product(vectors, directions);
        const rightVectors = dense(components, matrix.columns, turned.data.slice(0, components * matrix.columns));
        fixSigns(rightVectors);
        return {
          singularValues: values.slice(0, components).map((v) => Math.sqrt(Math.max(v, 0))),
          rightVectors,
          passes: pass,
        };
      }
      held = variance;
      // Turned to the eigenvectors first, so that the strongest directions lead the orthonormalisation.
      directions.data.set(product(vectors, image).data);
      orthonormaliseRows(directions);
    }
  } finally {
    await session.release();
  }
}

function startingDirections(width: number, columns: number, { random, startFrom }: RandomisedSvdOptions): DenseMatrix {
  const directions = dense(width, columns);
  random.fillNormal(directions.data);
  if (startFrom !== undefined) directions.data.set(startFrom.data.subarray(0, directions.data.length));
  orthonormaliseRows(directions);
  return directions;
}

/** For a block A of rows and directions D (rows): Y = (A−c)Dᵀ, image YᵀA (width × P) and gram YᵀY. */
async function gramSession(runtime: Runtime, columns: number, width: number): Promise<Session> {
  const rows = subtract(input('rows', ['N', columns]), parameter('centre', [columns]));
  const coefficients = matmul(rows, parameter('directions', [width, columns]), { transposeB: true });
  const outputs = {
    gram: matmul(coefficients, coefficients, { transposeA: true }),
    image: matmul(coefficients, rows, { transposeA: true }),
  };
  return runtime.createSession(writeOnnx({ name: 'randomised-svd', outputs }));
}

async function multiply(
  session: Session,
  matrix: Matrix,
  directions: DenseMatrix,
  { centre, signal }: RandomisedSvdOptions,
): Promise<{ gram: DenseMatrix; image: DenseMatrix }> {
  const { rows: width, columns } = directions;
  const gram = dense(width, width);
  const image = dense(width, columns);
  const fixed = { centre: centre ?? new Float32Array(columns), directions: Float32Array.from(directions.data) };
  const fetches = { gram: new Float32Array(width * width), image: new Float32Array(width * columns) };
  await forEachBlock(
    matrix.rows,
    async (block) => {
      await session.run({ rows: blockOf(matrix, block), ...fixed }, fetches);
      accumulate(gram.data, fetches.gram);
      accumulate(image.data, fetches.image);
    },
    signal,
    BLOCK_ROWS,
  );
  return { gram, image };
}
