import { expect, it } from 'vitest';
import { preferencesContract } from '#shared/contract/preferences.ts';

const { input } = preferencesContract['preferences.set'];
const layout = { order: ['email'], widths: { email: 300 }, visible: { keys: false } };
const view = {
  ...{ id: 'a', name: 'Full', connectionId: null, page: 'users', query: '', table: 'users' },
  layout,
};

it('takes every preference of the console, and null for one that is taken away', () => {
  const changes = {
    ...{ theme: 'dark', density: 'compact', clock: 'utc', railFolded: true, detailWidth: 420 },
    ...{
      lastConnectionId: null,
      recentConnectionIds: ['rack-7'],
      recent: [{ id: 'a', label: 'A' }],
    },
    ...{
      'views/a': view,
      'columns/rack-7/users/view/a': layout,
      'firstStepsDismissed/rack-7': true,
    },
    ...{ 'views/gone': null, theirs: null },
  };
  expect(input.parse({ changes })).toEqual({ changes });
});

it.each([
  ['theme', 'x', 'theme'],
  ['detailWidth', -5, 'detailWidth'],
  ['columns/rack-7/users', { ...layout, order: null }, 'columns/rack-7/users.order'],
  ['views/a', { ...view, layout: null }, 'views/a.layout'],
  ['firstStepsDismissed/rack-7', false, 'firstStepsDismissed/rack-7'],
  ['views/a', { ...view, query: 'x'.repeat(32_768) }, 'views/a'],
  ['unknown', 7, 'unknown'],
  ['toString', 7, 'toString'],
])('refuses %s as %j, and says where it is wrong', (key, value, where) => {
  const { error } = input.safeParse({ changes: { [key]: value } });
  expect(error?.issues.map(({ path }) => path.join('.'))).toContain(`changes.${where}`);
});
