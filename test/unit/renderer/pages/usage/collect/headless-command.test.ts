import { expect, test } from 'vitest';
import { collectCommand, shellWord } from '#renderer/pages/usage/collect/collection-page.tsx';

test.each([
  ['rack-7', 'rack-7'],
  ['Rack 7', "'Rack 7'"],
  ["it's; rm -rf $HOME", "'it'\\''s; rm -rf $HOME'"],
  ['', "''"],
])('%s is quoted where a shell needs it', (word, quoted) => {
  expect(shellWord(word)).toBe(quoted);
});

test('the command names connection, removal and data folder', () => {
  expect(collectCommand({ connection: 'Rack 7', dataDir: '/srv/console', remove: true })).toBe(
    "npm run --silent collect -- --connection 'Rack 7' --remove --data-dir /srv/console",
  );
  expect(collectCommand({ connection: 'lab', dataDir: null, remove: false })).toBe(
    'npm run --silent collect -- --connection lab',
  );
});
