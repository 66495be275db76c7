import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { FilterChips, FilterMenu } from '#renderer/lists/list-page/filter-menu.tsx';
import type { ListFilter } from '#renderer/lists/list-page/filters.ts';
import { sizeFilter } from '#renderer/lists/list-page/target-filters.ts';
import { useListAddress } from '#renderer/lists/table/use-list-address.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
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

function Filters({ filter = older }: { filter?: ListFilter }) {
  const address = useListAddress([filter.id]);
  return (
    <>
      <FilterMenu filters={[filter]} address={address} />
      <FilterChips filters={[filter]} address={address} />
      <output>{address.filters[filter.id] ?? 'all'}</output>
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

test.each([
  ['1,5', /whole number of days/],
  ['-5', /without a minus/],
  ['999999x', /can't be converted/],
  ['36501', /at most 36500 days/],
])('refuses %s in words, and narrows to nothing by it', async (text, why) => {
  const user = userEvent.setup();
  renderPart(new FakeTransport(), <Filters />);
  await user.click(screen.getByRole('button', { name: 'Filter' }));
  const field = await screen.findByRole('textbox', { name: 'Older than, days' });
  await user.type(field, `${text}{Enter}`);
  expect(field).toHaveValue(text);
  expect(field).toHaveAccessibleDescription(why);
  expect(screen.getByRole('status')).toHaveTextContent('all');
});

test('a size is read as it was meant: a decimal comma, another unit', async () => {
  const user = userEvent.setup();
  renderPart(new FakeTransport(), <Filters filter={sizeFilter} />);
  await user.click(screen.getByRole('button', { name: 'Filter' }));
  const field = await screen.findByRole('textbox', { name: 'At least, GiB' });
  await user.type(field, '1,5{Enter}');
  expect(screen.getByRole('status')).toHaveTextContent('1.5');
  expect(screen.getByText('Size: 1.5 GiB or more')).toBeVisible();
  await user.clear(field);
  await user.type(field, '2 TiB{Enter}');
  expect(screen.getByText('Size: 2048 GiB or more')).toBeVisible();
});
