import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { holdOf } from '#core/clusters/locks/guard.ts';
import { ClusterProvider, type Connection } from '#renderer/kit/cluster-context.tsx';
import { useWriteGuard } from '#renderer/kit/components/guarded-button.tsx';
import { fakeCluster, fakeConnection } from '#test/fakes/fake-cluster.ts';
import { renderPart } from '../render-console.tsx';

function Shown() {
  const { allowed, reason, unlockable } = useWriteGuard();
  return (
    <p>
      {allowed ? 'open' : reason}
      {unlockable && ' or unlock'}
    </p>
  );
}

const production = fakeConnection({ environment: 'production' });
const unlockedUntil = new Date(Date.now() + 60_000).toISOString();
const refused = { message: 'The gateway refused the connection.' };

const cases: [string, Connection, { message: string } | null, RegExp][] = [
  ['a lab cluster', fakeConnection(), null, /^open$/],
  ['read-only', fakeConnection({ readOnly: true }), null, /read-only.*\(CONNECTION_READ_ONLY\)$/],
  ['no secret', fakeConnection({ hasCredential: false }), null, /key.*\(CREDENTIAL_MISSING\)$/],
  ['locked production', production, null, /locked.*\(CONNECTION_LOCKED\) or unlock$/],
  ['unlocked production', { ...production, unlockedUntil }, null, /^open$/],
  ['time is up', { ...production, unlockedUntil: '2026-01-01T00:00:00Z' }, null, /locked/],
  ['offline', fakeConnection(), refused, /refused the connection.*plan.*\(CONNECTION_OFFLINE\)$/],
];

test.each(cases)(
  'shows why core would refuse a change: %s',
  async (_, connection, offline, words) => {
    const shown = { ...connection, hold: holdOf(connection, offline) };
    renderPart(
      fakeCluster(),
      <ClusterProvider connection={shown}>
        <Shown />
      </ClusterProvider>,
    );
    expect(await screen.findByText(words)).toBeVisible();
  },
);
