import { Table } from '@mantine/core';
import type { CallOutput } from '#shared/contract/index.ts';
import { Bytes } from '../../../kit/components/bytes.tsx';
import { formatCounted, userWords } from '../../../kit/components/format.ts';
import { bucketWords, exactCount, operationKinds } from '../shared/figures.ts';
import classes from './object-detail.module.css';

type Item = CallOutput<'usage.object'>['items'][number];

const mostShown = 500;

/** The entries of a statistics object as a table. */
export function ObjectItems({ items }: { items: readonly Item[] }) {
  if (items.length === 0) return <p className="oc-dimmed">Nothing was used in this period.</p>;
  return (
    <div className={classes.items}>
      <Table aria-label="Entries" className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Bucket</Table.Th>
            <Table.Th ta="right">Epoch</Table.Th>
            <Table.Th>User</Table.Th>
            <Table.Th>Tag</Table.Th>
            {operationKinds.map(([kind, label]) => (
              <Table.Th key={kind} ta="right">
                {label}
              </Table.Th>
            ))}
            <Table.Th ta="right">In</Table.Th>
            <Table.Th ta="right">Out</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.slice(0, mostShown).map((item) => (
            <Table.Tr key={`${item.bucket}#${item.epoch}#${item.userId}#${item.tag}`}>
              <Table.Td className={classes.word}>{bucketWords(item.bucket)}</Table.Td>
              <Table.Td ta="right" className="oc-number">
                {String(item.epoch)}
              </Table.Td>
              <Table.Td className={classes.word} title={item.userId}>
                {userWords(item.email, item.userId)}
              </Table.Td>
              <Table.Td className={classes.word}>{item.tag}</Table.Td>
              {operationKinds.map(([kind]) => (
                <Table.Td key={kind} ta="right" className="oc-number">
                  {exactCount(item[kind])}
                </Table.Td>
              ))}
              <Table.Td ta="right">
                <Bytes value={item.uploaded} />
              </Table.Td>
              <Table.Td ta="right">
                <Bytes value={item.downloaded} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {items.length > mostShown && (
        <p className="oc-caption">
          The first {mostShown} of {formatCounted(items.length, 'entry', 'entries')}; the raw text
          has all.
        </p>
      )}
    </div>
  );
}
