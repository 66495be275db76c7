import { Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { showFailure } from '../../kit/use-action.ts';

/** One way to copy a row: under a name, a text that is available or is asked for. */
export interface CopyEntry {
  label: string;
  text(): string | Promise<string>;
}

/** The whole address of a place in the console, to be opened elsewhere. */
export function linkTo(path: string): string {
  return `${window.location.href.split('#')[0]}#${path}`;
}

async function copy({ label, text }: CopyEntry): Promise<void> {
  try {
    await navigator.clipboard.writeText(await text());
    notifications.show({ message: `Copied: ${label}.` });
  } catch (thrown) {
    showFailure(thrown);
  }
}

/**
 * Shows what only reads, before what writes, in the menu of a row: ways to copy it, and to open it.
 * @param props.path address of the row's own page
 * @param props.children further ways to look at it
 */
export function ReadingItems(props: {
  path: string;
  copies: readonly CopyEntry[];
  children?: ReactNode;
}) {
  const link = linkTo(props.path);
  return (
    <>
      <Menu.Sub>
        <Menu.Sub.Target>
          <Menu.Sub.Item>Copy as</Menu.Sub.Item>
        </Menu.Sub.Target>
        <Menu.Sub.Dropdown>
          {props.copies.map((entry) => (
            <Menu.Item key={entry.label} onClick={() => void copy(entry)}>
              {entry.label}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => void copy({ label: 'Link', text: () => link })}>Link</Menu.Item>
        </Menu.Sub.Dropdown>
      </Menu.Sub>
      {props.children}
      <Menu.Item onClick={() => window.open(link, '_blank')}>Open in new window</Menu.Item>
      <Menu.Divider />
    </>
  );
}

type Sheet = CallOutput<'onboarding.handover'>;

/** The lines of `~/.aws/credentials`, with a placeholder for the secret, and where the rest belongs. */
export function awsCredentials({ accessKeyId, region, endpoint }: Sheet): string {
  return [
    '# ~/.aws/credentials',
    '[storage]',
    `aws_access_key_id = ${accessKeyId}`,
    'aws_secret_access_key = YOUR-SECRET-KEY',
    '',
    '# ~/.aws/config',
    '[profile storage]',
    `region = ${region}`,
    `endpoint_url = ${endpoint}`,
    's3 =',
    '  addressing_style = path',
    '',
  ].join('\n');
}

/** Ways to copy what tools need to use a user's first key; none holds the secret. */
export function useKeyCopies(userId: string): CopyEntry[] {
  const { id: connectionId } = useCluster();
  const call = useConsole();
  const sheet = (): Promise<Sheet> =>
    call('onboarding.handover', { connectionId, userId, withSecret: false });
  const ofTool = async (tool: string): Promise<string> =>
    (await sheet()).tools.find((one) => one.tool === tool)?.text ?? '';
  return [
    { label: '~/.aws/credentials', text: async () => awsCredentials(await sheet()) },
    { label: 'rclone config', text: () => ofTool('rclone') },
    { label: 'Handover text', text: async () => (await sheet()).text },
  ];
}
