import type { ComponentType } from 'react';
import { TrafficPage } from './traffic/traffic-page.tsx';

/** The Usage page's first part. */
export const UsagePage = TrafficPage;

/** Further parts of Usage with their addresses under `usage/`. */
export const usageParts: readonly { path: string; Component: ComponentType }[] = [];
