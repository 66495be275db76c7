import { Button, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { useWriteGuard } from '../../../kit/components/guarded-button.tsx';
import classes from './shared.module.css';

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
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const ready = to === 'folder' ? path.trim() !== '' : bucket.trim().length >= 3 && guard.allowed;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || running) return;
    setRunning(true);
    setError(null);
    try {
      const destination: ExportDestination =
        to === 'folder' ? { to, path: path.trim() } : { to, bucket: bucket.trim(), prefix };
      const answer = await props.run(format, destination);
      const writtenTo = 'writtenTo' in answer ? answer.writtenTo : undefined;
      notifications.show({ message: writtenTo ? `Written to ${writtenTo}.` : fixed?.done });
      onClose();
    } catch (thrown) {
      setError(toAppError(thrown));
      setRunning(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Export the ${props.what}`}
      size={520}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap={12}>
          {fixed ? (
            <p className={classes.explanation}>{fixed.explanation}</p>
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
            data={[
              { value: 'folder', label: 'A folder' },
              { value: 'bucket', label: 'A bucket of this cluster' },
            ]}
            value={to}
            onChange={setTo}
          />
          {to === 'folder' ? (
            <TextInput
              label="Folder"
              description="Of the computer the console runs on, from its root on: /srv/usage"
              data-autofocus
              spellCheck={false}
              value={path}
              onChange={(event) => setPath(event.currentTarget.value)}
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
                value={bucket}
                onChange={(event) => setBucket(event.currentTarget.value)}
              />
              <TextInput
                label="Prefix"
                description="In front of the name: billing/"
                disabled={!guard.allowed}
                spellCheck={false}
                value={prefix}
                onChange={(event) => setPrefix(event.currentTarget.value)}
              />
            </>
          )}
          {error && <ErrorPanel error={error} compact />}
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!ready} loading={running}>
              Export
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  );
}

/** The formats of reports and statements. */
export const exportFormats = [
  { value: 'csv', label: 'CSV' },
  { value: 'json', label: 'JSON' },
  { value: 'parquet', label: 'Parquet' },
] as const;

/** One of {@link exportFormats}. */
export type ExportFormat = (typeof exportFormats)[number]['value'];
