import { type ReactNode, useState } from 'react';
import { problemOf } from '../engine/use-engine.ts';
import { Problems } from '../spectrum/problems.tsx';
import { saveFile, savePng, saveSvg } from './save.ts';

export interface OtherKind {
  readonly title: string;
  /** @param tell says how far it is, for what takes seconds */
  readonly save: (tell: (progress: string) => void) => Promise<void>;
}

interface SaveButtonsProps {
  /** Of the file, without its ending. */
  readonly name: string;
  /** Asked when a button is pressed. */
  readonly svg: () => string;
  readonly csv: () => string;
  /** What else this figure can be saved as. */
  readonly others?: readonly OtherKind[];
  /** What stands in the same row, before the buttons. */
  readonly children?: ReactNode;
}

/** The row below a figure, which saves it as picture and as numbers. */
export function SaveButtons({ name, svg, csv, others = [], children }: SaveButtonsProps) {
  const [progress, setProgress] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const kinds: readonly OtherKind[] = [
    { title: 'SVG', save: async () => saveSvg(name, svg()) },
    { title: 'PNG', save: () => savePng(name, svg()) },
    ...others,
    { title: 'CSV', save: async () => saveFile(`${name}.csv`, csv(), 'text/csv') },
  ];
  const press = ({ save }: OtherKind) => {
    setProblem(null);
    setProgress('');
    save(setProgress)
      .catch((failure: unknown) => setProblem(problemOf(failure)))
      .finally(() => setProgress(null));
  };
  return (
    <>
      <div className="row">
        {children}
        <span className="muted" role="status">
          {progress}
        </span>
        <fieldset className="row save-buttons" aria-label={`Save ${name}`}>
          <span aria-hidden="true">Save</span>
          {kinds.map((kind) => (
            <button key={kind.title} type="button" disabled={progress !== null} onClick={() => press(kind)}>
              {kind.title}
            </button>
          ))}
        </fieldset>
      </div>
      <Problems problems={problem === null ? [] : [problem]} />
    </>
  );
}
