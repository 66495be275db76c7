import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { useListAddress } from '../../../../../src/renderer/components/data-table/use-list-address.ts';
import { FilterChips } from '../../../../../src/renderer/components/list-view/filter-chips.tsx';
import { FilterMenu } from '../../../../../src/renderer/components/list-view/filter-menu.tsx';
import type { ListFilter } from '../../../../../src/renderer/components/list-view/filters.ts';
import { renderPart } from '../../render-console.tsx';

const older: ListFilter = {
  id: 'older',
  label: 'First seen',
  options: [{ value: '30', label: 'Older than 30 days' }],
  ownNumber: {
    label: 'Older than',
    unit: 'days',
    most: 36_500,
    words: (days) => `older than ${days} days`,
  },
};

function Filters() {
  const address = useListAddress(['older']);
  return (
    <>
      <FilterMenu filters={[older]} address={address} />
      <FilterChips filters={[older]} address={address} />
      <output>{address.filters.older ?? 'all'}</output>
    </>
  );
}

test('takes a number of one’s own by Enter, shows it on the chip, and lifts it when emptied', async () => {
  const user = userEvent.setup();
  renderPart(new FakeTransport(), <Filters />);
  await user.click(screen.getByRole('button', { name: 'Filter' }));
  const field = await screen.findByRole('textbox', { name: 'Older than, days' });
  await user.type(field, '45{Enter}');
  expect(screen.getByRole('status')).toHaveTextContent('45');
  expect(screen.getByText('First seen: older than 45 days')).toBeVisible();
  await user.clear(field);
  await user.type(field, '{Enter}');
  expect(screen.getByRole('status')).toHaveTextContent('all');
});

test('keeps a number within what the list takes', async () => {
  const user = userEvent.setup();
  renderPart(new FakeTransport(), <Filters />);
  await user.click(screen.getByRole('button', { name: 'Filter' }));
  const field = await screen.findByRole('textbox', { name: 'Older than, days' });
  await user.type(field, '-999999x{Enter}');
  expect(Number(screen.getByRole('status').textContent)).toBeLessThanOrEqual(36_500);
  expect(screen.getByRole('status').textContent).toMatch(/^\d+$/);
});
