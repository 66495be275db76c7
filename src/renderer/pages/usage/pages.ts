import type { ComponentType } from 'react';
import { IssuedPage } from './billing/issued-page.tsx';
import { StatementsPage } from './billing/statements-page.tsx';
import { TariffsPage } from './billing/tariffs-page.tsx';
import { CollectionPage } from './collect/collection-page.tsx';
import { CoveragePage } from './coverage/coverage-page.tsx';
import { GatewayPage } from './gateway/gateway-page.tsx';
import { StoragePage } from './storage/storage-page.tsx';
import { TrafficPage } from './traffic/traffic-page.tsx';

/** The Usage page's first part. */
export const UsagePage = TrafficPage;

/** Further parts of Usage with their addresses under `usage/`. */
export const usageParts: readonly { path: string; Component: ComponentType }[] = [
  { path: 'coverage', Component: CoveragePage },
  { path: 'storage', Component: StoragePage },
  { path: 'gateway', Component: GatewayPage },
  { path: 'statements', Component: StatementsPage },
  { path: 'issued', Component: IssuedPage },
  { path: 'tariffs', Component: TariffsPage },
  { path: 'collection', Component: CollectionPage },
];
