import { ActionIcon, Anchor, Collapse, Modal, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import { s3Environment, volumeIdLine, volumePlaceholder } from '#shared/guide-lines.ts';
import { useCluster, useClusterIfAny } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { CopyButton } from '../../kit/components/identifier.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { downloadFile } from '../../lists/table/export-csv.ts';
import classes from './operation.module.css';
import type { OperationPreview } from './use-preview.ts';

const purposes = { read: 'Read first', write: 'Write', verify: 'Read back' } as const;

/** The requests with their place: the same reading may be in the list twice. */
function numbered(requests: OperationPreview['requests']) {
  return requests.map((request, index) => ({ ...request, number: index + 1 }));
}

/** Command lines with a title and a button that copies them. */
function CommandBlock(props: { title: string; lines: readonly string[]; note: string }) {
  const { title, lines, note } = props;
  return (
    <div className={classes.commandBlock}>
      <div className={classes.commandHead}>
        <span>{title}</span>
        {lines.length > 0 && <CopyButton value={lines.join('\n')} label={`Copy ${title} lines`} />}
      </div>
      {lines.length === 0 ? (
        <p className={classes.quiet}>{note}</p>
      ) : (
        <pre className={classes.lines}>{lines.join('\n')}</pre>
      )}
      {lines.some((line) => line.includes('s3_curl ')) && <EnvironmentOffer />}
      {lines.some((line) => line.endsWith(`-V ${volumePlaceholder}`)) && (
        <p className={classes.quiet}>
          {volumePlaceholder} is printed by <span className="oc-mono">{volumeIdLine}</span> on a
          storage node. Enter it in the connection, and lines name it.
        </p>
      )}
    </div>
  );
}

/** The file that defines s3_curl, for whoever pastes its lines. */
function EnvironmentOffer() {
  const cluster = useClusterIfAny();
  const content = s3Environment(cluster?.accessKeyId ?? 'ACCESS_KEY_ID');
  return (
    <p className={classes.quiet}>
      s3_curl is defined in the guide’s ~/.s3_environment:{' '}
      <Anchor
        component="button"
        type="button"
        inherit
        onClick={() => downloadFile('s3_environment', content, 'text/plain')}
      >
        download it
      </Anchor>
      , enter the secret key, and load it with <span className="oc-mono">source</span>.
    </p>
  );
}

/**
 * "Show commands": the same by command line, and the exact requests that are going to be sent.
 * @param props.begin `open` where they were asked for already
 */
export function PlannedRequests(props: { preview: OperationPreview; begin?: 'open' | 'closed' }) {
  const { preview, begin = 'closed' } = props;
  const [open, setOpen] = useState(begin === 'open');
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const { s3Curl, ostorS3Admin } = preview.commands;
  const count = preview.requests.length;
  return (
    <div>
      <UnstyledButton
        className={classes.disclosure}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Chevron size={14} aria-hidden />
        {open ? 'Hide commands' : 'Show commands'}
        <span className="oc-faint">{formatCounted(count, 'request')}</span>
      </UnstyledButton>
      <Collapse expanded={open} transitionDuration={0}>
        <CommandBlock title="s3_curl" lines={s3Curl} note="Nothing to send." />
        <CommandBlock
          title="ostor-s3-admin"
          lines={ostorS3Admin}
          note={preview.unchanged ? 'Nothing to send.' : 'The tool has no command for this.'}
        />
        <div className={classes.commandBlock}>
          <div className={classes.commandHead}>
            <span>Requests</span>
            <CopyButton
              value={preview.requests.map(({ method, url }) => `${method} ${url}`).join('\n')}
              label="Copy requests"
            />
          </div>
          <ol className={classes.requests}>
            {numbered(preview.requests).map(({ number, purpose, method, url }) => (
              <li key={number} data-purpose={purpose}>
                <span className={classes.purpose}>{purposes[purpose]}</span>
                <span className="oc-mono">
                  {method} {url}
                </span>
              </li>
            ))}
          </ol>
        </div>
      </Collapse>
    </div>
  );
}

type Subject = CallInput<'operations.readingCommands'>['of'];

/** "Show commands": the lines that read by command line what the page shows. */
export function ReadingCommands({ of, name }: { of: Subject; name: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Tooltip label="Show commands">
        <ActionIcon
          size={26}
          variant="default"
          aria-label="Show commands"
          onClick={() => setOpen(true)}
        >
          <IconTerminal2 size={14} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={open} onClose={() => setOpen(false)} size="lg" title="Read by command line">
        <Lines of={of} name={name} />
      </Modal>
    </>
  );
}

function Lines({ of, name }: { of: Subject; name: string }) {
  const cluster = useCluster();
  const { data, error, refetch } = useCall('operations.readingCommands', {
    connectionId: cluster.id,
    of,
  });
  if (error) return <ErrorPanel error={error} compact onRetry={() => void refetch()} />;
  if (!data) return null;
  return (
    <>
      <CommandBlock title="s3_curl" lines={data.s3Curl} note="There is no request for this." />
      <CommandBlock
        title="ostor-s3-admin"
        lines={data.ostorS3Admin}
        note="The tool has no command for this."
      />
      <SmallButton onClick={() => downloadFile(`read-${name}.sh`, data.script, 'application/x-sh')}>
        Download script
      </SmallButton>
    </>
  );
}
