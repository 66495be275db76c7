import { describe, expect, it } from 'vitest';
import { contradicts, readBack } from '#core/changes/operations/perform.ts';

describe('reading back', () => {
  it('continues until the change shows', async () => {
    const states = ['old', 'old', 'new', 'never read'];
    const seen = await readBack(
      async () => states.shift(),
      (now) => now === 'new',
      [0, 0, 0, 0],
    );
    expect(seen).toMatchObject({ happened: true, now: 'new', error: null });
    expect(states).toEqual(['never read']);
  });

  it('counts a failed reading as one that does not show it', async () => {
    let readings = 0;
    const seen = await readBack(
      async () => {
        readings += 1;
        if (readings < 3) throw new Error('reset');
        return 'new';
      },
      () => true,
      [0, 0, 0],
    );
    expect(seen).toMatchObject({ happened: true, now: 'new', error: null });
  });

  it('ends with the last state and error where it never shows', async () => {
    const seen = await readBack(
      async () => 'old',
      () => false,
      [0, 0],
    );
    expect(seen).toMatchObject({ happened: false, now: 'old' });
  });
});

describe('a state', () => {
  it('contradicts a change where it is neither the old one nor the wanted one', () => {
    const [before, after] = [
      { opsGet: '5', opsPut: '1' },
      { opsGet: '60', opsPut: '1' },
    ];
    expect(contradicts(before, after, before)).toBe(false);
    expect(contradicts(before, after, after)).toBe(false);
    expect(contradicts(before, after, { opsGet: '1', opsPut: '1' })).toBe(true);
    expect(contradicts(before, after, { opsGet: '60', opsPut: '0' })).toBe(true);
  });
});
