import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { AppError } from '#shared/errors.ts';
import { SmallButton } from '../../kit/components/buttons.ts';
import { NoteActions } from '../../kit/components/note.tsx';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';
import { limitActions } from '../limits/edit-when-read.tsx';
import { OperationDialog } from '../operation/operation-dialog.tsx';

/**
 * Removes an empty bucket; a full one is refused with its size. What the gateway lets the owner alone
 * do is offered explicitly, for this one request.
 */
function RemoveBucketDialog({ name, onClose }: { name: string; onClose(): void }) {
  const [sizeIsOld, setSizeIsOld] = useState(false);
  const [asOwner, setAsOwner] = useState(false);
  const offers = (error: AppError) => {
    if (error.code === 'BUCKET_NOT_EMPTY' && !sizeIsOld) {
      return (
        <NoteActions>
          <SmallButton onClick={() => setSizeIsOld(true)}>
            It was emptied since: let the gateway decide
          </SmallButton>
        </NoteActions>
      );
    }
    if (error.code === 'ACCESS_DENIED' && error.details?.asOwner === true && !asOwner) {
      return (
        <NoteActions>
          <SmallButton leftSection={<IconKey size={14} />} onClick={() => setAsOwner(true)}>
            Sign this one request with the owner’s own key
          </SmallButton>
          <span className="oc-dimmed">
            It is fetched for the request, shown to nobody and forgotten.
          </span>
        </NoteActions>
      );
    }
    return null;
  };
  return (
    <OperationDialog
      operation="buckets.remove"
      input={{ name, sizeIsOld, asOwner }}
      subject={{ kind: 'bucket', id: name, name }}
      onClose={onClose}
      renderRefusal={offers}
    />
  );
}

export function openRemoveBucket(name: string): void {
  openDialog((close) => <RemoveBucketDialog name={name} onClose={close} />);
}

/** The fields of a bucket that its actions need; rows of the list and the detail have them. */
type BucketSubject = Pick<
  RowOf<'buckets.list'>,
  'name' | 'ownerId' | 'ownerEmail' | 'currentBytes'
>;

export const bucketActions: readonly ActionEntry<BucketSubject>[] = [
  ...limitActions<BucketSubject>(({ name }) => ({ bucket: name })),
  {
    id: 'buckets.remove',
    label: () => 'Delete bucket',
    keywords: 'remove',
    destructive: true,
    writes: true,
    start: ({ name }) => openRemoveBucket(name),
  },
];
