import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { FilterChips, FilterMenu } from '#renderer/lists/list-page/filter-menu.tsx';
import type { ListFilter } from '#renderer/lists/list-page/filters.ts';
import { bucketFilters, sizeFilter } from '#renderer/lists/list-page/target-filters.ts';
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

test('takes a range of days once both are there, and lifts it when both are emptied', async () => {
  const user = userEvent.setup();
  const period: ListFilter = { id: 'since', label: 'Period', options: [], ownDays: true };
  renderPart(new FakeTransport(), <Filters filter={period} />);
  await user.click(screen.getByRole('button', { name: 'Filter' }));
  const [first, last] = await Promise.all(
    ['first', 'last'].map((end) => screen.findByLabelText(`Period: ${end} day`)),
  );
  if (!first || !last) throw new Error('The days are not asked for.');
  await user.type(first, '2026-11-01');
  expect(screen.getByRole('status')).toHaveTextContent('all');
  await user.type(last, '2026-11-07');
  expect(screen.getByRole('status')).toHaveTextContent('2026-11-01..2026-11-07');
  expect(screen.getByText('Period: 1 Nov 2026 to 7 Nov 2026')).toBeVisible();
  await user.clear(first);
  await user.clear(last);
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

test('takes two numbers, at least and at most', async () => {
  const user = userEvent.setup();
  renderPart(new FakeTransport(), <Filters filter={sizeFilter} />);
  await user.click(screen.getByRole('button', { name: 'Filter' }));
  await user.type(await screen.findByRole('textbox', { name: 'At most, GiB' }), '2 TiB{Enter}');
  expect(screen.getByText('Size: 2048 GiB or less')).toBeVisible();
  await user.type(screen.getByRole('textbox', { name: 'At least, GiB' }), '10{Enter}');
  expect(screen.getByText('Size: 10 to 2048 GiB')).toBeVisible();
  expect(screen.getByRole('status')).toHaveTextContent('10..2048');
});

const created = bucketFilters.find(({ id }) => id === 'created') as ListFilter;
const owner = bucketFilters.find(({ id }) => id === 'owner') as ListFilter;

test('takes an age, and a range of days', async () => {
  const user = userEvent.setup();
  renderPart(new FakeTransport(), <Filters filter={created} />);
  await user.click(screen.getByRole('button', { name: 'Filter' }));
  await user.type(await screen.findByRole('textbox', { name: 'Older than, days' }), '90{Enter}');
  expect(screen.getByText('Created: older than 90 days')).toBeVisible();
  fireEvent.change(screen.getByLabelText('Created: first day'), {
    target: { value: '2026-11-01' },
  });
  fireEvent.change(screen.getByLabelText('Created: last day'), { target: { value: '2026-11-07' } });
  expect(screen.getByText('Created: 1 Nov 2026 to 7 Nov 2026')).toBeVisible();
});

test('takes a text, and lifts the filter when it is emptied', async () => {
  const user = userEvent.setup();
  renderPart(new FakeTransport(), <Filters filter={owner} />);
  await user.click(screen.getByRole('button', { name: 'Filter' }));
  const field = await screen.findByRole('textbox', { name: 'E-mail or id contains' });
  await user.type(field, 'anna@{Enter}');
  expect(screen.getByText('Owner: contains “anna@”')).toBeVisible();
  await user.clear(field);
  await user.type(field, '{Enter}');
  expect(screen.getByRole('status')).toHaveTextContent('all');
});
