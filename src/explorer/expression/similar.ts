/** The known name nearest to a mistyped one: at most a third of its letters differ, capitals apart. */
export function similarName(name: string, known: Iterable<string>): string | null {
  const wanted = name.toLowerCase();
  let [nearest, smallest]: [string | null, number] = [null, Math.max(1, Math.floor(name.length / 3)) + 1];
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= smallest) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < smallest) [nearest, smallest] = [candidate, distance];
  }
  return nearest;
}

/** Letters inserted, deleted or replaced (Levenshtein). */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const here = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      here.push(Math.min(replaced, above[j] + 1, here[j - 1] + 1));
    }
    above = here;
  }
  return above[b.length];
}
