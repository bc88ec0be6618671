import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const point = z.object({
  step: z.number().int().positive(),
  /** Steps of Adam until 200 test objects were placed. */
  placingSteps: z.number().int().positive(),
  /** Of all labels, each in units of its scatter among the training objects. */
  scaledRmse: z.number().positive(),
  rmse: z.array(z.number().positive()),
});
const curves = z.array(
  z.object({
    command: z.string(),
    machine: z.string(),
    date: z.string(),
    batch: z.number().int().positive(),
    inducing: z.number().int().positive(),
    rate: z.number().positive(),
    labelScale: z.array(z.number().positive()),
    points: z.array(point).min(1),
  }),
);

export type PeerCurve = z.infer<typeof curves>[number];
type CurvePoint = PeerCurve['points'][number];

/** Two RMSE of 200 objects that differ by less are the same: the earliest of them counts, to the peer's favour. */
const EQUAL = 1.01;

/**
 * The longest of the runs of bench/peers/gplvm_curve.py that are kept in the repository, with the points of other runs of
 * the same settings: they begin alike, so that theirs are points of the same curve.
 */
export function longestPeerCurve(): PeerCurve {
  const file = fileURLToPath(new URL('../peers/gplvm-curve.json', import.meta.url));
  const length = ({ points }: PeerCurve): number => points[points.length - 1].step;
  const runs = curves.parse(JSON.parse(readFileSync(file, 'utf8')));
  const longest = runs.reduce((best, run) => (length(run) > length(best) ? run : best));
  const settingsOf = ({ batch, inducing, rate }: PeerCurve): string => [batch, inducing, rate].join();
  const points = runs.filter((run) => settingsOf(run) === settingsOf(longest)).flatMap((run) => run.points);
  return { ...longest, points: points.sort((a, b) => a.step - b.step) };
}

/** The first point of a curve that comes as low as its lowest, but for the last hundredth. */
export function bestPoint({ points }: PeerCurve): CurvePoint {
  const lowest = Math.min(...points.map(({ scaledRmse }) => scaledRmse));
  return points.find(({ scaledRmse }) => scaledRmse <= lowest * EQUAL) ?? points[points.length - 1];
}

/** The measure of the curve for other errors. @param rmse of each label, in label units */
export function scaledRmse({ labelScale }: PeerCurve, rmse: readonly number[]): number {
  const squares = rmse.map((value, k) => (value / labelScale[k]) ** 2);
  return Math.sqrt(squares.reduce((total, square) => total + square, 0) / squares.length);
}
