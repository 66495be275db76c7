import { expect, test } from 'vitest';
import { cssVariablesResolver, slate, theme } from '#renderer/kit/theme/theme.ts';

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [lower = 0, higher = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (higher + 0.05) / (lower + 0.05);
}

const words = [
  '--mantine-color-text',
  '--mantine-color-dimmed',
  '--mantine-color-anchor',
  '--oc-faint',
  '--oc-accent',
  '--oc-good',
  '--oc-warning',
  '--oc-bad',
  '--oc-idle',
  '--oc-information',
] as const;
const surfaces = [
  '--mantine-color-body',
  '--oc-rail',
  '--oc-raised',
  '--oc-hover',
  '--oc-selected',
] as const;

const resolved = cssVariablesResolver(theme as never);

test.each(['light', 'dark'] as const)('the frame of every field is seen: %s', (scheme) => {
  const colour = (name: '--oc-frame' | (typeof surfaces)[number]) => resolved[scheme][name] ?? '';
  for (const surface of surfaces) {
    expect(contrast(colour('--oc-frame'), colour(surface)), surface).toBeGreaterThanOrEqual(3);
  }
});

test.each(['light', 'dark'] as const)('every colour of words is legible: %s', (scheme) => {
  const colour = (name: (typeof words)[number] | (typeof surfaces)[number]) =>
    resolved[scheme][name] ?? '';
  const failing = words.flatMap((word) =>
    surfaces
      .map((surface) => ({ word, surface, ratio: contrast(colour(word), colour(surface)) }))
      .filter(({ ratio }) => !(ratio >= 4.5)),
  );
  expect(failing).toEqual([]);
});

test.each(['good', 'warning', 'bad', 'information'] as const)(
  'text is legible on the %s surface',
  (tone) => {
    for (const scheme of ['light', 'dark'] as const) {
      const colours = resolved[scheme];
      const surface = colours[`--oc-${tone}-surface`] ?? '';
      for (const word of [
        '--mantine-color-text',
        '--mantine-color-dimmed',
        '--oc-faint',
      ] as const) {
        expect(contrast(colours[word] ?? '', surface), `${scheme} ${word}`).toBeGreaterThanOrEqual(
          4.5,
        );
      }
    }
  },
);

test('neutrals run from light to dark', () => {
  const steps = slate.map(luminance);
  expect([...steps].sort((one, other) => other - one)).toEqual(steps);
});
