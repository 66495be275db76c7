import { Button, Modal, Table } from '@mantine/core';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCounted, userWords } from '../../../kit/components/format.ts';
import { Identifier } from '../../../kit/components/identifier.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { bucketWords, exactCount } from '../shared/figures.ts';
import { type ComparedItem, comparedFigures, compareItems } from './compare-objects.ts';
import classes from './conflict-dialog.module.css';

type Conflict = CallOutput<'usage.conflicts'>[number];

/** Two contents of one object side by side, and the decision which of them counts. */
export function ConflictDialog({ conflict, onClose }: { conflict: Conflict; onClose(): void }) {
  const cluster = useCluster();
  const call = useConsole();
  const { name, digest } = conflict;
  const archived = useCall('usage.object', { connectionId: cluster.id, name });
  const other = useCall('usage.object', { connectionId: cluster.id, name, digest });
  const [settling, setSettling] = useState<'archived' | 'variant' | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const settle = async (take: 'archived' | 'variant') => {
    setSettling(take);
    setError(null);
    try {
      await call('usage.resolveConflict', { connectionId: cluster.id, name, digest, take });
      onClose();
    } catch (thrown) {
      setError(toAppError(thrown));
      setSettling(null);
    }
  };
  const failed = error ?? archived.error ?? other.error;
  return (
    <Modal
      opened
      onClose={onClose}
      size={1080}
      title="Which content counts"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p className={classes.name}>
        <span className="oc-mono">{name}</span>
      </p>
      <div className={classes.sides}>
        <Side title="Archived first" side={archived.data?.archived ?? null}>
          <Time value={archived.data?.archived?.collectedAt ?? null} />
        </Side>
        <Side title="Found later" side={conflict}>
          <Time value={conflict.foundAt} />
        </Side>
      </div>
      {archived.data && other.data && (
        <Comparison items={compareItems(archived.data.items, other.data.items)} />
      )}
      {failed && <ErrorPanel error={failed} compact />}
      <div className={classes.buttons}>
        <span className={classes.note}>
          The other content stays archived; figures follow at once. Both can be opened later.
        </span>
        <Button variant="default" onClick={onClose} data-autofocus>
          Decide later
        </Button>
        <Button
          variant="default"
          loading={settling === 'archived'}
          onClick={() => void settle('archived')}
        >
          Keep the archived one
        </Button>
        <Button loading={settling === 'variant'} onClick={() => void settle('variant')}>
          Count the later one
        </Button>
      </div>
    </Modal>
  );
}

function Side(props: {
  title: string;
  side: { digest: string; bytes: number } | null;
  children: React.ReactNode;
}) {
  return (
    <div>
      <h3 className={classes.sideTitle}>{props.title}</h3>
      <div className={classes.sideFacts}>
        {props.children}
        {props.side && (
          <>
            <span>{formatCounted(props.side.bytes, 'byte')}</span>
            <Identifier value={props.side.digest} what="digest" length={20} />
          </>
        )}
      </div>
    </div>
  );
}

const headings: Record<(typeof comparedFigures)[number], string> = {
  put: 'Put',
  get: 'Get',
  list: 'List',
  other: 'Other',
  uploaded: 'In, bytes',
  downloaded: 'Out, bytes',
};

const mostShown = 200;

function Comparison({ items }: { items: readonly ComparedItem[] }) {
  const differing = items.filter((item) => item.differing.size > 0).length;
  return (
    <div className={classes.comparison}>
      <p className="oc-caption">
        {formatCounted(differing, 'entry', 'entries')} of {items.length} differ; archived above,
        found later below.
      </p>
      <Table aria-label="Both contents" fz={12} verticalSpacing={2}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Bucket</Table.Th>
            <Table.Th>User</Table.Th>
            {comparedFigures.map((figure) => (
              <Table.Th key={figure} ta="right">
                {headings[figure]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.slice(0, mostShown).map((item) => (
            <Table.Tr key={item.key} data-same={item.differing.size === 0 || undefined}>
              <Table.Td>{bucketWords(item.bucket)}</Table.Td>
              <Table.Td>{userWords(item.email, item.userId)}</Table.Td>
              {comparedFigures.map((figure) => (
                <Table.Td key={figure} ta="right" className="oc-number">
                  {item.differing.has(figure) ? (
                    <>
                      <div>{item.archived ? exactCount(item.archived[figure]) : 'none'}</div>
                      <div className={classes.changed}>
                        {item.other ? exactCount(item.other[figure]) : 'none'}
                      </div>
                    </>
                  ) : (
                    <span className="oc-faint">{exactCount(item.archived?.[figure] ?? 0)}</span>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
