import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { MemoryRouter, useLocation } from 'react-router';
import { expect, test } from 'vitest';
import { useListAddress } from '#renderer/lists/table/use-list-address.ts';

const address = '/?q=bob&period=custom&from=2026-10-01';

function listOf(filterIds: readonly string[]) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <MemoryRouter initialEntries={[address]}>{children}</MemoryRouter>
  );
  const use = () => ({ list: useListAddress(filterIds), search: useLocation().search });
  return renderHook(use, { wrapper }).result;
}

test('a list without filters takes nothing of its page’s address for one, and leaves it', () => {
  const shown = listOf([]);
  expect(shown.current.list.unknown).toEqual([]);
  act(() => shown.current.list.clear());
  expect(shown.current.search).toBe('?period=custom&from=2026-10-01');
});

test('a list with filters names what is none of them, and takes it away when cleared', () => {
  const filterIds = ['state'];
  const shown = listOf(filterIds);
  expect(shown.current.list.unknown).toEqual([{ id: 'period' }, { id: 'from' }]);
  act(() => shown.current.list.clear());
  expect(shown.current.search).toBe('');
});
