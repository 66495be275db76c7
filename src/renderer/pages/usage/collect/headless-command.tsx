import { Switch } from '@mantine/core';
import { useState } from 'react';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { CopyButton } from '../../../kit/components/copy-button.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import shared from '../shared/shared.module.css';
import classes from './collect.module.css';

/** A word of a command line for a POSIX shell, quoted where it has to be. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The command that collects this cluster without a window, as a line of text. */
export function collectCommand(options: {
  connection: string;
  dataDir: string | null;
  remove: boolean;
}): string {
  return [
    'npm run --silent collect -- --connection',
    shellWord(options.connection),
    ...(options.remove ? ['--remove'] : []),
    ...(options.dataDir === null ? [] : ['--data-dir', shellWord(options.dataDir)]),
  ].join(' ');
}

/** Shows the command for cron on a jump host. */
export function HeadlessCommand() {
  const cluster = useCluster();
  const info = useCall('app.info', {}).data;
  const [remove, setRemove] = useState(false);
  if (cluster.demo) {
    return (
      <p className={classes.text}>
        The demo cluster lives inside this console, so nothing else can collect it. A cluster of
        your own has its command here.
      </p>
    );
  }
  const command = collectCommand({
    connection: cluster.name,
    dataDir: info?.dataDir ?? null,
    remove,
  });
  return (
    <div className={classes.form}>
      <p className={classes.text}>
        For cron on a jump host, in the console’s folder, while this console is closed. The secret
        comes from the keychain, or from a file only its owner can read:{' '}
        <code>--secret-file F</code>. It ends with one JSON line and an exit status.
      </p>
      <div className={shared.command}>
        <code className="oc-mono">{command}</code>
        <CopyButton value={command} label="Copy the command" />
      </div>
      <Switch
        label="Remove from the gateway what is safely archived"
        checked={remove}
        onChange={(event) => setRemove(event.currentTarget.checked)}
      />
    </div>
  );
}
