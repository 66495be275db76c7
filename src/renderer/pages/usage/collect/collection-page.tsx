import { Progress, Switch } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../../kit/components/buttons.ts';
import { formatCount } from '../../../kit/components/format.ts';
import { CopyButton } from '../../../kit/components/identifier.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { ticked } from '../../../kit/components/typed.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { showFailure } from '../../../kit/use-action.ts';
import { ArchiveTrouble } from '../shared/archive-trouble.tsx';
import { CollectForm, type Task, useCollecting } from '../shared/collect-button.tsx';
import usage from '../shared/usage.module.css';
import { UsageFrame } from '../shared/usage-frame.tsx';
import classes from './collect.module.css';
import { FailuresTable } from './failures-table.tsx';
import { LastRun } from './last-run.tsx';
import { ScheduleForm } from './schedule-form.tsx';

/** Collection: start, progress, results, failures, schedule, and the command for cron. */
export function CollectionPage() {
  const cluster = useCluster();
  const archive = useCall('archive.status', { connectionId: cluster.id }).data;
  const { task, last } = useCollecting();
  return (
    <UsageFrame>
      <div className="oc-scroll">
        <div className={classes.columns}>
          <div>
            {archive?.error && <ArchiveTrouble status={archive} />}
            <Section title={task ? 'In progress' : 'Collect now'}>
              {task ? <RunningCollection task={task} /> : <CollectForm />}
            </Section>
            {last && (
              <Section title="Last run">
                <LastRun task={last} />
              </Section>
            )}
          </div>
          <div>
            <Section title="On a schedule">
              <ScheduleForm />
            </Section>
            <Section title="Scheduled (cron)">
              <HeadlessCommand />
            </Section>
          </div>
        </div>
        <FailuresTable />
      </div>
    </UsageFrame>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2 className="oc-heading">{title}</h2>
      {children}
    </section>
  );
}

/** A running collection: progress, rate, time left; pause, resume, cancel. */
function RunningCollection({ task }: { task: Task }) {
  const call = useConsole();
  const paused = task.state === 'paused';
  const steer = (name: 'tasks.pause' | 'tasks.resume' | 'tasks.cancel') =>
    call(name, { taskId: task.taskId }).catch(showFailure);
  const share = task.total ? (task.done / task.total) * 100 : 0;
  return (
    <div className="oc-form">
      <Progress
        value={share}
        size={8}
        animated={task.total === null && !paused}
        aria-label="Progress of the collection"
      />
      <div className={`oc-number ${classes.progressWords}`}>
        <span>
          {formatCount(task.done)} of{' '}
          {task.total === null ? 'not known yet' : formatCount(task.total)}
        </span>
        <span>{paused ? 'Paused' : (task.stage ?? 'Starting')}</span>
        {task.failed > 0 && <span className="oc-bad">{formatCount(task.failed)} failed</span>}
        <span className="oc-dimmed">
          started <Time value={task.startedAt} as="age" />
        </span>
      </div>
      <div className="oc-wrap-row">
        {task.canPause && (
          <SecondaryButton
            leftSection={paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
            onClick={() => void steer(paused ? 'tasks.resume' : 'tasks.pause')}
          >
            {paused ? 'Resume' : 'Pause'}
          </SecondaryButton>
        )}
        <SecondaryButton
          leftSection={<IconX size={14} />}
          onClick={() => void steer('tasks.cancel')}
        >
          Cancel
        </SecondaryButton>
      </div>
      <p className="oc-hint">
        Nothing is lost by cancelling or by closing the console: the next run continues with what is
        left.
      </p>
    </div>
  );
}

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
function HeadlessCommand() {
  const cluster = useCluster();
  const info = useCall('app.info', {}).data;
  const [remove, setRemove] = useState(false);
  if (cluster.demo) {
    return (
      <p className="oc-hint">
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
    <div className="oc-form">
      <p className="oc-hint">
        For cron on a jump host, in the console’s folder, while this console is closed. The secret
        comes from the keychain, or from a file only its owner can read:{' '}
        <code>--secret-file F</code>. It ends with one JSON line and an exit status.
      </p>
      <div className={usage.command}>
        <code className="oc-mono">{command}</code>
        <CopyButton value={command} label="Copy the command" />
      </div>
      <Switch
        label="Delete from the gateway what is safely archived"
        {...ticked(remove, setRemove)}
      />
    </div>
  );
}
