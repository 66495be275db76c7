import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isNear, NearWords } from '#core/platform/near-words.ts';

const word = fc.stringMatching(/^[abc]{3,5}$/);
const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('-'));
const numbered = fc.tuple(text, fc.integer({ min: 0, max: 30 })).map((parts) => parts.join('-'));

function finderOf(texts: readonly string[]) {
  const near = new NearWords();
  for (const each of texts) near.add(each);
  const holding = (part: string) => (at: number) => texts[at]?.includes(part) === true;
  return (search: string, limit = texts.length) => near.find(search, limit, holding);
}

const many = fc.array(numbered, { minLength: 1, maxLength: 120 });

it('finds the texts that have a word near to each of those typed, and the numbers as they are', () => {
  fc.assert(
    fc.property(many, word, word, fc.integer({ min: 0, max: 30 }), (texts, one, other, number) => {
      const hasNear = (each: string, typed: string) =>
        each.split('-').some((its) => its.includes(typed) || isNear(typed, its));
      const expected = texts.flatMap((each, at) =>
        hasNear(each, one) && hasNear(each, other) && each.includes(String(number)) ? [at] : [],
      );
      expect(finderOf(texts)(`${one} ${number} ${other}`).toSorted((a, b) => a - b)).toEqual(
        expected,
      );
    }),
  );
});

it('finds the nearest first, those equally near in their order, and as many as are wanted', () => {
  const texts = ['abcde-x', 'abcda', 'zzz', 'xx-abcd', 'abcd', 'abdc', 'abcd-2'];
  // as they are, then longer or within, then with two letters swapped
  expect(finderOf(texts)('abcd')).toEqual([3, 4, 6, 0, 1, 5]);
  fc.assert(
    fc.property(many, word, fc.integer({ min: 1, max: 8 }), (among, typed, limit) => {
      const find = finderOf(among);
      expect(find(typed, limit)).toEqual(find(typed).slice(0, limit));
      expect(find(`${typed} 1`, limit)).toEqual(find(`${typed} 1`).slice(0, limit));
    }),
  );
});
