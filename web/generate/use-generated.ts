import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { GeneratedPoint } from '../engine/engine.ts';
import { type Opening, problemOf } from '../engine/use-engine.ts';
import type { Asked } from '../state/explorer-state.ts';

export interface GeneratedAnswer {
  readonly point: GeneratedPoint | null;
  readonly problem: string | null;
  /** Whether the point is that of an earlier question: the answer to this one is still under way. */
  readonly isStale: boolean;
}

/** What the run makes of what is asked, the last answer until the next one comes. */
export function useGenerated(opening: Opening, run: string, asked: Asked | null): GeneratedAnswer {
  const [answer, setAnswer] = useState<Answered>({ point: null, problem: null, asked: null });
  const latest = useRef(asked);
  latest.current = asked;
  useEffect(() => {
    if (opening.step !== 'open' || asked === null) return;
    const { engine } = opening;
    const question = asked.by === 'latents' ? engine.decode(run, asked.latent) : engine.fromLabels(run, asked.labels);
    question.then(
      (point) => {
        // Painted at once: React would wait for its next turn.
        if (point !== null) flushSync(() => setAnswer({ point, problem: null, asked }));
      },
      (error: unknown) => {
        if (latest.current === asked) setAnswer({ point: null, problem: problemOf(error), asked });
      },
    );
  }, [opening, run, asked]);
  if (opening.step === 'failed') return { point: null, problem: opening.problem, isStale: false };
  return { point: answer.point, problem: answer.problem, isStale: answer.asked !== asked };
}

interface Answered {
  readonly point: GeneratedPoint | null;
  readonly problem: string | null;
  readonly asked: Asked | null;
}
