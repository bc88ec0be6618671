/** The table in docs/architecture.md of who may import whom says what the lint rules hold. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

type ImportTable = Readonly<Record<string, readonly string[]>>;

/** The rows `room: ['a', 'b'],` of `rooms` in the lint rules. */
function enforced(): ImportTable {
  const [, rest] = readFileSync('.dependency-cruiser.cjs', 'utf8').split('const rooms = {');
  const rows = rest.slice(0, rest.indexOf('};')).matchAll(/^ *'?([a-z/]+)'?: \[(.*?)\],$/gms);
  return table([...rows].map(([, room, list]) => [room, list.matchAll(/'([a-z/]+)'/g)]));
}

/** The rows "| `room` | `a`, `b` |" of the document. */
function documented(): ImportTable {
  const [, section] = readFileSync('docs/architecture.md', 'utf8').split('## Who may import whom');
  const rows = section.matchAll(/^\| `([a-z/]+)` +\| (.*) \|$/gm);
  return table([...rows].map(([, room, list]) => [room, list.matchAll(/`([a-z/]+)`/g)]));
}

function table(rows: readonly (readonly [string, Iterable<RegExpMatchArray>])[]): ImportTable {
  return Object.fromEntries(rows.map(([room, names]) => [room, [...names].map(([, name]) => name).sort()]));
}

describe('the import table', () => {
  it('is the same in docs/architecture.md as in .dependency-cruiser.cjs', () => {
    assert.ok(Object.keys(enforced()).length > 10);
    assert.deepEqual(documented(), enforced());
  });
});
