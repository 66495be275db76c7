import { ActionIcon, Menu, Select, TextInput } from '@mantine/core';
import { IconAnchor } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { useMenuEntries } from '../../kit/components/menu-entries.tsx';
import { typed } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { downloadFile } from '../../lists/table/export-csv.ts';

type Check = CallOutput<'journal.checkAnchor'>;

/** Makes anchors of the journal, and compares it with earlier ones. */
export function AnchorMenu() {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const [dialog, setDialog] = useState<'anchor' | Check | null>(null);
  const { run } = useAction(showFailure);
  const file = useRef<HTMLInputElement>(null);
  const check = (selected: File | undefined) =>
    run(async () => {
      if (!selected) return;
      const content = await selected.text();
      setDialog(await call('journal.checkAnchor', { connectionId, content }));
    });
  const items = useMenuEntries([
    { label: 'Anchor journal…', start: () => setDialog('anchor') },
    { label: 'Check an anchor…', start: () => file.current?.click() },
  ]);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={30} variant="default" aria-label="Anchors of the journal">
            <IconAnchor size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>{items}</Menu.Dropdown>
      </Menu>
      <input
        ref={file}
        type="file"
        hidden
        accept=".json"
        aria-label="Anchor file"
        onChange={(event) => {
          void check(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
      {dialog === 'anchor' && <AnchorDialog onClose={() => setDialog(null)} />}
      {dialog !== null && dialog !== 'anchor' && (
        <ConfirmDialog
          verb="Close"
          title={dialog.holds ? 'The journal matches the anchor' : 'The journal does not match'}
          onConfirm={async () => undefined}
          onClose={() => setDialog(null)}
        >
          <p className="oc-flush" role={dialog.holds ? 'status' : 'alert'}>
            {dialog.detail}
            {!dialog.holds && ' This is on record in the journal now.'}
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

const inFile = 'file';

function AnchorDialog({ onClose }: { onClose(): void }) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const connections = useCall('connections.list', {}).data ?? [];
  const others = connections.filter(({ id, demo }) => id !== connectionId && !demo);
  const [place, setPlace] = useState(inFile);
  const [bucket, setBucket] = useState('');
  const anchor = async () => {
    const to = place === inFile ? {} : { to: { connectionId: place, bucket: bucket.trim() } };
    const made = await call('journal.anchor', { connectionId, ...to });
    if (made.storedAt === null) downloadFile(made.fileName, made.content, made.mediaType);
  };
  return (
    <ConfirmDialog
      verb="Anchor journal"
      disabled={place !== inFile && bucket.trim() === ''}
      onConfirm={anchor}
      onClose={onClose}
    >
      <p className="oc-flush">
        Stores the current end of the journal outside this computer. Check it later to see whether
        records were changed or cut off since.
      </p>
      <Select
        label="Store the anchor"
        value={place}
        onChange={(value) => setPlace(value ?? inFile)}
        data={[
          { value: inFile, label: 'In a file' },
          ...others.map(({ id, name }) => ({ value: id, label: `In a bucket of ${name}` })),
        ]}
      />
      {place !== inFile && (
        <TextInput
          label="Bucket"
          description="One that the system user of that cluster may write to."
          {...typed(bucket, setBucket)}
          spellCheck={false}
        />
      )}
    </ConfirmDialog>
  );
}
