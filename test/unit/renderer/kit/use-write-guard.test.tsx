import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ClusterProvider } from '#renderer/kit/cluster-context.tsx';
import { useWriteGuard } from '#renderer/kit/use-write-guard.ts';
import { fakeCluster, fakeConnection, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { renderPart } from '../render-console.tsx';

function Shown() {
  const { allowed, reason } = useWriteGuard();
  return <p>{allowed ? 'open' : reason}</p>;
}

const soon = () => new Date(Date.now() + 60_000).toISOString();

test.each([
  ['a lab cluster', fakeConnection(), {}, /^open$/],
  ['read-only', fakeConnection({ readOnly: true }), {}, /read-only.*\(CONNECTION_READ_ONLY\)$/],
  [
    'no secret',
    fakeConnection({ hasCredential: false }),
    {},
    /secret key.*\(CREDENTIAL_MISSING\)$/,
  ],
  [
    'locked production',
    fakeConnection({ environment: 'production' }),
    {},
    /locked.*\(CONNECTION_LOCKED\)$/,
  ],
  [
    'unlocked production',
    fakeConnection({ environment: 'production', unlockedUntil: soon() }),
    {},
    /^open$/,
  ],
  [
    'production whose time is up',
    fakeConnection({ environment: 'production', unlockedUntil: '2026-01-01T00:00:00Z' }),
    {},
    /locked/,
  ],
  [
    'offline',
    fakeConnection(),
    { state: 'offline' as const },
    /can't be reached.*change plan.*\(CONNECTION_OFFLINE\)$/,
  ],
])('tells whether writes go: %s', async (_, connection, status, words) => {
  const core = fakeCluster().on('sync.status', () => fakeStatus(status));
  renderPart(
    core,
    <ClusterProvider connection={connection}>
      <Shown />
    </ClusterProvider>,
  );
  expect(await screen.findByText(words)).toBeVisible();
});
