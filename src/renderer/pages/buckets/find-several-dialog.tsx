import { Button, Modal, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { withoutInvisible } from '#shared/plain-text.ts';
import { bucketPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { Bytes } from '../../kit/components/bytes.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted, formatUtc } from '../../kit/components/format.ts';
import { PlainTable } from '../../kit/components/plain-table.tsx';
import { typed } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useAction } from '../../kit/use-action.ts';

type Found = CallOutput<'buckets.several'>;

/** As many as one request takes. */
const most = 1000;

/** The names in a pasted text: one a line, or with commas between them; each once. */
function bucketNamesIn(text: string): string[] {
  const names = text.split(/[\n\r,]/).map((name) => withoutInvisible(name).trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

/** Reads several buckets by name from the gateway, and lists the names without a bucket. */
export function FindSeveralDialog({ onClose }: { onClose(): void }) {
  const { id: connectionId } = useCluster();
  const call = useConsole();
  const [text, setText] = useState('');
  const { running: reading, error, run } = useAction();
  const [found, setFound] = useState<Found | null>(null);
  const names = bucketNamesIn(text);
  const tooMany = names.length > most;
  const find = async (event: FormEvent) => {
    event.preventDefault();
    setFound(null);
    await run(async () => {
      setFound(await call('buckets.several', { connectionId, names }));
    });
  };
  return (
    <Modal opened onClose={onClose} size="lg" title="Find several buckets">
      <form onSubmit={find} className="oc-form">
        <Textarea
          label="Bucket names"
          description="One a line, or separated by commas."
          rows={6}
          {...typed(text, setText)}
          spellCheck={false}
          data-autofocus
          error={tooMany && `Enter at most ${formatCounted(most, 'name')} at once.`}
        />
        {error && <ErrorPanel error={error} compact />}
        {found && <FoundBuckets found={found} onOpen={onClose} />}
        <div className="oc-buttons">
          <SecondaryButton onClick={onClose}>{found ? 'Close' : 'Cancel'}</SecondaryButton>
          <Button
            type="submit"
            loading={reading}
            disabled={reading || names.length === 0 || tooMany}
          >
            {names.length === 0 ? 'Find buckets' : `Find ${formatCounted(names.length, 'bucket')}`}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function FoundBuckets({ found, onOpen }: { found: Found; onOpen(): void }) {
  const { id } = useCluster();
  const { rows, missing, asOf } = found;
  return (
    <section aria-label="Buckets found" aria-live="polite">
      <p className="oc-dimmed">
        {formatCounted(rows.length, 'bucket')} found, read from the gateway {formatUtc(asOf)}.
      </p>
      {missing.length > 0 && (
        <p>
          {formatCounted(missing.length, 'name')} without a bucket:{' '}
          <span className="oc-mono">{missing.join(', ')}</span>
        </p>
      )}
      {rows.length > 0 && (
        <PlainTable
          label="Buckets found"
          rows={rows}
          rowKey={({ name }) => name}
          columns={[
            [
              'Bucket',
              ({ name }) => (
                <Link to={bucketPath(id, name)} onClick={onOpen}>
                  {name}
                </Link>
              ),
            ],
            [
              'Owner',
              ({ ownerId, ownerEmail }) =>
                ownerEmail === null ? (
                  <span className="oc-mono">{ownerId}</span>
                ) : (
                  <Link to={userPath(id, ownerId)} onClick={onOpen}>
                    {ownerEmail || ownerId}
                  </Link>
                ),
            ],
            [
              'Size',
              ({ currentBytes }) => (
                <Bytes value={currentBytes} source={`from the gateway, ${formatUtc(asOf)}`} />
              ),
              'figure',
            ],
          ]}
        />
      )}
    </section>
  );
}
