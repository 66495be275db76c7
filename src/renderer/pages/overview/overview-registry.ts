import type { ComponentType } from 'react';
import { createRegistry } from '../../kit/registry.ts';

/** Further sections of the Overview page, each half of its width: usage, quotas near their limit. */
export const overviewSections = createRegistry<{
  id: string;
  order: number;
  title: string;
  Component: ComponentType;
}>();
