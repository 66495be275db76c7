import { type ComponentType, lazy } from 'react';

// Charts are the heaviest part of the interface: read when Usage is first opened, not at start.
const CoveragePage = lazy(async () => ({
  default: (await import('./coverage/coverage-page.tsx')).CoveragePage,
}));
const GatewayPage = lazy(async () => ({
  default: (await import('./gateway/gateway-page.tsx')).GatewayPage,
}));
const StoragePage = lazy(async () => ({
  default: (await import('./storage/storage-page.tsx')).StoragePage,
}));
const TrafficPage = lazy(async () => ({
  default: (await import('./traffic/traffic-page.tsx')).TrafficPage,
}));

/** The Usage page's first part. */
export const UsagePage = TrafficPage;

/** Further parts of Usage with their addresses under `usage/`. */
export const usageParts: readonly { path: string; Component: ComponentType }[] = [
  { path: 'coverage', Component: CoveragePage },
  { path: 'storage', Component: StoragePage },
  { path: 'gateway', Component: GatewayPage },
];
