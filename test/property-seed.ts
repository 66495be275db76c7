import fc from 'fast-check';
import { part, seed } from './part.ts';

// the same values in each run, so that the same code has the same result; `npm run soak` tries others
fc.configureGlobal({ seed, numRuns: part(50, 200) });
