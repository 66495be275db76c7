import { describe, expect, it } from 'vitest';
import { aimed, ranked } from '#renderer/app/palette-match.ts';

const entries = [
  { label: 'Disable user', keywords: 'lock block suspend' },
  { label: 'Enable user', keywords: 'unlock unblock' },
  { label: 'Set quota of user', keywords: 'size limit' },
  { label: 'Set quota of bucket', keywords: 'size limit' },
  { label: 'Set rate limits of user', keywords: 'throttle' },
  { label: 'Lab bench 1' },
  { label: 'Lab bench 2' },
  { label: 'Größter Mieter' },
];

describe('words find an entry', () => {
  it.each([
    ['user dis', 'Disable user'],
    ['disbale', 'Disable user'],
    ['qouta bucket', 'Set quota of bucket'],
    ['throttle', 'Set rate limits of user'],
    ['lab bench 2', 'Lab bench 2'],
    ['größ', 'Größter Mieter'],
  ])('%s', (words, label) => {
    expect(ranked(entries, words)[0]?.label).toBe(label);
  });

  it('and first the one that begins with them', () => {
    const everyone = { label: 'Set default quota of every user', keywords: 'size limit' };
    expect(ranked([everyone, ...entries], 'set quota of')[0]?.label).toBe('Set quota of user');
  });

  it('and find nothing where they mean nothing', () => {
    expect(ranked(entries, 'xyzzy')).toEqual([]);
    expect(ranked(entries, '')).toHaveLength(entries.length);
  });
});

describe('a verb and what it is done to', () => {
  it.each([
    ['set quota of acme corp', ['Set quota of user', 'Set quota of bucket'], 'acme corp'],
    ['disbale jo@acme.example', ['Disable user'], 'jo@acme.example'],
    ['suspend jo', ['Disable user'], 'jo'],
    ['set', ['Set quota of user', 'Set quota of bucket', 'Set rate limits of user'], ''],
    ['jo@acme.example', [], 'jo@acme.example'],
  ])('%s', (text, labels, target) => {
    const read = aimed(entries, text);
    expect(read.verbs.map(({ label }) => label)).toEqual(labels);
    expect(read.target).toBe(target);
  });
});
