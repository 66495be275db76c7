import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Span } from '#renderer/pages/usage/period/period.ts';
import { type Series, UsageChart } from '#renderer/pages/usage/traffic/usage-chart.tsx';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { fakeCounters, fakeSummary } from '#test/fakes/fake-usage.ts';
import { renderPart } from '../../../render-console.tsx';

const width = 800;
const height = 200;
/** Of the axis at the left, and of the margin at the right. */
const [left, right] = [64, 4];
const days = 10;
const day = (index: number): string => new Date(Date.UTC(2026, 9, 1 + index)).toISOString();

const series: Series = {
  step: 'day',
  points: Array.from({ length: days }, (_, index) => ({ at: day(index), ...fakeCounters })),
  missing: [{ from: day(6), to: day(8) }],
  open: [],
  coverage: fakeSummary(),
};

// jsdom lays nothing out: every element is as large as the chart.
beforeEach(() => {
  const rect = { x: 0, y: 0, left: 0, top: 0, right: width, bottom: height, width, height };
  const spy = vi
    .spyOn(Element.prototype, 'getBoundingClientRect')
    .mockReturnValue({ ...rect, toJSON: () => rect });
  return () => spy.mockRestore();
});

/** Where the middle of a bar is. */
const over = (index: number) => ({
  clientX: left + ((width - left - right) / days) * (index + 0.5),
  clientY: 90,
});

function drawn(): { spans: Span[]; plot: Element; areas(): number } {
  const spans: Span[] = [];
  renderPart(
    new FakeTransport(),
    <UsageChart kind="traffic" series={series} onZoom={(span) => spans.push(span)} />,
  );
  const chart = screen.getByRole('figure', { name: 'Traffic over time' });
  const plot = chart.querySelector('.recharts-wrapper');
  if (!plot) throw new Error('There is no plot.');
  return { spans, plot, areas: () => chart.querySelectorAll('.recharts-reference-area').length };
}

/** Brings the pointer over a bar, and waits until the chart has noticed. */
async function point(plot: Element, index: number): Promise<void> {
  fireEvent.mouseMove(plot, over(index));
  await waitFor(() =>
    expect(plot.querySelector('.recharts-tooltip-cursor, .recharts-reference-area')).not.toBeNull(),
  );
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

test('dragging across bars zooms from the first to the end of the last, either way', async () => {
  const { spans, plot, areas } = drawn();
  for (const [from, to] of [
    [2, 4],
    [4, 2],
  ] as const) {
    await point(plot, from);
    fireEvent.mouseDown(plot, over(from));
    await point(plot, to);
    // What is missing is one area, what is dragged over another.
    await waitFor(() => expect(areas()).toBe(2));
    fireEvent.mouseUp(plot, over(to));
    await waitFor(() => expect(areas()).toBe(1));
  }
  expect(spans).toEqual([
    { from: day(2), to: day(5) },
    { from: day(2), to: day(5) },
  ]);
});

test('the last bar ends a step after it begins; a click alone, or leaving, zooms nowhere', async () => {
  const { spans, plot, areas } = drawn();
  await point(plot, 3);
  fireEvent.mouseDown(plot, over(3));
  fireEvent.mouseUp(plot, over(3));
  await point(plot, 5);
  fireEvent.mouseDown(plot, over(5));
  await point(plot, 7);
  await waitFor(() => expect(areas()).toBe(2));
  fireEvent.mouseLeave(plot);
  await waitFor(() => expect(areas()).toBe(1));
  expect(spans).toEqual([]);
  await point(plot, 8);
  fireEvent.mouseDown(plot, over(8));
  await point(plot, 9);
  await waitFor(() => expect(areas()).toBe(2));
  fireEvent.mouseUp(plot, over(9));
  await waitFor(() => expect(spans).toEqual([{ from: day(8), to: day(10) }]));
});

test('bars without their statistics are hatched, in the legend too', () => {
  const { plot } = drawn();
  const area = plot.querySelector('.recharts-reference-area path');
  expect(area?.getAttribute('fill')).toBe('url(#missing-traffic)');
  expect(plot.querySelector('pattern#missing-traffic')).not.toBeNull();
  // Two days of ten.
  const [, begin = '0', length = '0'] = /M\s*([\d.]+),.*?h\s*([\d.]+)/.exec(
    area?.getAttribute('d') ?? '',
  ) ?? ['', '0', '0'];
  const bar = (width - left - right) / days;
  expect(Number(begin)).toBeCloseTo(left + 6 * bar, 0);
  expect(Number(length)).toBeCloseTo(2 * bar, 0);
  const figure = screen.getByRole('figure', { name: 'Traffic over time' });
  expect(within(figure).getByText('Missing')).toBeVisible();
});

test('a day that dwarfs all others is cut off on demand, and a logarithmic scale shows them all', () => {
  const points = series.points.map((point, index) => ({
    ...point,
    uploaded: 2 ** 30,
    downloaded: index === 4 ? 2 ** 50 : 2 ** 30 + index,
  }));
  renderPart(
    new FakeTransport(),
    <UsageChart kind="traffic" series={{ ...series, points }} onZoom={() => undefined} />,
  );
  const chart = within(screen.getByRole('figure', { name: 'Traffic over time' }));
  const marks = (): string =>
    [...document.querySelectorAll('tspan')].map(({ textContent }) => textContent).join(' ');
  expect(marks()).toMatch(/PiB/);
  fireEvent.click(chart.getByRole('switch', { name: 'Hide outliers' }));
  expect(chart.getByText('1 outlier cut off')).toBeVisible();
  expect(marks()).toMatch(/GiB/);
  expect(marks()).not.toMatch(/[TP]iB/);
  fireEvent.click(chart.getByRole('radio', { name: 'Logarithmic' }));
  expect(marks()).toMatch(/PiB|EiB/);
});
