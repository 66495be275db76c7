import { TinyButton } from './buttons.ts';
import { formatWireBytes } from './format.ts';
import { PlainTable } from './plain-table.tsx';
import { Time } from './time.tsx';

interface Backup {
  fileName: string;
  takenAt: string;
  bytes: Parameters<typeof formatWireBytes>[0];
}

/** Backups of a file, each of which can take the file's place. */
export function Backups<Copy extends Backup>(props: {
  label: string;
  backups: readonly Copy[];
  why?(backup: Copy): string;
  onRestore(backup: Copy): void;
}) {
  const { why, onRestore } = props;
  return (
    <PlainTable
      label={props.label}
      rows={props.backups}
      rowKey={({ fileName }) => fileName}
      columns={[
        ['Taken', ({ takenAt }) => <Time value={takenAt} />],
        ...(why ? ([['Why', why]] as const) : []),
        ['Size', ({ bytes }) => formatWireBytes(bytes), 'figure'],
        ['File', ({ fileName }) => fileName, 'code'],
        [
          'Restore',
          (backup) => (
            <TinyButton aria-label={`Restore ${backup.fileName}`} onClick={() => onRestore(backup)}>
              Restore
            </TinyButton>
          ),
          'buttons',
        ],
      ]}
    />
  );
}
