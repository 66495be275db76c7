import { SegmentedControl, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { useWriteGuard } from '../../../kit/components/guarded-button.tsx';
import { optionsOf } from '../../../kit/components/options.ts';
import { typed } from '../../../kit/components/typed.ts';
import { type ExportFormat, exportFormats } from '../../../lists/list-page/export-menu.tsx';

/** A folder or bucket that an export goes to. */
export type ExportDestination = CallInput<'usage.exportDataset'>['destination'];

/**
 * Asks where an export goes: a folder of the console's computer, or a bucket of the cluster.
 * @param props.what what is exported, in the title: `final statement`
 * @param props.run does it; its answer may say where the file was put
 * @param props.fixed omitted: one of three formats is selected
 */
export function ExportDialog(props: {
  what: string;
  fixed?: { format: ExportFormat; explanation: string; done: string };
  run(
    format: ExportFormat,
    destination: ExportDestination,
  ): Promise<{ writtenTo?: string | undefined } | object>;
  onClose(): void;
}) {
  const { fixed, onClose } = props;
  const guard = useWriteGuard();
  const [format, setFormat] = useState<ExportFormat>(fixed?.format ?? 'csv');
  const [to, setTo] = useState<ExportDestination['to']>('folder');
  const [path, setPath] = useState('');
  const [bucket, setBucket] = useState('');
  const [prefix, setPrefix] = useState('');
  const ready = to === 'folder' ? path.trim() !== '' : bucket.trim().length >= 3 && guard.allowed;
  const confirm = async () => {
    const destination: ExportDestination =
      to === 'folder' ? { to, path: path.trim() } : { to, bucket: bucket.trim(), prefix };
    const answer = await props.run(format, destination);
    const writtenTo = 'writtenTo' in answer ? answer.writtenTo : undefined;
    notifications.show({ message: writtenTo ? `Written to ${writtenTo}.` : fixed?.done });
  };
  return (
    <ConfirmDialog
      verb="Export"
      title={`Export the ${props.what}`}
      width={520}
      disabled={!ready}
      onConfirm={confirm}
      onClose={onClose}
    >
      {fixed ? (
        <p className="oc-hint">{fixed.explanation}</p>
      ) : (
        <SegmentedControl
          aria-label="Format"
          data={[...exportFormats]}
          value={format}
          onChange={setFormat}
        />
      )}
      <SegmentedControl
        aria-label="Where to"
        data={optionsOf({ folder: 'A folder', bucket: 'A bucket of this cluster' })}
        value={to}
        onChange={setTo}
      />
      {to === 'folder' ? (
        <TextInput
          label="Folder"
          description="Absolute path on the console’s computer, such as /srv/usage"
          data-autofocus
          spellCheck={false}
          {...typed(path, setPath)}
        />
      ) : (
        <>
          <TextInput
            label="Bucket"
            description={
              guard.allowed
                ? 'The system user of this connection must be allowed to write to it.'
                : guard.reason
            }
            disabled={!guard.allowed}
            spellCheck={false}
            {...typed(bucket, setBucket)}
          />
          <TextInput
            label="Prefix"
            description="In front of the name: billing/"
            disabled={!guard.allowed}
            spellCheck={false}
            {...typed(prefix, setPrefix)}
          />
        </>
      )}
    </ConfirmDialog>
  );
}
