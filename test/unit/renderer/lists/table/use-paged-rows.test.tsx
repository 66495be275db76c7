import { act, renderHook, waitFor } from '@testing-library/react';
import { type ReactNode, useSyncExternalStore } from 'react';
import { expect, it } from 'vitest';
import { ConsoleProvider, createQueryClient } from '#renderer/kit/rpc/console-context.tsx';
import { usePagedRows } from '#renderer/lists/table/use-paged-rows.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';

const total = 5000;

function bucket(index: number) {
  return {
    name: `bucket-${index}`,
    ownerId: 'a1',
    ownerEmail: null,
    currentBytes: 0,
    peakBytes: 0,
    byteIntegral: 0,
    lastHour: 0,
    createdAt: null,
    epoch: 0,
    firstSeen: '2026-11-01T00:00:00Z',
  };
}

it('draws a page that comes long after it was scrolled to, though nothing else happens', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const transport = new FakeTransport().on('buckets.list', async ({ offset = 0 }) => {
    if (offset > 0) await held;
    const rows = Array.from({ length: 100 }, (_, index) => bucket(offset + index));
    return { total, rows, asOf: null };
  });
  const queryClient = createQueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <ConsoleProvider transport={transport} queryClient={queryClient}>
      {children}
    </ConsoleProvider>
  );
  let renders = 0;
  const { result } = renderHook(
    () => {
      renders += 1;
      const rows = usePagedRows('buckets.list', { connectionId: 'rome' });
      useSyncExternalStore(rows.subscribe, rows.version);
      return rows;
    },
    { wrapper },
  );
  await waitFor(() => expect(result.current.total).toBe(total));
  act(() => result.current.show(4984, 4999));
  expect(result.current.rowAt(4999)).toBeUndefined();
  const before = renders;
  release();
  await waitFor(() => expect(renders).toBeGreaterThan(before));
  expect(result.current.rowAt(4999)?.name).toBe('bucket-4999');
});
