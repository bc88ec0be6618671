import { useMemo } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { sliderScales, sliderStep, turned, unturned } from './latent-axes.ts';
import { ScaledSlider } from './scaled-slider.tsx';

interface LatentSlidersProps {
  /** Length Q, the run's own latents. */
  readonly latent: ArrayLike<number>;
  readonly onMove: (latent: readonly number[], at: number) => void;
}

/** A slider for each axis of the map. */
export function LatentSliders({ latent, onMove }: LatentSlidersProps) {
  const { run } = useExhibit();
  const { axes, latents } = run.entry;
  const scales = useMemo(() => sliderScales(run.turned, latents), [run.turned, latents]);
  const point = turned(axes, latent);
  return (
    <div className="sliders">
      {scales.map((scale, axis) => (
        <ScaledSlider
          key={axes.titles[axis]}
          title={axes.titles[axis]}
          scale={scale}
          step={sliderStep(scale)}
          value={point[axis]}
          onMove={(value, at) => onMove(unturned(axes, point.with(axis, value)), at)}
        />
      ))}
    </div>
  );
}
