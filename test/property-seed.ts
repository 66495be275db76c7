import fc from 'fast-check';

// the same values in each run, so that the same code has the same result; `npm run soak` tries others
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
