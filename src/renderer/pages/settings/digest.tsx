import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { CallError, ErrorPanel } from '../../kit/components/error-panel.tsx';
import { optionsOf } from '../../kit/components/options.ts';
import { SecretInput } from '../../kit/components/secret-field.tsx';
import { typed } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { callKey } from '../../kit/rpc/invalidation.ts';
import { useCall } from '../../kit/rpc/use-call.ts';
import classes from './settings.module.css';

type Saved = CallOutput<'signals.digest'>;

/** Shows where the digest of signals goes: a webhook or a mail server. */
export function Digest() {
  const query = useCall('signals.digest', {});
  if (query.error) return <CallError call={query} compact />;
  if (query.data === undefined) return <p className="oc-dimmed">Loading…</p>;
  return <DigestForm key={JSON.stringify(query.data)} saved={query.data} />;
}

const empty = { kind: 'webhook' as const, url: '', from: '', to: '', username: '' };

const untilClosed =
  'there is no keychain, so it is gone when the console closes. For cron, put it into a file: --digest-secret-file.';

/** Says where the secret is, or would be. */
function whereSecretIs(saved: Saved, store: 'keychain' | 'memory' | undefined): string {
  if (saved?.secretIn === 'gone') {
    return 'It was kept for a session that has ended: enter it again. For cron, put it into a file: --digest-secret-file.';
  }
  if (saved?.secretIn === 'memory') return `Stored in memory: ${untilClosed}`;
  if (saved?.hasSecret) return 'Stored in the keychain; leave it empty to keep it.';
  return store === 'memory' ? `Kept in memory: ${untilClosed}` : 'Kept in the keychain.';
}

function DigestForm({ saved }: { saved: Saved }) {
  const store = useCall('app.info', {}).data?.secretStore;
  const call = useConsole();
  const queryClient = useQueryClient();
  const [digest, setDigest] = useState({ ...empty, ...saved });
  const [secret, setSecret] = useState('');
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState<'save' | 'send' | 'remove' | null>(null);
  const { kind, url, from, to, username } = digest;
  const isMail = kind === 'smtp';
  const field = (name: 'url' | 'from' | 'to' | 'username') => ({
    value: digest[name],
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      setDigest({ ...digest, [name]: event.currentTarget.value }),
  });
  const act = async (name: NonNullable<typeof busy>, work: () => Promise<string>) => {
    setBusy(name);
    setError(null);
    try {
      notifications.show({ message: await work() });
      await queryClient.invalidateQueries({ queryKey: callKey('signals.digest', {}) });
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setBusy(null);
    }
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const mail = isMail ? { from, to, ...(username === '' ? {} : { username }) } : {};
    void act('save', async () => {
      await call('signals.setDigest', { kind, url, ...mail, ...(secret ? { secret } : {}) });
      return 'Digest saved.';
    });
  };
  const send = () =>
    act('send', async () => {
      const { signals, sentTo } = await call('signals.sendDigest', {});
      return `${formatCounted(signals, 'signal')} sent to ${sentTo}.`;
    });
  const remove = () =>
    act('remove', async () => {
      await call('signals.removeDigest', {});
      return 'Digest removed.';
    });
  return (
    <form className={classes.letterhead} onSubmit={save} aria-label="Digest">
      <p className="oc-dimmed">
        Sent by <span className="oc-mono">npm run check -- --digest</span>, from cron for example.
      </p>
      <SegmentedControl
        size="xs"
        aria-label="Sent by"
        value={kind}
        onChange={(value) => setDigest({ ...digest, kind: value as typeof kind })}
        data={optionsOf({ webhook: 'Webhook', smtp: 'Mail' })}
      />
      <TextInput
        label={isMail ? 'Mail server' : 'Webhook address'}
        placeholder={isMail ? 'smtp://mail.example.com:587' : 'https://chat.example.com/hooks/…'}
        required
        {...field('url')}
      />
      {isMail && <TextInput label="Sender" type="email" required {...field('from')} />}
      {isMail && <TextInput label="Recipients" required {...field('to')} />}
      {isMail && <TextInput label="User name" autoComplete="off" {...field('username')} />}
      <SecretInput
        label={isMail ? 'Password' : 'Bearer token (optional)'}
        description={whereSecretIs(saved, store)}
        {...typed(secret, setSecret)}
      />
      {error && <ErrorPanel error={error} compact />}
      <div className="oc-wrap-row">
        <Button type="submit" size="xs" loading={busy === 'save'}>
          Save digest
        </Button>
        {saved && (
          <Button variant="default" size="xs" loading={busy === 'send'} onClick={() => void send()}>
            Send now
          </Button>
        )}
        {saved && (
          <Button
            variant="subtle"
            color="gray"
            size="xs"
            loading={busy === 'remove'}
            onClick={() => void remove()}
          >
            Remove digest
          </Button>
        )}
      </div>
    </form>
  );
}
