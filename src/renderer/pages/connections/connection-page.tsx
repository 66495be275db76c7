import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { Link, useLocation, useNavigate, useParams, useSearchParams } from 'react-router';
import { connectionPath, connectionsPath } from '../../kit/addresses.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { CallError, ErrorPanel } from '../../kit/components/error-panel.tsx';
import { BackLink, PageBar } from '../../kit/components/page-bar.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useAction } from '../../kit/use-action.ts';
import { expectArrival } from '../../kit/use-sync.ts';
import { ConnectionForm } from './connection-form.tsx';
import { type ConnectionTest, ConnectionTestResult } from './connection-test.tsx';
import { type ConnectionValues, saveInput, valuesOf } from './connection-values.ts';
import classes from './connections.module.css';
import { Prerequisites } from './prerequisites.tsx';

/** One connection's form, new or saved, with its test next to it. */
export function ConnectionPage() {
  const { id = 'new' } = useParams();
  const query = useCall('connections.list', {});
  const orphans = useCall('connections.orphans', {}).data;
  const connection = query.data?.find((other) => other.id === id) ?? null;
  const isOrphan = orphans?.some((orphan) => orphan.id === id) ?? false;
  const copied = useLocation().state as { copyOf?: string } | null;
  const original = query.data?.find((other) => other.id === copied?.copyOf) ?? null;
  const isNew = id === 'new' || (isOrphan && !connection);
  return (
    <>
      <PageBar
        title={isNew ? 'Add a cluster' : (connection?.name ?? 'Connection')}
        before={<BackLink to={connectionsPath}>Connections</BackLink>}
      />
      <div className="oc-scroll">
        <CallError call={query} />
        {query.data && (isNew || (connection && !connection.demo)) && (
          <Editor
            key={id}
            connection={connection}
            original={isNew ? original : null}
            orphanId={isOrphan ? id : null}
          />
        )}
        {query.data && !isNew && (!connection || connection.demo) && (
          <EmptyState
            icon={IconPlugConnectedX}
            title={connection ? 'The demo cluster has no settings' : 'No such connection'}
            action={
              <Button component={Link} to={connectionPath('new')}>
                Add a cluster
              </Button>
            }
          >
            {connection
              ? 'It runs inside the console and is gone when the console closes.'
              : 'It may have been removed in another window.'}
          </EmptyState>
        )}
      </div>
    </>
  );
}

/** Passed in the address's state when a new connection gets its own page. */
interface Carried {
  test?: ConnectionTest;
}

/**
 * @param props.original a connection whose settings a new one begins with
 * @param props.orphanId of a folder with an archive that this new connection takes up again
 */
function Editor(props: {
  connection: Connection | null;
  original: Connection | null;
  orphanId: string | null;
}) {
  const { connection, original, orphanId } = props;
  const call = useConsole();
  const navigate = useNavigate();
  const carried = useLocation().state as Carried | null;
  const [test, setTest] = useState<ConnectionTest | null>(carried?.test ?? null);
  const { running: busy, error, run } = useAction();
  /** What was tested without being saved. */
  const [draft, setDraft] = useState<ConnectionValues | null>(null);
  /** The form's new initial values after a certificate was accepted. */
  const [start, setStart] = useState<ConnectionValues | null>(null);

  const attempt = (work: () => Promise<void>) => {
    setTest(null);
    return run(work);
  };
  const tryOut = (values: ConnectionValues) =>
    attempt(async () => {
      setDraft(values);
      const entered = saveInput(values, connection?.id ?? null);
      setTest(await call('connections.test', { entered }));
    });
  const save = (values: ConnectionValues, withTest: boolean) =>
    attempt(async () => {
      setDraft(null);
      const saved = await call('connections.save', saveInput(values, connection?.id ?? orphanId));
      expectArrival(saved.id);
      const result = withTest ? await call('connections.test', { id: saved.id }) : null;
      if (!withTest) notifications.show({ message: `${saved.name} saved.` });
      if (connection) setTest(result);
      else {
        navigate(connectionPath(saved.id), {
          replace: true,
          state: result ? ({ test: result } satisfies Carried) : null,
        });
      }
    });
  const [search] = useSearchParams();
  const testSaved = useEffectEvent((id: string) =>
    attempt(async () => setTest(await call('connections.test', { id }))),
  );
  const askedFor = search.has('test') ? connection?.id : undefined;
  useEffect(() => {
    if (askedFor !== undefined) void testSaved(askedFor);
  }, [askedFor]);
  const pin = (fingerprint256: string) => {
    if (draft) {
      const pinned = { ...draft, trust: 'pin' as const, fingerprint256 };
      setStart(pinned);
      void tryOut(pinned);
    } else if (connection)
      void save({ ...valuesOf(connection), trust: 'pin', fingerprint256 }, true);
  };
  return (
    <div className={classes.editor}>
      <ConnectionForm
        key={JSON.stringify([connection?.tls ?? null, start?.fingerprint256])}
        connection={connection}
        original={original}
        start={start}
        busy={busy}
        onSubmit={(values, withTest) => void save(values, withTest)}
        onTest={(values) => void tryOut(values)}
      />
      <div className={classes.side} aria-live="polite">
        {error && (
          <ErrorPanel
            error={error}
            title={draft ? 'The connection was not tested' : 'The connection was not saved'}
          />
        )}
        {busy && <p className="oc-dimmed">Asking the gateway …</p>}
        {draft && test && (
          <p className="oc-dimmed">Not saved: this is a test of what is entered.</p>
        )}
        {test && (connection || draft) && (
          <ConnectionTestResult
            test={test}
            busy={busy}
            onPin={pin}
            connectionId={draft ? undefined : connection?.id}
          />
        )}
        <Prerequisites connection={connection} test={test} />
      </div>
    </div>
  );
}
