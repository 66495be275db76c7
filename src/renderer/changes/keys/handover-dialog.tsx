import { Button, Modal, Tabs } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { CopyButton } from '../../kit/components/identifier.tsx';
import { SecretField } from '../../kit/components/secret-field.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { useWhenSecured, whileUnsecured } from '../../kit/stores/secured.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { downloadFile } from '../../lists/table/export-csv.ts';
import classes from '../operation/operation.module.css';
import { useKeptFocus } from '../operation/use-kept-focus.ts';

type Sheet = CallOutput<'onboarding.handover'>;

export interface HandoverSubject {
  userId: string;
  email: string;
  /** Omitted: on the cluster on screen. */
  connectionId?: string;
  /** Omitted: the user's own key. */
  accountName?: string;
  /** Omitted: the first. */
  accessKeyId?: string;
  /** The key of a campaign that is handed over once a sheet with its secret is saved. */
  campaign?: { campaignId: string; row: number };
}

/**
 * What a customer needs to use its storage, with ready lines for the common tools. The secret is fetched
 * when it is asked for, shown in its place, and forgotten when this closes.
 */
function HandoverDialog(props: { subject: HandoverSubject; onClose(): void }) {
  const { subject, onClose } = props;
  const cluster = useCluster();
  const connectionId = subject.connectionId ?? cluster.id;
  const call = useConsole();
  const { sheet, running, error, read } = useSheet(connectionId, subject);
  const save = ({ fileName, text, secretAccessKey }: Sheet) => {
    downloadFile(fileName, text, 'text/plain');
    if (secretAccessKey === null || !subject.campaign) return;
    const { campaignId, row } = subject.campaign;
    const mark = { connectionId, campaignId, rows: [row], states: ['generated' as const] };
    void call('campaigns.mark', { ...mark, as: 'handed-over' }).catch(showFailure);
  };
  const content = useRef<HTMLDivElement>(null);
  useKeptFocus(content);
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Handover sheet of ${subject.email || subject.userId}`}
      size={680}
      returnFocus={false}
    >
      <div ref={content} className={classes.body}>
        {sheet && <SheetFacts sheet={sheet} />}
        {sheet && <ToolLines sheet={sheet} />}
        {error && <ErrorPanel error={error} compact onRetry={() => void read(false)} />}
        <p className={classes.quiet}>
          {sheet?.secretAccessKey
            ? 'A saved sheet contains the secret: send it over a safe channel, then delete the file. You can reveal it again later.'
            : 'The sheet has a placeholder where the secret belongs. Showing the secret is noted in the journal.'}
          {subject.campaign && ' Saved with the secret, the key counts as handed over.'}
        </p>
        <div className="oc-buttons">
          <SecondaryButton onClick={onClose}>Close</SecondaryButton>
          {sheet && sheet.secretAccessKey === null && (
            <SecondaryButton loading={running} onClick={() => void read(true)}>
              Include secret
            </SecondaryButton>
          )}
          {sheet && (
            <Button leftSection={<IconDownload size={15} />} onClick={() => save(sheet)}>
              {sheet.secretAccessKey === null ? 'Save sheet' : 'Save sheet with secret'}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

function useSheet(connectionId: string, subject: HandoverSubject) {
  const { userId, accountName, accessKeyId } = subject;
  const call = useConsole();
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const { running, error, run } = useAction();
  const read = (withSecret: boolean) =>
    run(async () => {
      const key = { ...(accountName && { accountName }), ...(accessKeyId && { accessKeyId }) };
      const mayShow = whileUnsecured();
      const answer = await call('onboarding.handover', {
        connectionId,
        userId,
        ...key,
        withSecret,
      });
      if (!withSecret || mayShow()) setSheet(answer);
    });
  useWhenSecured(() => {
    if (sheet === null || sheet.secretAccessKey === null) return;
    setSheet(null);
    void read(false);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once for whom the dialog is opened
  useEffect(() => void read(false), [connectionId, userId]);
  return { sheet, running, error, read };
}

function SheetFacts({ sheet }: { sheet: Sheet }) {
  const facts = [
    ['Endpoint', sheet.endpoint],
    ['Region', sheet.region],
    ['Access key id', sheet.accessKeyId],
  ] as const;
  return (
    <div>
      {facts.map(([label, value]) => (
        <div key={label}>
          <div className="oc-hint">{label}</div>
          <div className={classes.keyValue}>
            <span className="oc-mono">{value}</span>
            <CopyButton value={value} label={`Copy ${label.toLowerCase()}`} />
          </div>
        </div>
      ))}
      {sheet.secretAccessKey !== null && (
        <SecretField value={sheet.secretAccessKey} label="Secret access key" />
      )}
    </div>
  );
}

/** The lines as they are saved; on screen the secret in them stays masked. */
function ToolLines({ sheet }: { sheet: Sheet }) {
  const { secretAccessKey: secret, tools } = sheet;
  const shown = (text: string): string =>
    secret === null ? text : text.replaceAll(secret, '•'.repeat(12));
  return (
    <Tabs defaultValue="0">
      <Tabs.List>
        {tools.map(({ tool }, index) => (
          <Tabs.Tab key={tool} value={String(index)}>
            {tool}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tools.map(({ tool, text }, index) => (
        <Tabs.Panel key={tool} value={String(index)}>
          <pre className={classes.lines}>{shown(text)}</pre>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

/** Opens the handover sheet of a user. */
export function openHandover(subject: HandoverSubject): void {
  openDialog((close) => <HandoverDialog subject={subject} onClose={close} />);
}
