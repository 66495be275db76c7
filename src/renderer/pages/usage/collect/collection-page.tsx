import { useCluster } from '../../../kit/cluster-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { ArchiveTrouble } from '../shared/archive-trouble.tsx';
import usage from '../usage.module.css';
import { UsageFrame } from '../usage-frame.tsx';
import classes from './collect.module.css';
import { CollectForm } from './collect-button.tsx';
import { FailuresTable } from './failures-table.tsx';
import { HeadlessCommand } from './headless-command.tsx';
import { LastRun } from './last-run.tsx';
import { RunningCollection } from './running-collection.tsx';
import { ScheduleForm } from './schedule-form.tsx';
import { useCollecting } from './use-collecting.ts';

/** Collecting: now, what is under way, what came of it, what failed, on a schedule, without a window. */
export function CollectionPage() {
  const cluster = useCluster();
  const archive = useCall('archive.status', { connectionId: cluster.id }).data;
  const { task, last } = useCollecting();
  return (
    <UsageFrame>
      <div className={usage.scroll}>
        <div className={classes.columns}>
          <div>
            {archive?.error && <ArchiveTrouble status={archive} />}
            <Section title={task ? 'Under way' : 'Collect now'}>
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
      <h2 className={usage.heading}>{title}</h2>
      {children}
    </section>
  );
}
