import { Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { bucketPath, clusterPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { showFailure } from '../../kit/use-action.ts';
import type { DataColumn } from '../../lists/table/columns.ts';

/** What can be read of a row without a change: entries without a value are not offered. */
export interface RowReading {
  /** Address of the row's own page, or of its panel. */
  path: string;
  /** What is copied, under its name. */
  copies: Readonly<Record<string, string | null | undefined>>;
  /** Addresses of what belongs to it, under what the entry says: `Open owner`. */
  opens?: Readonly<Record<string, string | null | undefined>>;
  /** Whose key is copied as tools take it. */
  key?: KeyOf | null;
}

/** An access key; a user alone: its first one. */
interface KeyOf {
  userId: string;
  accountName?: string | null;
  accessKeyId?: string;
}

/** Returns what can be read of a user, wherever one is listed. */
export function userReading(
  connectionId: string,
  userId: string,
  email: string | null,
): RowReading {
  return {
    path: userPath(connectionId, userId),
    copies: { 'E-mail': email, 'User id': userId },
    key: { userId },
    opens: {
      'Show buckets': `${clusterPath(connectionId, 'buckets')}?owner=${userId}`,
      'Show keys': `${clusterPath(connectionId, 'keys')}?owner=${userId}`,
    },
  };
}

/** Returns what can be read of a bucket; `ownerEmail` null: no such user is known. */
export function bucketReading(
  connectionId: string,
  bucket: { name: string; ownerId?: string | null; ownerEmail?: string | null },
): RowReading {
  const { name, ownerId, ownerEmail = null } = bucket;
  const owner = ownerId && ownerEmail !== null ? ownerId : null;
  return {
    path: bucketPath(connectionId, name),
    copies: { Name: name, 'Owner’s e-mail': ownerEmail, 'Owner id': ownerId },
    key: owner === null ? null : { userId: owner },
    opens: { 'Open owner': owner === null ? null : userPath(connectionId, owner) },
  };
}

/** Returns the same where a row opens something else: with the page itself first. */
export function withOpen(words: string, reading: RowReading): RowReading {
  return { ...reading, opens: { [words]: reading.path, ...reading.opens } };
}

/** One way to copy a row: under a name, a text that is available or is asked for. */
interface CopyEntry {
  label: string;
  text(): string | Promise<string>;
}

/** The whole address of a place in the console, to be opened elsewhere. */
function linkTo(path: string): string {
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

const given = (values: RowReading['copies']): [name: string, value: string][] =>
  Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : []));

/** One entry of a row's menu that only reads. */
interface ReadingEntry {
  label: string;
  start(): void;
}

/** Returns how a row is read: ways to copy it; and what belongs to it, another window last. */
export function useReadings<Row>(columns: readonly DataColumn<Row>[] | undefined) {
  const navigate = useNavigate();
  const copiesOf = useKeyCopies();
  return (row: Row, reading: RowReading): Record<'copies' | 'opens', ReadingEntry[]> => {
    const link = linkTo(reading.path);
    const copies: CopyEntry[] = [
      ...given(reading.copies).map(([label, value]) => ({ label, text: () => value })),
      { label: 'JSON', text: () => rowAsJson(row) },
      ...(columns ? [{ label: 'Markdown row', text: () => rowAsMarkdown(columns, row) }] : []),
      ...(reading.key ? copiesOf(reading.key) : []),
      { label: 'Link', text: () => link },
    ];
    return {
      copies: copies.map((one) => ({ label: one.label, start: () => void copy(one) })),
      opens: [
        ...given(reading.opens ?? {}).map(([label, path]) => ({
          label,
          start: () => void navigate(path),
        })),
        { label: 'Open in new window', start: () => void window.open(link, '_blank') },
      ],
    };
  };
}

/** Shows what only reads in the menu of a row: ways to copy it, what belongs to it, another window. */
export function ReadingItems<Row>(props: {
  row: Row;
  columns: readonly DataColumn<Row>[] | undefined;
  reading: RowReading;
}) {
  const { copies, opens } = useReadings(props.columns)(props.row, props.reading);
  const item = ({ label, start }: ReadingEntry) => (
    <Menu.Item key={label} onClick={start}>
      {label}
    </Menu.Item>
  );
  return (
    <>
      <Menu.Sub>
        <Menu.Sub.Target>
          <Menu.Sub.Item>Copy as</Menu.Sub.Item>
        </Menu.Sub.Target>
        <Menu.Sub.Dropdown>{copies.map(item)}</Menu.Sub.Dropdown>
      </Menu.Sub>
      {opens.map(item)}
    </>
  );
}

type Sheet = CallOutput<'onboarding.handover'>;

/** The lines of `~/.aws/credentials`, with a placeholder for the secret, and where the rest belongs. */
function awsCredentials({ accessKeyId, region, endpoint }: Sheet): string {
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

/** Ways to copy what tools need to use a key; none holds the secret. */
function useKeyCopies(): (key: KeyOf) => CopyEntry[] {
  const { id: connectionId } = useCluster();
  const call = useConsole();
  return ({ userId, accountName, accessKeyId }) => {
    const sheet = (): Promise<Sheet> =>
      call('onboarding.handover', {
        ...{ connectionId, userId, withSecret: false },
        ...(accountName ? { accountName } : {}),
        ...(accessKeyId ? { accessKeyId } : {}),
      });
    const ofTool = async (tool: string): Promise<string> =>
      (await sheet()).tools.find((one) => one.tool === tool)?.text ?? '';
    return [
      { label: '~/.aws/credentials', text: async () => awsCredentials(await sheet()) },
      { label: 'rclone config', text: () => ofTool('rclone') },
      { label: 'Handover text', text: async () => (await sheet()).text },
    ];
  };
}

/** A row as JSON, as the call yields it. */
function rowAsJson(row: unknown): string {
  return JSON.stringify(row, null, 2);
}

const cell = (value: unknown): string =>
  String(value ?? '')
    .replace(/[|\\]/g, '\\$&')
    .replace(/\s+/g, ' ');

/** A row as a Markdown table of one row, exact as in an export; what nothing is known of is omitted. */
function rowAsMarkdown<Row>(columns: readonly DataColumn<Row>[], row: Row): string {
  const cells = columns.flatMap(({ header, csv }) => {
    const value = csv?.(row) ?? null;
    return value === null || value === '' ? [] : [[header, cell(value)] as const];
  });
  const line = (parts: readonly string[]): string => `| ${parts.join(' | ')} |`;
  return [
    line(cells.map(([header]) => header)),
    line(cells.map(() => '---')),
    line(cells.map(([, value]) => value)),
  ].join('\n');
}
