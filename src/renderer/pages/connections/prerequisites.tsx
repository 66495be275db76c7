import { Collapse } from '@mantine/core';
import {
  IconChevronDown,
  IconChevronRight,
  IconCircleCheck,
  IconCircleDashed,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import {
  gatewaySettingsPath,
  quotaLine,
  s3Environment,
  statisticsLines,
  systemUserLine,
  volumeIdLine,
} from '#shared/guide-lines.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { QuietButton, SmallButton } from '../../kit/components/buttons.ts';
import { CopyButton } from '../../kit/components/identifier.tsx';
import { downloadFile } from '../../lists/table/export-csv.ts';
import type { ConnectionTest } from './connection-test.tsx';
import classes from './connections.module.css';

type StepName = ConnectionTest['steps'][number]['name'];

/**
 * Shows what the guide has done on the cluster before the console can use all of it, with lines to paste.
 * @param props.test the last test, which tells of some that they are done; null: none yet
 */
export function Prerequisites(props: {
  connection: Pick<Connection, 'volumeId' | 'accessKeyId'> | null;
  test: ConnectionTest | null;
}) {
  const { connection, test } = props;
  const [open, setOpen] = useState(false);
  const volumeId = connection?.volumeId;
  const passed = (name: StepName) =>
    test?.steps.some((step) => step.name === name && step.state === 'passed') ?? false;
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <section aria-label="Prerequisites on the cluster">
      <QuietButton
        aria-expanded={open}
        leftSection={<Chevron size={14} />}
        onClick={() => setOpen(!open)}
      >
        Prerequisites on the cluster
      </QuietButton>
      <Collapse expanded={open} transitionDuration={0}>
        <ol className={classes.checklist}>
          <Item done={volumeId !== undefined} lines={[volumeIdLine]} label="volume id">
            Volume id, for the ostor-s3-admin lines: find it on a storage node (VOL_ID) and enter it
            under Requests.
          </Item>
          <Item done={passed('rights')} lines={[systemUserLine(volumeId)]} label="system user">
            System user: create it on a storage node; the line prints its key pair.
          </Item>
          <Item done={passed('statistics')} lines={statisticsLines} label="statistics">
            Statistics: on every S3 node, add the setting to{' '}
            <span className="oc-mono">{gatewaySettingsPath}</span> and restart the agent.
          </Item>
          <Item done={false} lines={[quotaLine(volumeId)]} label="quotas">
            Quotas: prepare them once, before the first is set. The path is that of the cluster’s
            object storage.
          </Item>
          <Item done={false} lines={['source ~/.s3_environment']} label="environment">
            Lines of s3_curl need the guide’s <span className="oc-mono">~/.s3_environment</span>:
            save it, enter the secret key, and load it.
            <div>
              <SmallButton
                mt={4}
                onClick={() =>
                  downloadFile(
                    's3_environment',
                    s3Environment(connection?.accessKeyId ?? 'ACCESS_KEY_ID'),
                    'text/plain',
                  )
                }
              >
                Download s3_environment
              </SmallButton>
            </div>
          </Item>
        </ol>
      </Collapse>
    </section>
  );
}

/** One prerequisite; `done` where a test or the connection shows that it is met. */
function Item(props: {
  done: boolean;
  lines: readonly string[];
  label: string;
  children: ReactNode;
}) {
  const { done, lines, label } = props;
  return (
    <li>
      {done ? (
        <IconCircleCheck size={16} className="oc-good" aria-label="Done" />
      ) : (
        <IconCircleDashed size={16} className="oc-faint" aria-label="To check" />
      )}
      <div>
        {props.children}
        <div className={classes.lines}>
          <pre>{lines.join('\n')}</pre>
          <CopyButton value={lines.join('\n')} label={`Copy lines: ${label}`} />
        </div>
      </div>
    </li>
  );
}
