import type { Migration } from '../../../store/sqlite/migrations.ts';
import { targets } from './0001-targets.ts';

/** Every step of the sweep's file, in order. */
export const sweepMigrations: readonly Migration[] = [targets];
