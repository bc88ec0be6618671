/**
 * The evidence lower bound of a sparse variational Gaussian process written out by plain loops in float64, from the
 * textbook form q(u) = N(L m, L S Lᵀ), f | u = k K⁻¹ u: nothing in common with the product's whitened, packed one.
 */
export type Rows = readonly (readonly number[])[];

export interface SparseGp {
  /** Covariance of two points; must not include jitter. */
  readonly covariance: (a: readonly number[], b: readonly number[]) => number;
  /** Added to the diagonal of K_UU. */
  readonly jitter: number;
  /** M × Q */
  readonly inducing: Rows;
  /** Of each output: mean (M) and covariance (M × M) of the whitened inducing variables. */
  readonly posteriors: readonly { readonly mean: readonly number[]; readonly covariance: Rows }[];
}

export function multiplied(a: Rows, b: Rows): number[][] {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
}

export function turned(a: Rows): number[][] {
  return a[0].map((_, j) => a.map((row) => row[j]));
}

/** Gauss–Jordan elimination. */
export function inverted(matrix: Rows): number[][] {
  const size = matrix.length;
  const work = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < size; k++) {
    const pivot = work[k][k];
    work[k] = work[k].map((value) => value / pivot);
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const factor = work[i][k];
      work[i] = work[i].map((value, j) => value - factor * work[k][j]);
    }
  }
  return work.map((row) => row.slice(size));
}

/** Lower triangular L with A = L Lᵀ. */
export function choleskyOf(matrix: Rows): number[][] {
  const factor = matrix.map((row) => row.map(() => 0));
  for (const [i, row] of matrix.entries()) {
    for (let j = 0; j <= i; j++) {
      let value = row[j];
      for (let k = 0; k < j; k++) value -= factor[i][k] * factor[j][k];
      factor[i][j] = i === j ? Math.sqrt(value) : value / factor[j][j];
    }
  }
  return factor;
}

/** Mean and variance of each output's function at points N × Q: N × D pairs. */
export function marginalsOf(process: SparseGp, points: Rows): { mean: number; variance: number }[][] {
  const { covariance, inducing, jitter, posteriors } = process;
  const kernel = inducing.map((a, i) => inducing.map((b, j) => covariance(a, b) + (i === j ? jitter : 0)));
  const inverse = inverted(kernel);
  const factor = choleskyOf(kernel);
  return points.map((point) => {
    const cross = [inducing.map((u) => covariance(point, u))];
    const weights = multiplied(cross, inverse);
    const explained = multiplied(weights, turned(cross))[0][0];
    const projected = multiplied(weights, factor);
    return posteriors.map(({ mean, covariance: spread }) => ({
      mean: multiplied(projected, turned([mean]))[0][0],
      variance:
        covariance(point, point) - explained + multiplied(multiplied(projected, spread), turned(projected))[0][0],
    }));
  });
}

/** E[ln N(x; f, variance)] for f ~ N(mean, spread). */
export function expectedNormal(x: number, mean: number, spread: number, variance: number): number {
  return -0.5 * (Math.log(2 * Math.PI * variance) + ((x - mean) ** 2 + spread) / variance);
}
