// A process that does nothing but note when it stood still: what the machine takes from every process.
import { recordGaps } from './watch-loop.ts';

const gaps = recordGaps();
process.once('message', () => process.send?.(gaps(), () => process.disconnect()));
process.send?.('ready');
