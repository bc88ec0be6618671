import { useEffect, useRef, useState } from 'react';
import { sentence } from '../data/use-loaded-exhibit.ts';
import { type Size, toScreen, type View } from './camera.ts';
import type { Positions } from './point-index.ts';
import { type PointMarks, type PointStyle, PointsLayer } from './points-layer.ts';

interface PointsCanvasProps extends PointMarks {
  readonly positions: Positions;
  readonly style: PointStyle;
  readonly view: View;
  readonly size: Size;
}

/** The points; in place of them a sentence where they cannot be drawn. */
export function PointsCanvas({ positions, colours, states, style, view, size }: PointsCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [layer, setLayer] = useState<PointsLayer | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let made: PointsLayer | null = null;
    // In a task of its own: a drawing context takes long to make.
    const timer = setTimeout(() => {
      if (canvas.current === null) return;
      try {
        made = new PointsLayer(canvas.current);
        setLayer(made);
      } catch (error) {
        setProblem(sentence(error));
      }
    });
    return () => {
      clearTimeout(timer);
      made?.destroy();
    };
  }, []);
  useEffect(() => layer?.resize(size), [layer, size]);
  useEffect(() => layer?.setStyle(style), [layer, style]);
  useEffect(() => layer?.setPositions(positions), [layer, positions]);
  useEffect(() => layer?.setMarks({ colours, states }), [layer, colours, states]);
  useEffect(() => layer?.setView(view, size), [layer, view, size]);
  return (
    <>
      <canvas ref={canvas} className="points" />
      {problem !== null && (
        <p className="map-message" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

interface DensityCanvasProps {
  readonly picture: HTMLCanvasElement | null;
  readonly view: View;
  readonly size: Size;
}

/** The density, as large as the view magnifies it. */
export function DensityCanvas({ picture, view, size }: DensityCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (canvas.current === null || context === null || context === undefined) return;
    const scale = window.devicePixelRatio;
    canvas.current.width = Math.round(size.width * scale);
    canvas.current.height = Math.round(size.height * scale);
    if (picture === null) return;
    const [left, top] = toScreen(view, size, [-1, 1]);
    const [right, bottom] = toScreen(view, size, [1, -1]);
    context.scale(scale, scale);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, left, top, right - left, bottom - top);
  }, [picture, view, size]);
  return <canvas ref={canvas} className="density" />;
}
