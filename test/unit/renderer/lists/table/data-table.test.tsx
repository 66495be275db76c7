import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import { RowMenuButton } from '#renderer/kit/components/row-menu.tsx';
import type { DataColumn } from '#renderer/lists/table/columns.ts';
import { DataTable } from '#renderer/lists/table/data-table.tsx';
import { RowLink } from '#renderer/lists/table/row-link.tsx';
import { useColumnLayout } from '#renderer/lists/table/use-column-layout.ts';
import type { RowOf } from '#renderer/lists/table/use-paged-rows.ts';
import { usePagedRows } from '#renderer/lists/table/use-paged-rows.ts';
import { useRowSelection } from '#renderer/lists/table/use-row-selection.ts';
import { fakeAsOf, fakeBucket } from '#test/fakes/fake-cluster.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';

type Bucket = RowOf<'buckets.list'>;
const total = 5000;

/** A list of buckets whose pages after the first one come when they are released. */
function held() {
  const gate = Promise.withResolvers<void>();
  const transport = new FakeTransport().on('buckets.list', async ({ offset = 0, limit = 100 }) => {
    if (offset > 0) await gate.promise;
    const rows = Array.from({ length: limit }, (_, index) => fakeBucket(offset + index));
    return { total, rows, asOf: fakeAsOf };
  });
  return { transport, release: gate.resolve };
}

function Buckets(props: { drawn?(name: string): void; onOpen?(index: number): void }) {
  const [columns] = useState<DataColumn<Bucket>[]>([
    {
      id: 'name',
      header: 'Name',
      width: 200,
      cell: ({ name }) => {
        props.drawn?.(name);
        return (
          <RowLink to={`/buckets/${name}`} words={name}>
            {name}
          </RowLink>
        );
      },
    },
    {
      id: 'actions',
      header: 'Actions',
      width: 72,
      cell: ({ name }) => <RowMenuButton name={name} />,
      menu: ({ name }) => <p>Actions of {name}</p>,
    },
  ]);
  const [active, setActive] = useState(0);
  const rows = usePagedRows('buckets.list', { connectionId: 'rome' });
  const selection = useRowSelection<Bucket>('all');
  return (
    <DataTable
      label="Buckets"
      rows={rows}
      rowId={({ name }) => name}
      layout={useColumnLayout('rome/buckets', columns)}
      sort={null}
      onSort={() => undefined}
      selection={selection}
      onSelect={(index) => {
        const row = rows.rowAt(index);
        if (row) selection.toggle(row.name, row);
      }}
      active={active}
      onActive={setActive}
      openId={null}
      onOpen={props.onOpen ?? (() => undefined)}
    />
  );
}

/** Once the rows around those in sight are drawn too. */
async function allDrawn(): Promise<void> {
  const group = screen.getAllByRole('rowgroup')[0] as HTMLElement;
  const owned = group.getAttribute('aria-owns')?.split(' ') ?? [];
  await waitFor(() => {
    expect([...group.children].map(({ id }) => id).toSorted()).toEqual(owned.toSorted());
  });
}

function scrollTo(index: number): void {
  const grid = screen.getByRole('grid');
  act(() => {
    grid.scrollTop = index * 32;
    fireEvent.scroll(grid);
  });
}

test('keeps the rows before in sight until the ones scrolled to are there', async () => {
  const { transport, release } = held();
  const drawn = vi.fn();
  const { container } = renderPart(transport, <Buckets drawn={drawn} />);
  await screen.findByText('bucket-3');
  await allDrawn();
  drawn.mockClear();
  scrollTo(3000);
  expect(screen.getByText('bucket-3')).toBeInTheDocument();
  expect(screen.getByText('bucket-3').closest('[style*="translateY(96000px)"]')).not.toBeNull();
  expect(drawn).not.toHaveBeenCalled();
  expect(container.querySelector('[role="rowgroup"] [aria-busy]')).toBeNull();
  release();
  expect(await screen.findByText('bucket-3001')).toBeInTheDocument();
  await allDrawn();
  expect(screen.queryByText('bucket-3')).toBeNull();
});

test('scrolling leaves the elements of rows where they are, and names their order', async () => {
  const { transport, release } = held();
  release();
  renderPart(transport, <Buckets />);
  await screen.findByText('bucket-3');
  scrollTo(3010);
  expect(await screen.findByText('bucket-3011')).toBeInTheDocument();
  await allDrawn();
  const group = screen.getByText('bucket-3011').closest('[role="rowgroup"]') as HTMLElement;
  const elements = [...group.children];
  for (const [first, next] of [
    [3006, 'bucket-3006'],
    [3013, 'bucket-3014'],
  ] as const) {
    scrollTo(first);
    expect(screen.getByText(next)).toBeInTheDocument();
    expect([...group.children]).toEqual(elements);
    const owned = group.getAttribute('aria-owns')?.split(' ') ?? [];
    const positions = owned.map((id) => Number(document.getElementById(id)?.dataset.index));
    expect(positions).toEqual(positions.toSorted((one, other) => one - other));
    expect(positions).toHaveLength(elements.length);
  }
});

test('draws only the rows again that changed', async () => {
  const { transport } = held();
  const drawn = vi.fn();
  renderPart(transport, <Buckets drawn={drawn} />);
  await screen.findByText('bucket-3');
  const row = (name: string) => screen.getByText(name).closest('[role="row"]') as HTMLElement;
  await allDrawn();
  drawn.mockClear();
  await userEvent.click(within(row('bucket-2')).getByRole('checkbox'));
  await waitFor(() => expect(row('bucket-2')).toHaveAttribute('aria-selected', 'true'));
  expect(within(row('bucket-2')).getByRole('checkbox')).toBeChecked();
  // the one that the keyboard was on, and the one that is selected
  expect(new Set(drawn.mock.calls.flat())).toEqual(new Set(['bucket-0', 'bucket-2']));
});

test('one menu serves every row, and opens at the one whose button was pressed', async () => {
  const { transport } = held();
  const onOpen = vi.fn();
  renderPart(transport, <Buckets onOpen={onOpen} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Actions on bucket-4' }));
  expect(await screen.findByText('Actions of bucket-4')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Actions on bucket-4' })).toHaveAttribute(
    'aria-expanded',
    'true',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Actions on bucket-5' }));
  expect(await screen.findByText('Actions of bucket-5')).toBeInTheDocument();
  expect(screen.queryByText('Actions of bucket-4')).toBeNull();
  expect(onOpen).not.toHaveBeenCalled();
});

test('a menu stays open while its button stays in place, and closes when it is scrolled away', async () => {
  const { transport } = held();
  renderPart(transport, <Buckets />);
  const button = await screen.findByRole('button', { name: 'Actions on bucket-4' });
  await userEvent.click(button);
  expect(await screen.findByText('Actions of bucket-4')).toBeInTheDocument();
  fireEvent.scroll(screen.getByRole('grid'));
  expect(button).toHaveAttribute('aria-expanded', 'true');
  const moved = vi.spyOn(button, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 90, 9, 9));
  fireEvent.scroll(screen.getByRole('grid'));
  await waitFor(() => expect(button).not.toHaveAttribute('aria-expanded'));
  moved.mockRestore();
});

test('a click on a name opens its row, and its whole name shows on hover', async () => {
  const { transport } = held();
  const onOpen = vi.fn();
  renderPart(transport, <Buckets onOpen={onOpen} />);
  const link = await screen.findByRole('link', { name: 'bucket-6' });
  await userEvent.hover(link);
  expect(await screen.findByRole('tooltip')).toHaveTextContent('bucket-6');
  expect(link).toHaveAccessibleDescription('bucket-6');
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('tooltip')).toBeNull());
  await userEvent.click(link);
  expect(onOpen).toHaveBeenCalledWith(6);
});

test('a right click on a row opens its actions at the pointer, and leaves selected text its own menu', async () => {
  const { transport } = held();
  renderPart(transport, <Buckets />);
  const name = await screen.findByText('bucket-3');
  const isKept = fireEvent.contextMenu(name, { clientX: 90, clientY: 130 });
  expect(isKept).toBe(false); // the window shows no native menu over it
  expect(await screen.findByText('Actions of bucket-3')).toBeVisible();
  const [place] = screen.getAllByLabelText('Actions').slice(-1);
  expect(place).toHaveStyle({ left: '90px', top: '130px' });
  window.getSelection()?.selectAllChildren(name);
  expect(fireEvent.contextMenu(screen.getByText('bucket-4'))).toBe(true);
  window.getSelection()?.removeAllRanges();
});
