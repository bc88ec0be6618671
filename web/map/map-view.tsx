import { useExhibit } from '../data/use-exhibit.ts';

export function MapView() {
  const { description } = useExhibit();
  return <section className="map" aria-label={`Map of ${description.objects} objects`} />;
}
