import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { type AppError, toAppError } from '#shared/errors.ts';
import { clusterPath } from '../../kit/addresses.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { type ConnectionTest, ConnectionTestResult } from './connection-test.tsx';
import { saveInput, valuesOf } from './connection-values.ts';

/** Tests a saved connection as soon as it opens. */
export function TestDialog(props: { connection: Connection; onClose(): void }) {
  const { connection, onClose } = props;
  const call = useConsole();
  const navigate = useNavigate();
  const [pinning, setPinning] = useState(false);
  const [pinError, setPinError] = useState<AppError | null>(null);
  const test = useQuery<ConnectionTest, AppError>({
    queryKey: [connection.id, 'connections.test'],
    queryFn: ({ signal }) => call('connections.test', { id: connection.id }, signal),
    gcTime: 0,
    staleTime: 0,
  });
  const pin = async (fingerprint256: string) => {
    setPinning(true);
    setPinError(null);
    try {
      const values = { ...valuesOf(connection), trust: 'pin' as const, fingerprint256 };
      await call('connections.save', saveInput(values, connection.id));
      await test.refetch();
    } catch (thrown) {
      setPinError(toAppError(thrown));
    } finally {
      setPinning(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Test of ${connection.name}`}
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {test.isFetching && <p className="oc-dimmed">Asking the gateway …</p>}
      {test.error && <ErrorPanel error={test.error} onRetry={() => void test.refetch()} />}
      {pinError && <ErrorPanel error={pinError} compact />}
      {test.data && !test.isFetching && (
        <ConnectionTestResult
          test={test.data}
          busy={pinning}
          onPin={(fingerprint256) => void pin(fingerprint256)}
          onOpen={() => navigate(clusterPath(connection.id, 'overview'))}
        />
      )}
    </Modal>
  );
}
