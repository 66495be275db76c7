import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCall } from '../../api/use-call.ts';
import frame from '../../app/frame.module.css';
import { PageBar } from '../../app/page-bar.tsx';
import { ShortcutsTable } from '../../app/shortcuts-help.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { type Preferences, usePreferences } from '../../stores/preferences.ts';
import { ArchivesSection } from '../usage/archive/archives-section.tsx';
import classes from './settings.module.css';

/** How the interface looks, where things lie, and the shortcuts. */
export function SettingsPage() {
  return (
    <>
      <PageBar title="Settings" />
      <div className={frame.scroll}>
        <div className={classes.page}>
          <Section title="Appearance">
            <Appearance />
          </Section>
          <Section title="Refresh">
            <Refresh />
          </Section>
          <Section title="Where things lie">
            <Places />
          </Section>
          <Section title="Archives">
            <ArchivesSection />
          </Section>
          <Section title="Keyboard shortcuts">
            <ShortcutsTable />
          </Section>
        </div>
      </div>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      {children}
    </section>
  );
}

function Setting(props: { name: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.setting}>
      <div className={classes.name}>
        {props.name}
        {props.hint && <div className="oc-caption">{props.hint}</div>}
      </div>
      <div className={classes.value}>{props.children}</div>
    </div>
  );
}

function Choice<Key extends 'theme' | 'density' | 'clock' | 'autoRefresh'>(props: {
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
          options={[
            { value: 'auto', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </Setting>
      <Setting name="Rows of lists">
        <Choice
          of="density"
          label="Rows of lists"
          options={[
            { value: 'compact', label: 'Compact, 32 px' },
            { value: 'comfortable', label: 'Comfortable, 40 px' },
          ]}
        />
      </Setting>
      <Setting name="Times" hint="UTC is always shown on hover.">
        <Choice
          of="clock"
          label="Times"
          options={[
            {
              value: 'local',
              label: `Local (${Intl.DateTimeFormat().resolvedOptions().timeZone})`,
            },
            { value: 'utc', label: 'UTC' },
          ]}
        />
      </Setting>
    </>
  );
}

function Refresh() {
  return (
    <Setting
      name="Refresh by itself"
      hint="The cluster on screen, while this window is open; never the demo."
    >
      <Choice
        of="autoRefresh"
        label="Refresh by itself"
        options={[
          { value: 'off', label: 'Off' },
          { value: '5', label: 'Every 5 minutes' },
          { value: '15', label: '15 minutes' },
          { value: '60', label: '60 minutes' },
        ]}
      />
    </Setting>
  );
}

function Places() {
  const query = useCall('app.info', {});
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return null;
  const info = query.data;
  return (
    <>
      <Setting name="Secret keys" hint={info.secretStoreReason}>
        <SecretStore info={info} />
      </Setting>
      <Setting name="Data" hint="Connections, what was seen of each cluster, archive and journal.">
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

function Path({ value, what }: { value: string; what: string }) {
  return (
    <span className={classes.path}>
      <span className="oc-mono">{value}</span>
      <CopyButton value={value} label={`Copy ${what}`} />
    </span>
  );
}
