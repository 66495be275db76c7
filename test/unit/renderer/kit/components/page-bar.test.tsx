import { screen } from '@testing-library/react';
import { expect, onTestFinished, test } from 'vitest';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

const plan = '/c/rack-7/changes/plan';

test('the way back has its words where there is room, and is an arrow of that name where there is none', async () => {
  const wide = renderConsole(fakeCluster(), plan);
  const words = (await screen.findAllByRole('link', { name: 'Bulk changes' })).map(
    ({ textContent }) => textContent,
  );
  expect(words).toEqual(['Bulk changes', 'Bulk changes']); // the rail's and the bar's
  wide.unmount();

  const { matchMedia } = window;
  onTestFinished(() => {
    window.matchMedia = matchMedia;
  });
  window.matchMedia = (query) => ({ ...matchMedia(query), matches: query.includes('max-width') });
  renderConsole(fakeCluster(), plan);
  await screen.findByRole('heading', { level: 1 });
  const arrows = screen.getAllByRole('link', { name: 'Bulk changes' });
  expect(arrows.map(({ textContent }) => textContent)).toEqual(['', '']);
});
