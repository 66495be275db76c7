import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { toAppError } from '#shared/errors.ts';
import { runPath } from '../../../kit/addresses.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';

/** Prepares the bulk run that gives users of one cluster what their plans say, and opens its preview. */
export function FixButton(props: {
  connectionId: string;
  planId?: string;
  userIds?: string[];
  label: string;
}) {
  const { connectionId, planId, userIds, label } = props;
  const call = useConsole();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const prepare = async () => {
    setBusy(true);
    try {
      const { text } = await call('servicePlans.fix', {
        connectionId,
        ...(planId === undefined ? {} : { id: planId }),
        ...(userIds === undefined ? {} : { userIds }),
      });
      const source = { from: 'csv' as const, text };
      const { runId } = await call('bulk.preview', { connectionId, source });
      navigate(runPath(connectionId, runId));
    } catch (thrown) {
      const { message, hint } = toAppError(thrown);
      notifications.show({ color: 'var(--oc-bad)', title: message, message: hint });
      setBusy(false);
    }
  };
  return (
    <Button variant="default" size="compact-sm" loading={busy} onClick={() => void prepare()}>
      {label}
    </Button>
  );
}
