import { Checkbox, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import type { Connection } from '../../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { formatCount, formatCounted } from '../../../kit/components/format.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { Fact, Facts } from '../../../kit/detail/detail.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';

type Preview = CallOutput<'archive.mergePreview'>;

/** Previews what another workstation's archive of the same cluster would bring, and merges it. */
export function MergeDialog(props: { connection: Connection; onClose(): void }) {
  const { connection, onClose } = props;
  const call = useConsole();
  const [path, setPath] = useState('');
  const [preview, setPreview] = useState<Preview | null>(null);
  const [sameCluster, setSameCluster] = useState(false);
  const input = { connectionId: connection.id, path: path.trim() };
  const previewOrMerge = async () => {
    if (preview === null) return setPreview(await call('archive.mergePreview', input));
    await call('archive.merge', { ...input, digest: preview.digest, sameCluster });
    notifications.show({ message: `Merging into the archive of ${connection.name}.` });
    onClose();
  };
  const change = (value: string) => {
    setPath(value);
    setPreview(null);
    setSameCluster(false);
  };
  return (
    <ConfirmDialog
      verb={preview === null ? 'Preview' : 'Merge archive'}
      title={`Merge archive into ${connection.name}`}
      width={600}
      disabled={path.trim() === '' || (preview?.cluster === 'unknown' && !sameCluster)}
      closeWhenDone={false}
      onConfirm={previewOrMerge}
      onClose={onClose}
    >
      <TextInput
        label="Archive of another workstation"
        description="Path of its archive.sqlite, or of one of its backups, on the computer on which this console runs. The file is only read."
        placeholder="/media/usb/archive-20261101T000000000Z-demand.sqlite"
        value={path}
        onChange={(event) => change(event.currentTarget.value)}
        spellCheck={false}
        autoComplete="off"
        data-autofocus
      />
      {preview && <PreviewFacts preview={preview} />}
      {preview?.cluster === 'unknown' && (
        <Checkbox
          label={`It is an archive of ${connection.name}`}
          checked={sameCluster}
          onChange={(event) => setSameCluster(event.currentTarget.checked)}
        />
      )}
    </ConfirmDialog>
  );
}

function PreviewFacts({ preview }: { preview: Preview }) {
  const { objects, sizes, journals, registers, cluster, evidence } = preview;
  return (
    <section aria-label="Preview">
      <Facts>
        <Fact name="Cluster">
          <StateBadge tone={cluster === 'same' ? 'good' : 'warning'}>
            {cluster === 'same' ? 'The same' : 'Not certain'}
          </StateBadge>{' '}
          {evidence}
        </Fact>
        <Fact name="Period">
          {preview.from === null ? (
            'no statistics'
          ) : (
            <span>
              <Time value={preview.from} /> to <Time value={preview.to} />
            </span>
          )}
        </Fact>
        <Fact name="New statistics objects">{formatCount(objects.new)}</Fact>
        <Fact name="Already here">{formatCount(objects.same)}</Fact>
        <Fact name="Conflicting">
          {objects.conflicting === 0
            ? '0'
            : `${formatCount(objects.conflicting)}: both contents are kept, decide under Coverage`}
        </Fact>
        {objects.grown !== 0 && (
          <Fact name="Read later">{`${formatCount(objects.grown)}: the later content counts`}</Fact>
        )}
        {objects.unreadable !== 0 && (
          <Fact name="Unreadable">{`${formatCount(objects.unreadable)}: skipped`}</Fact>
        )}
        <Fact name="Size records">{`${formatCount(sizes.new)} new of ${formatCount(sizes.all)}`}</Fact>
        {journals.map((journal, index) => (
          <Fact key={journal.chain} name={index === 0 ? 'Journal' : 'Another journal'}>
            <StateBadge tone={journal.ok ? 'good' : 'bad'}>
              {journal.ok ? 'Intact' : 'Not intact'}
            </StateBadge>{' '}
            {formatCount(journal.new)} new of {formatCounted(journal.entries, 'record')}
            {journal.operators.length > 0 && ` by ${journal.operators.join(', ')}`}
          </Fact>
        ))}
        <Fact name="Issued statements">{`${formatCount(registers.statements)} new`}</Fact>
        <Fact name="Bulk runs">{`${formatCount(registers.runs)} new or changed`}</Fact>
        <Fact name="Change plans">{`${formatCount(registers.plans)} new or changed`}</Fact>
        <Fact name="Key campaigns">{`${formatCount(registers.campaigns)} new or changed`}</Fact>
      </Facts>
    </section>
  );
}
