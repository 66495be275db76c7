import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import type { WireInteger } from '#shared/units.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SecondaryButton, TinyButton } from '../../../kit/components/buttons.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCounted, userWords } from '../../../kit/components/format.ts';
import { Identifier } from '../../../kit/components/identifier.tsx';
import { PlainTable } from '../../../kit/components/plain-table.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { bucketWords, exactCount } from '../shared/figures.ts';
import classes from './conflict-dialog.module.css';

type Conflict = CallOutput<'usage.conflicts'>[number];

/** Compares two contents of one object, and asks which of them counts. */
function ConflictDialog({ conflict, onClose }: { conflict: Conflict; onClose(): void }) {
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
    <Modal opened onClose={onClose} size={1080} title="Which content counts">
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
      <div className="oc-buttons">
        <span className={classes.note}>
          The other content stays archived; figures follow at once. Both can be opened later.
        </span>
        <SecondaryButton onClick={onClose} data-autofocus>
          Decide later
        </SecondaryButton>
        <SecondaryButton loading={settling === 'archived'} onClick={() => void settle('archived')}>
          Keep the archived one
        </SecondaryButton>
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
      <PlainTable
        label="Both contents"
        rows={items.slice(0, mostShown)}
        rowKey={({ key }) => key}
        columns={[
          ['Bucket', ({ bucket }) => bucketWords(bucket)],
          ['User', ({ email, userId }) => userWords(email, userId)],
          ...comparedFigures.map(
            (figure) =>
              [
                headings[figure],
                (item: ComparedItem) => <Compared item={item} figure={figure} />,
                'figure',
              ] as const,
          ),
        ]}
      />
    </div>
  );
}

/** One figure of both contents: the archived one above the other, where they differ. */
function Compared({ item, figure }: { item: ComparedItem; figure: ComparedFigure }) {
  const { archived, other } = item;
  if (!item.differing.has(figure)) {
    return <span className="oc-faint">{exactCount(archived?.[figure] ?? 0)}</span>;
  }
  return (
    <>
      <div>{archived ? exactCount(archived[figure]) : 'none'}</div>
      <div className={classes.changed}>{other ? exactCount(other[figure]) : 'none'}</div>
    </>
  );
}

type Item = CallOutput<'usage.object'>['items'][number];

/** The figures of an entry, in the order they are compared. */
const comparedFigures = ['put', 'get', 'list', 'other', 'uploaded', 'downloaded'] as const;

type ComparedFigure = (typeof comparedFigures)[number];

/** One entry of two contents under the same name; null where one has no such entry. */
interface ComparedItem {
  key: string;
  bucket: string;
  epoch: WireInteger;
  userId: string;
  email: string | null;
  archived: Item | null;
  other: Item | null;
  /** The figures that differ. */
  differing: ReadonlySet<ComparedFigure>;
}

const keyOf = ({ bucket, epoch, userId, tag }: Item): string =>
  JSON.stringify([bucket, String(epoch), userId, tag]);

/** Puts the entries of two contents side by side; those that differ first. */
export function compareItems(archived: readonly Item[], other: readonly Item[]): ComparedItem[] {
  const others = new Map(other.map((item) => [keyOf(item), item]));
  const known = new Set(archived.map(keyOf));
  const pairs: [Item, Item | null, Item | null][] = [
    ...archived.map((item): [Item, Item, Item | null] => [
      item,
      item,
      others.get(keyOf(item)) ?? null,
    ]),
    ...other
      .filter((item) => !known.has(keyOf(item)))
      .map((item): [Item, null, Item] => [item, null, item]),
  ];
  return pairs
    .map(([item, left, right]) => ({
      key: keyOf(item),
      bucket: item.bucket,
      epoch: item.epoch,
      userId: item.userId,
      email: item.email,
      archived: left,
      other: right,
      differing: new Set(
        comparedFigures.filter(
          (figure) => String(left?.[figure] ?? 0) !== String(right?.[figure] ?? 0),
        ),
      ),
    }))
    .sort((one, two) => Number(two.differing.size > 0) - Number(one.differing.size > 0));
}

/** Objects whose content on the gateway differs from what was archived; each can be compared and settled. */
export function ConflictsTable({ conflicts }: { conflicts: readonly Conflict[] }) {
  return (
    <div className="oc-scroll">
      <PlainTable
        label="Conflicts"
        stacks
        rows={conflicts}
        rowKey={({ name, digest }) => `${name} ${digest}`}
        columns={[
          ['Begins', ({ startAt }) => <Time value={startAt} />],
          ['Gateway service', ({ serviceId }) => serviceId, 'code'],
          ['Other content found', ({ foundAt }) => <Time value={foundAt} as="age" />],
          ['Size', ({ bytes }) => formatCounted(bytes, 'byte')],
          ['Object', ({ name }) => name, 'code'],
          [
            'Decision',
            (conflict) => (
              <TinyButton
                onClick={() =>
                  openDialog((close) => <ConflictDialog conflict={conflict} onClose={close} />)
                }
              >
                Compare
              </TinyButton>
            ),
            'buttons',
          ],
        ]}
      />
    </div>
  );
}
