import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { QuotaBar, usedFraction, usedWords } from '#renderer/changes/limits/quota-bar.tsx';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';

test.each([
  [0, 10, 0],
  [5_000_000_000, 10, 0.5],
  [20_000_000_000, 10, 2],
  // exact where a double would not be: 2^65 bytes of 2^65 / 10^9 GB
  ['36893488147419103232', '36893488147', 1],
  [5, null, null],
  [5, 0, null],
])('%s bytes of a quota of %s GB are used up to %s', (bytes, sizeGb, fraction) => {
  expect(usedFraction(bytes, sizeGb)).toBe(fraction);
});

test.each([
  [0, '0 %'],
  [0.0001, 'less than 1 %'],
  [0.429, '42 %'],
  [0.9999, '99 %'],
  [1, '100 %'],
  [1.3, 'over the quota, 130 %'],
  [1.7878, 'over the quota, 178 %'],
])('%d is said as "%s"', (fraction, words) => {
  expect(usedWords(fraction)).toBe(words);
});

test.each([
  [5_000_000_000, 'fine'],
  [8_000_000_000, 'nearly'],
  [10_000_000_000, 'full'],
])('%d of 10 GB look %s, with the exact bytes on hover', async (bytes, tone) => {
  const { container } = renderPart(new FakeTransport(), <QuotaBar bytes={bytes} sizeGb={10} />);
  const bar = container.querySelector('[data-tone]');
  expect(bar).toHaveAttribute('data-tone', tone);
  expect(bar?.firstElementChild).toHaveStyle({ width: `${bytes / 100_000_000}%` });
  await userEvent.hover(screen.getByText(/%$/));
  expect(await screen.findByText(/bytes of .*10\^9 bytes/)).toHaveTextContent(
    bytes.toLocaleString('en-US'),
  );
});

test('is not there where no quota applies or it is unlimited', () => {
  const { container } = renderPart(
    new FakeTransport(),
    <>
      <QuotaBar bytes={5} sizeGb={null} />
      <QuotaBar bytes={5} sizeGb={0} />
    </>,
  );
  expect(container.querySelector('[data-tone]')).toBeNull();
});
