import { SegmentedControl } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useLocation } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { CallError, ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { locale } from '../../kit/components/locale.ts';
import { optionsOf } from '../../kit/components/options.ts';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { callKey } from '../../kit/rpc/invalidation.ts';
import { useCall } from '../../kit/rpc/use-call.ts';
import { type GoToPages, ShortcutsTable } from '../../kit/shortcuts-help.tsx';
import { type Preferences, usePreferences } from '../../kit/stores/preferences.ts';
import { showFailure } from '../../kit/use-action.ts';
import { Digest } from './digest.tsx';
import { Letterhead } from './letterhead.tsx';
import { Path, Section, Setting } from './setting.tsx';
import classes from './settings.module.css';
import { UpdatesSection } from './updates-section.tsx';

/** Settings: appearance, storage locations, shortcuts. */
export function SettingsPage(props: { pages: GoToPages; archives: ReactNode }) {
  const { hash } = useLocation();
  // a section that an address names is brought into sight
  // in braces: what newer Chromium returns is no clean-up
  useEffect(() => {
    document.getElementById(hash.slice(1))?.scrollIntoView?.();
  }, [hash]);
  return (
    <>
      <PageBar title="Settings" />
      <div className="oc-scroll">
        <div className={classes.page}>
          <Section title="Appearance">
            <Appearance />
          </Section>
          <Section title="Auto-refresh">
            <AutoRefresh />
          </Section>
          <Section title="Storage locations">
            <Places />
          </Section>
          <Section title="Letterhead of statements">
            <Letterhead />
          </Section>
          <Section title="Digest of signals">
            <Digest />
          </Section>
          <Section title="Archives">{props.archives}</Section>
          <Section title="Updates">
            <UpdatesSection />
          </Section>
          <AdministratorPolicy />
          <Section title="Keyboard shortcuts">
            <ShortcutsTable pages={props.pages} />
          </Section>
        </div>
      </div>
    </>
  );
}

function Choice<Key extends 'theme' | 'density' | 'clock'>(props: {
  of: Key;
  label: string;
  options: { value: Preferences[Key]; label: string }[];
}) {
  const value = usePreferences((preferences) => preferences[props.of]);
  const set = usePreferences((preferences) => preferences.set);
  return (
    <SegmentedControl
      size="xs"
      aria-label={props.label}
      data={props.options}
      value={value}
      onChange={(next) => set({ [props.of]: next })}
    />
  );
}

function Appearance() {
  return (
    <>
      <Setting name="Theme">
        <Choice
          of="theme"
          label="Theme"
          options={optionsOf({ auto: 'System', light: 'Light', dark: 'Dark' })}
        />
      </Setting>
      <Setting name="Row height">
        <Choice
          of="density"
          label="Row height"
          options={optionsOf({ compact: 'Compact, 32 px', comfortable: 'Comfortable, 40 px' })}
        />
      </Setting>
      <Setting name="Times" hint={['UTC is always shown on hover.', ...locale.notes].join(' ')}>
        <Choice
          of="clock"
          label="Times"
          options={[
            {
              value: 'local',
              label: `Local (${locale.timeZone})`,
            },
            { value: 'utc', label: 'UTC' },
          ]}
        />
      </Setting>
    </>
  );
}

const intervals = [5, 15, 60] as const;

/** The schedule of automatic refreshes of each cluster. */
function AutoRefresh() {
  const query = useCall('connections.list', {});
  const clusters = (query.data ?? []).filter(({ demo }) => !demo);
  return (
    <>
      <p className="oc-caption">
        While the console runs, with or without a window. Each refresh samples sizes, which storage
        is billed from.
      </p>
      {query.data && clusters.length === 0 && <p>No cluster is saved yet.</p>}
      {clusters.map(({ id, name }) => (
        <Setting key={id} name={name} hint={<LastSample connectionId={id} />}>
          <RefreshInterval connectionId={id} name={name} />
        </Setting>
      ))}
    </>
  );
}

function LastSample({ connectionId }: { connectionId: string }) {
  const { data } = useCall('storage.lastSample', { connectionId });
  if (!data) return null;
  if (data.error) return <>Sizes were not kept: {data.error.message}</>;
  if (data.sampledAt === null) return <>Sizes were never sampled</>;
  return (
    <>
      Sizes last sampled <Time value={data.sampledAt} as="age" />
    </>
  );
}

function RefreshInterval({ connectionId, name }: { connectionId: string; name: string }) {
  const call = useConsole();
  const client = useQueryClient();
  const query = useCall('sync.schedule', { connectionId });
  if (query.error)
    return <ErrorPanel compact error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return null;
  const { everyMinutes } = query.data;
  const minutes = [
    ...new Set([...intervals, ...(everyMinutes === null ? [] : [everyMinutes])]),
  ].sort((left, right) => left - right);
  const select = async (value: string) => {
    const next = value === 'off' ? null : Number(value);
    try {
      const saved = await call('sync.setSchedule', { connectionId, everyMinutes: next });
      client.setQueryData(callKey('sync.schedule', { connectionId }), saved);
    } catch (thrown) {
      showFailure(thrown);
    }
  };
  return (
    <SegmentedControl
      size="xs"
      aria-label={`Auto-refresh of ${name}`}
      data={[
        { value: 'off', label: 'Off' },
        ...minutes.map((every) => ({
          value: String(every),
          label: formatCounted(every, 'minute'),
        })),
      ]}
      value={everyMinutes === null ? 'off' : String(everyMinutes)}
      onChange={(value) => void select(value)}
    />
  );
}

function Places() {
  const query = useCall('app.info', {});
  if (query.error) return <CallError call={query} />;
  if (!query.data) return null;
  const info = query.data;
  return (
    <>
      <Setting name="Secret keys" hint={info.secretStoreReason}>
        <SecretStore info={info} />
      </Setting>
      <Setting
        name="Data"
        hint="Connections, cached data of each cluster, archive and journal, customers, saved views."
      >
        <Path value={info.dataDir} what="data folder" />
      </Setting>
      {info.logFile && (
        <Setting name="Log" hint="Holds no secret.">
          <Path value={info.logFile} what="path of the log" />
        </Setting>
      )}
      <Setting name="Version">
        <span className="oc-number">
          Ostor Console {info.version} · {info.shell === 'web' ? 'web shell' : 'desktop'}
        </span>
      </Setting>
    </>
  );
}

function SecretStore({ info }: { info: CallOutput<'app.info'> }) {
  return info.secretStore === 'keychain' ? (
    <StateBadge tone="good">In the keychain of this computer</StateBadge>
  ) : (
    <StateBadge tone="warning">In memory, until the console closes</StateBadge>
  );
}

type Policy = NonNullable<CallOutput<'app.info'>['policy']>;

const forbiddenNames: Readonly<Record<Policy['forbidden'][number], string>> = {
  plainHttp: 'Connections over plain http',
  revealSecrets: 'Revealing secret keys',
  exportSecrets: 'Exporting secret keys',
  exportClusters: 'Field packs with cached cluster data',
  addConnections: 'Adding connections',
};

/** Shows what the administrator of this computer set, and where; nothing where there is no policy. */
function AdministratorPolicy() {
  const policy = useCall('app.info', {}).data?.policy;
  if (!policy) return null;
  const { path, organization, forbidden, idleMinutes, connections } = policy;
  return (
    <Section title="Administrator policy">
      <p className="oc-caption">
        Set by {organization ?? 'the administrator of this computer'}, for all who use the console
        here. A change takes effect when the console is restarted.
      </p>
      <Setting name="Policy file">
        <Path value={path} what="path of the policy" />
      </Setting>
      {connections > 0 && (
        <Setting
          name="Connections"
          hint="Their settings can’t be changed; you enter the secret key."
        >
          {formatCounted(connections, 'connection')}
        </Setting>
      )}
      {forbidden.map((name) => (
        <Setting key={name} name={forbiddenNames[name]}>
          <StateBadge tone="idle">Turned off</StateBadge>
        </Setting>
      ))}
      {idleMinutes !== null && (
        <Setting name="Web shell: sign out when unused">
          After {formatCounted(idleMinutes, 'minute')} at the latest
        </Setting>
      )}
    </Section>
  );
}
