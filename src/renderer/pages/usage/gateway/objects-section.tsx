import { Anchor, Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import {
  GuardedButton,
  notPlannable,
  useSentHold,
} from '../../../kit/components/guarded-button.tsx';
import { ShowMore } from '../../../kit/components/show-more.tsx';
import { typed } from '../../../kit/components/typed.ts';
import detail from '../../../kit/detail/detail.module.css';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import type { RowOf } from '../../../lists/table/use-paged-rows.ts';
import classes from './gateway.module.css';
import { ListingAge } from './listing-age.tsx';
import { ObjectDetail, ObjectState } from './object-detail.tsx';
import { DiscardObjectsDialog, RemoveObjectsDialog } from './remove-objects-dialog.tsx';

type ObjectRow = RowOf<'usage.objects'>;

const firstRows = 5;
const moreRows = 100;

/**
 * The statistics objects of a cluster in place, besides one of its users: the list is read from the
 * gateway when it is asked for.
 */
export function ObjectsSection() {
  const [listed, setListed] = useState(false);
  return (
    <>
      <p className={detail.note}>
        Each object counts all users of the cluster for one period.{' '}
        <Button
          variant="subtle"
          size="compact-xs"
          aria-expanded={listed}
          onClick={() => setListed(!listed)}
        >
          {listed ? 'Hide statistics objects' : 'List statistics objects'}
        </Button>
      </p>
      {listed && <ObjectList />}
    </>
  );
}

function ObjectList() {
  const { id: connectionId } = useCluster();
  const [entered, setEntered] = useState('');
  const [limit, setLimit] = useState(firstRows);
  const [search] = useDebouncedValue(entered.trim(), 150);
  const query = useCall(
    'usage.objects',
    { connectionId, limit, ...(search === '' ? {} : { search }) },
    { keepPrevious: true },
  );
  const { rows = [], total = 0 } = query.data ?? {};
  return (
    <>
      <TextInput
        size="xs"
        aria-label="Search statistics objects by name"
        placeholder="Search name"
        {...typed(entered, setEntered)}
      />
      <CallError call={query} compact />
      {query.data && (
        <p className={detail.note}>
          <ListingAge listing={query.data} />
        </p>
      )}
      {query.data && total === 0 && (
        <p className={detail.note}>
          {search === '' ? 'No statistics object is on the gateway.' : 'No object matches.'}
        </p>
      )}
      <ul className="oc-bare-list" aria-label="Statistics objects on the gateway">
        {rows.map((row) => (
          <ObjectEntry key={row.name} row={row} />
        ))}
      </ul>
      <ShowMore
        {...{ shown: rows.length, total, step: moreRows, onLimit: setLimit }}
        rest="Search by name for the others."
      />
    </>
  );
}

/** One object by its name, which opens what is in it. */
function ObjectEntry({ row }: { row: ObjectRow }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <div className={detail.row}>
        <Anchor
          component="button"
          type="button"
          className={`oc-mono ${detail.rowText} ${classes.objectName}`}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {row.name}
        </Anchor>
        <ObjectState row={row} />
        <DeleteButton row={row} />
      </div>
      {open && <ObjectDetail name={row.name} />}
    </li>
  );
}

/** Deletes one object: an archived one after a question, another after its name was typed. */
function DeleteButton({ row }: { row: ObjectRow }) {
  const hold = useSentHold(notPlannable.objects);
  const { name, archived, removable } = row;
  const waits = 'It is archived, but can still change or is in conflict.';
  const start = () =>
    openDialog((close) => {
      const ends = { onDone: () => undefined, onClose: close };
      if (!archived) return <DiscardObjectsDialog names={[name]} {...ends} />;
      return <RemoveObjectsDialog count={1} skipped={0} names={[name]} {...ends} />;
    });
  return (
    <GuardedButton
      size="compact-xs"
      variant="subtle"
      c="var(--oc-bad)"
      label={`${archived ? 'Delete' : 'Discard'} ${name}`}
      reason={hold ?? (archived && !removable ? waits : null)}
      onClick={start}
    >
      {archived ? 'Delete' : 'Discard'}
    </GuardedButton>
  );
}
