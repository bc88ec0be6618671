import { useMemo } from 'react';
import type { PlacedSpectrum } from '../../src/explorer/index.ts';
import type { ExhibitData, ObservedSpectrum } from '../data/exhibit-data.ts';
import { useExhibit } from '../data/use-exhibit.ts';
import type { Reconstructed } from '../engine/engine.ts';
import { useOpenEngine } from '../engine/use-engine.ts';
import { useExplorer } from '../state/store.ts';
import { columnOfRole, objectFacts, objectName, shownNumber } from '../tables/object-words.ts';
import { labelTitle, objectLabels, withError } from './object-labels.ts';
import type { Subject } from './subject.ts';
import { useAwaited } from './use-awaited.ts';

export interface Subjects {
  readonly subjects: readonly Subject[];
  /** Whether spectra or models are still under way. */
  readonly isWaiting: boolean;
  /** Sentences for people. */
  readonly problems: readonly string[];
}

/** The chosen objects and what the reader brought, with what the chosen runs make of them, as far as it is known. */
export function useSubjects(): Subjects {
  const exhibit = useExhibit();
  const chosen = useExplorer((state) => state.chosen);
  const compared = useExplorer((state) => state.compared);
  const dropped = useExplorer((state) => state.dropped);
  const shown = exhibit.run.entry.name;
  const others = compared.filter((name) => name !== shown && exhibit.description.runs.some((run) => run.name === name));
  const runs = [shown, ...others];
  const opening = useOpenEngine(others);
  const spectra = useAwaited<ObservedSpectrum>(chosen.map(String), (key) => exhibit.spectrum(Number(key)));
  const keys = chosen.flatMap((row) => (spectra.values.has(String(row)) ? runs.map((run) => `${row} ${run}`) : []));
  const engine = opening.step === 'open' ? opening.engine : null;
  const models = useAwaited<Reconstructed>(
    engine === null ? [] : keys,
    engine === null
      ? null
      : (key) => {
          const [row, run] = key.split(' ');
          const spectrum = spectra.values.get(row);
          if (spectrum === undefined) throw new Error(`the spectrum of ${row} is modelled before it is loaded`);
          return engine.reconstruct(run, ...fluxAndIvar(spectrum));
        },
  );
  const names = runs.join(' ');
  const subjects = useMemo(() => {
    const objects = chosen.flatMap((row) => {
      const spectrum = spectra.values.get(String(row));
      if (spectrum === undefined) return [];
      const modelled = names.split(' ').flatMap((run) => {
        const model = models.values.get(`${row} ${run}`);
        return model === undefined ? [] : [{ title: titleOf(exhibit, run), band: model.spectrum }];
      });
      return [objectSubject(exhibit, row, spectrum, modelled)];
    });
    return [...dropped.map((placed, at) => placedSubject(placed, at, exhibit)), ...objects];
  }, [exhibit, chosen, dropped, spectra.values, models.values, names]);
  const failures = opening.step === 'failed' ? [opening.problem] : [];
  const problems = [...failures, ...spectra.problems, ...models.problems];
  return { subjects, problems, isWaiting: problems.length === 0 && models.values.size < keys.length };
}

function titleOf({ description }: ExhibitData, run: string): string {
  const entry = description.runs.find(({ name }) => name === run);
  const isUnique = description.runs.filter(({ title }) => title === entry?.title).length === 1;
  return entry !== undefined && isUnique ? entry.title : run;
}

/** With ivar 0 where nothing was observed, as models take it. */
function fluxAndIvar({ flux, error }: ObservedSpectrum): [Float32Array, Float32Array] {
  const isObserved = (p: number) => Number.isFinite(flux[p]) && error[p] > 0;
  return [
    flux.map((value, p) => (isObserved(p) ? value : 0)),
    error.map((sigma, p) => (isObserved(p) ? sigma ** -2 : 0)),
  ];
}

function objectSubject(
  exhibit: ExhibitData,
  row: number,
  { flux, error, truth }: ObservedSpectrum,
  models: Subject['models'],
): Subject {
  const redshift = columnOfRole(exhibit, 'redshift');
  const z = redshift?.kind === 'number' ? redshift.values[row] : Number.NaN;
  return {
    key: String(row),
    name: objectName(exhibit, row),
    facts: objectFacts(exhibit, row),
    labels: objectLabels(exhibit, row),
    redshift: Number.isFinite(z) ? z : null,
    flux,
    error,
    truth,
    models,
    warnings: [],
  };
}

function placedSubject(placed: PlacedSpectrum, at: number, exhibit: ExhibitData): Subject {
  const isObserved = (p: number) => placed.ivar[p] > 0;
  const from = { file: 'from the file', fitted: 'fitted', asked: 'as asked' }[placed.redshiftFrom];
  const z =
    placed.redshiftError === null ? shownNumber(placed.redshift) : withError(placed.redshift, placed.redshiftError);
  return {
    key: `dropped ${at}`,
    name: placed.id,
    facts: [
      ['source', placed.source],
      ['z', `${z} (${from})`],
    ],
    labels: placed.labels.map(({ name, mean, error }) => ({
      title: labelTitle(exhibit, name),
      measured: null,
      predicted: withError(mean, error),
    })),
    redshift: placed.redshift,
    flux: Float32Array.from(placed.flux, (value, p) => (isObserved(p) ? value : Number.NaN)),
    error: Float32Array.from(placed.ivar, (ivar) => (ivar > 0 ? ivar ** -0.5 : Number.NaN)),
    truth: null,
    models: [
      {
        title: exhibit.run.entry.title,
        band: { flux: Float32Array.from(placed.reconstruction), error: Float32Array.from(placed.reconstructionError) },
      },
    ],
    warnings: placed.warnings,
  };
}
