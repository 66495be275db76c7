import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { SmallButton } from '../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { CallError, ErrorPanel } from '../../kit/components/error-panel.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { typed } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { callKey } from '../../kit/rpc/invalidation.ts';
import { useCall } from '../../kit/rpc/use-call.ts';
import { Setting } from './setting.tsx';
import classes from './settings.module.css';

type State = CallOutput<'app.updates'>;
type Deed = 'app.checkForUpdates' | 'app.downloadUpdate';

/** Updates of the console: from which feed, what it has, and what was installed. */
export function UpdatesSection() {
  const call = useConsole();
  const client = useQueryClient();
  const query = useCall('app.updates', {});
  const [failure, setFailure] = useState<AppError | null>(null);
  const [asking, setAsking] = useState(false);
  if (query.error) return <CallError call={query} />;
  if (!query.data) return null;
  const state = query.data;
  const keep = async (asked: Promise<State>) => {
    setFailure(null);
    try {
      client.setQueryData(callKey('app.updates', {}), await asked);
    } catch (thrown) {
      setFailure(toAppError(thrown));
    }
  };
  if (state.reason !== null) return <Setting name="Updates">{state.reason}</Setting>;
  return (
    <>
      <Feed
        key={state.feedUrl}
        state={state}
        onSave={(feedUrl) => keep(call('app.setUpdateFeed', { feedUrl }))}
      />
      {state.feedUrl !== null && (
        <Setting name="State" hint={<Checked state={state} />}>
          <Progress
            state={state}
            onDo={(deed: Deed) => void keep(call(deed, {}))}
            onInstall={() => setAsking(true)}
          />
        </Setting>
      )}
      {failure && <ErrorPanel compact error={failure} />}
      {!failure && state.error && <ErrorPanel compact error={state.error} />}
      <Past history={state.history} />
      {asking && (
        <ConfirmDialog
          verb="Restart and install"
          onConfirm={() => call('app.installUpdate', {})}
          onClose={() => setAsking(false)}
        >
          <p>
            The console closes, installs version {state.version} and starts again. It does not while
            work is in progress.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

function Feed({ state, onSave }: { state: State; onSave(feedUrl: string | null): Promise<void> }) {
  const [entered, setEntered] = useState(state.feedUrl ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onSave(entered.trim() === '' ? null : entered);
  };
  return (
    <Setting
      name="Update feed"
      hint={
        state.setByPolicy
          ? 'Set by your administrator.'
          : 'Address of the folder with latest.yml and the packages. Empty: updates are off and nothing is asked.'
      }
    >
      <form className={`oc-wrap-row ${classes.feed}`} onSubmit={submit} noValidate>
        <TextInput
          aria-label="Update feed"
          placeholder="https://updates.example.com/ostor-console/"
          spellCheck={false}
          disabled={state.setByPolicy}
          {...typed(entered, setEntered)}
        />
        <SmallButton
          type="submit"
          disabled={state.setByPolicy || entered.trim() === (state.feedUrl ?? '')}
        >
          Save
        </SmallButton>
      </form>
    </Setting>
  );
}

function Checked({ state }: { state: State }) {
  if (state.checkedAt === null) return <>Not checked yet</>;
  return (
    <>
      Checked <Time value={state.checkedAt} as="age" />
    </>
  );
}

function Progress(props: { state: State; onDo(deed: Deed): void; onInstall(): void }) {
  const { state, version } = props.state;
  return (
    <span className="oc-wrap-row">
      {state === 'idle' && <StateBadge tone="good">Up to date</StateBadge>}
      {state === 'checking' && <StateBadge tone="idle">Checking</StateBadge>}
      {state === 'available' && (
        <StateBadge tone="warning">{`Version ${version} is available`}</StateBadge>
      )}
      {state === 'downloading' && <StateBadge tone="idle">Downloading</StateBadge>}
      {state === 'ready' && <StateBadge tone="good">{`Version ${version} is ready`}</StateBadge>}
      {(state === 'idle' || state === 'available') && (
        <SmallButton onClick={() => props.onDo('app.checkForUpdates')}>Check now</SmallButton>
      )}
      {state === 'available' && (
        <Button size="compact-sm" onClick={() => props.onDo('app.downloadUpdate')}>
          Download
        </Button>
      )}
      {state === 'ready' && (
        <Button size="compact-sm" onClick={props.onInstall}>
          Restart and install
        </Button>
      )}
    </span>
  );
}

function Past({ history }: Pick<State, 'history'>) {
  return history.map(({ from, to, at, installed }) => (
    <Setting key={at} name={<Time value={at} />}>
      {installed ? `Updated from ${from} to ${to}` : `${to} was not installed; ${from} stayed`}
    </Setting>
  ));
}
