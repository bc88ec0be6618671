import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type AddressedState, MOST_ROWS_IN_ADDRESS, readAddress, withPartsKept, writeAddress } from './address.ts';
import { INITIAL_STATE } from './explorer-state.ts';

const { dropped: _, pointer: __, ...initial } = INITIAL_STATE;

const short = fc.integer({ min: -9999, max: 9999 }).map((value) => value / 100);
const word = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const axis = fc.nat({ max: 19 });

const states: fc.Arbitrary<AddressedState> = fc.record({
  exhibit: word,
  run: word,
  plane: fc.oneof(
    fc.record({ kind: fc.constantFrom('turned' as const, 'own' as const), x: axis, y: axis }),
    fc.constant({ kind: 'umap' as const }),
  ),
  colour: fc.oneof(
    fc.record({ by: fc.constant('column' as const), name: word }),
    fc.record({ by: fc.constant('expression' as const), text: word }),
    fc.constant({ by: 'density' as const }),
  ),
  filter: fc.string({ maxLength: 40 }),
  selection: fc.option(
    fc
      .uniqueArray(fc.nat({ max: 60_000 }), { minLength: 1, maxLength: 60 })
      .map((rows) => Uint32Array.from(rows).sort()),
  ),
  chosen: fc.uniqueArray(fc.nat({ max: 60_000 }), { maxLength: 8 }),
  compared: fc.array(word, { maxLength: 3 }),
  panel: fc.constantFrom(
    'spectrum' as const,
    'generate' as const,
    'tracks' as const,
    'tables' as const,
    'corner' as const,
  ),
  frame: fc.constantFrom('rest' as const, 'observed' as const),
  species: fc.array(word, { maxLength: 3 }),
  offset: short,
  showTruth: fc.boolean(),
  asked: fc.option(
    fc.oneof(
      fc.record({ by: fc.constant('latents' as const), latent: fc.array(short, { minLength: 1, maxLength: 6 }) }),
      fc.record({
        by: fc.constant('labels' as const),
        labels: fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), short),
      }),
    ),
  ),
  trackPosition: fc.record({
    track: fc.oneof(fc.nat({ max: 20 }), fc.constant('drawn' as const)),
    at: fc.integer({ min: 0, max: 100 }).map((value) => value / 100),
  }),
  drawnPath: fc.array(fc.tuple(short, short, short), { maxLength: 5 }),
  theme: fc.constantFrom('light' as const, 'dark' as const, 'system' as const),
});

describe('an address', () => {
  it('brings back the state that it was written from', () => {
    fc.assert(
      fc.property(states, (state) => {
        const read = readAddress(`#${writeAddress(state)}`);
        assert.deepEqual(read.notes, []);
        // Dictionaries of fast-check have no prototype.
        assert.deepEqual(JSON.parse(JSON.stringify(read.state)), JSON.parse(JSON.stringify(state)));
      }),
    );
  });

  it('that names the same plane keeps the plane that is shown, and what it changes is changed', () => {
    const before: AddressedState = { ...initial, plane: { kind: 'own', x: 1, y: 2 }, panel: 'tables' };
    const { state } = readAddress(`#${writeAddress({ ...before, panel: 'corner' })}`);
    assert.notEqual(state.plane, before.plane);
    assert.equal(withPartsKept(state, before).plane, before.plane);
    assert.deepEqual(withPartsKept(state, before), { ...before, panel: 'corner' });
  });

  it('is empty for the initial state, and gives it back when empty', () => {
    assert.equal(writeAddress(initial), '');
    assert.deepEqual(readAddress('').state, initial);
  });

  it('that is cut anywhere opens, and never throws whatever stands in it', () => {
    fc.assert(
      fc.property(states, fc.nat({ max: 400 }), (state, length) => {
        assert.equal(typeof readAddress(`#${writeAddress(state).slice(0, length)}`).state.panel, 'string');
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => assert.ok(Array.isArray(readAddress(`#${text}`).notes))),
    );
  });

  it('says which of its parts cannot be read, and keeps the others', () => {
    const { state, notes } = readAddress('#panel=kitchen&frame=observed&plane=turned-0-1&chosen=1,x&colours=red');
    assert.equal(state.frame, 'observed');
    assert.equal(state.panel, initial.panel);
    assert.deepEqual(state.chosen, []);
    assert.equal(notes.length, 4);
    assert.match(notes[0], /"panel"/);
    assert.match(notes[3], /"colours" that this page does not know/);
  });

  it('does not name the rows of a large selection, and says so when it is opened', () => {
    const selection = Uint32Array.from({ length: MOST_ROWS_IN_ADDRESS + 1 }, (_, row) => 2 * row);
    const written = writeAddress({ ...initial, selection });
    assert.ok(written.length < 60);
    const { state, notes } = readAddress(written);
    assert.equal('selection' in state, false);
    assert.match(notes[0], /501 objects selected/);
  });

  it('refuses a list of rows that would fill the memory', () => {
    const { state, notes } = readAddress('#selection=1_zzzz.1_zzzz');
    assert.equal(state.selection, null);
    assert.equal(notes.length, 1);
  });
});
