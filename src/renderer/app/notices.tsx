import { ActionIcon } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconX } from '@tabler/icons-react';
import classes from '../kit/frame.module.css';
import { useConsole } from '../kit/rpc/console-context.tsx';
import { useCall } from '../kit/rpc/use-call.ts';

/** What the console has to say of itself (a snapshot set aside, a missing keychain), until dismissed. */
export function Notices() {
  const call = useConsole();
  const notices = useCall('app.info', {}).data?.notices ?? [];
  return notices.map(({ id, severity, message, hint }) => (
    <div key={id} className={classes.banner} data-severity={severity} role="status">
      {severity === 'information' ? (
        <IconInfoCircle size={16} aria-hidden />
      ) : (
        <IconAlertTriangle size={16} aria-hidden />
      )}
      <span>
        <b>{message}</b> {hint}
      </span>
      <span className={classes.space} />
      <ActionIcon
        size={22}
        aria-label="Dismiss this notice"
        onClick={() => void call('app.dismissNotice', { id })}
      >
        <IconX size={14} />
      </ActionIcon>
    </div>
  ));
}
