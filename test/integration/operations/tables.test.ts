import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeText, toCsv } from '#shared/csv.ts';
import { type OperationsBench, openOperationsBench } from './operations-bench.ts';

let bench: OperationsBench;

const people = [
  { id: 'aaaa000000000001', email: 'tenant00001@example.net' },
  { id: '8000000000000000', email: '+49tenant@example.net' },
  { id: 'aaaa000000000003', email: 'jürgen@müller.de'.normalize('NFD') },
  { id: 'aaaa000000000004', email: 'Case@Example.net' },
  { id: 'aaaa000000000005', email: 'twin@example.net' },
  { id: 'aaaa000000000006', email: 'Twin@example.net' },
];

beforeAll(async () => {
  bench = await openOperationsBench({ users: 12, buckets: 6 });
  for (const { id, email } of people) {
    bench.simulator.state.users.put({
      id,
      email,
      enabled: true,
      system: false,
      keys: [],
      accounts: [],
    });
  }
  await bench.refresh();
});
afterAll(() => bench.close());

const fixture = (name: string): string =>
  decodeText(readFileSync(`test/fixtures/tables/${name}`)).text;
const unset = Array<string>(6).fill('not set');
const parse = (text: string) => bench.call('bulk.parse', { text });

describe('a table', () => {
  it('that the console exported is its own import: the id counts, other columns are named', async () => {
    const table = await parse(fixture('users-export.csv'));
    expect(table).toMatchObject({ errors: [], lines: 1, changes: 1 });
    expect(table.ignored).toEqual(['Buckets', 'Size', 'Cluster', 'Data of']);
    expect(table.sample[0]).toMatchObject({
      operation: 'users.disable',
      target: { id: 'aaaa000000000001', name: 'tenant00001@example.net' },
    });
  });

  it('with an id and the e-mail of somebody else is refused', async () => {
    const text = 'User id,E-mail,State\naaaa000000000001,case@example.net,disabled\n';
    expect((await parse(text)).errors).toEqual([
      {
        line: 2,
        column: 'email',
        message:
          'The id aaaa000000000001 belongs to "tenant00001@example.net", not to "case@example.net".',
      },
    ]);
    const other = 'User id,E-mail,State\naaaa000000000001,TENANT00001@example.net,disabled\n';
    expect(await parse(other)).toMatchObject({ errors: [], changes: 1 });
  });

  it('of Windows-1252, with a separator line, or guarded against formulas is read', async () => {
    for (const name of ['windows-1252.csv', 'separator-line.csv']) {
      const table = await parse(fixture(name));
      expect(table.errors, name).toEqual([]);
      expect(table.sample.map(({ target, line }) => [target.id, line])).toEqual(
        ['aaaa000000000003', 'aaaa000000000001'].map((id, at) => [
          id,
          at + (name.startsWith('sep') ? 3 : 2),
        ]),
      );
    }
    const guarded = await parse(fixture('formula-guard.csv'));
    expect(guarded).toMatchObject({ errors: [], changes: 1 });
    expect(guarded.sample[0]?.target.id).toBe('8000000000000000');
  });

  it('says which ids a spreadsheet turned into numbers', async () => {
    const { errors } = await parse(fixture('ids-as-numbers.csv'));
    expect(errors.map(({ line, column }) => [line, column])).toEqual([
      [2, 'id'],
      [3, 'id'],
      [4, 'id'],
    ]);
    expect(errors[0]?.message).toContain('a spreadsheet has turned it into a number');
    expect(errors[1]?.message).toContain('a spreadsheet may have turned it into a number');
    expect(errors[2]?.message).toContain('a spreadsheet has turned it into a number');
  });

  it('names people in any case, unless two differ in case alone', async () => {
    const table = await parse(
      'email,quota_gb\ncase@example.NET,5\n\u200e twin@example.net\u200b,6\nTWIN@example.net,7\n',
    );
    expect(table.sample.map(({ target }) => target.id)).toEqual([
      'aaaa000000000004',
      'aaaa000000000005',
    ]);
    expect(table.errors).toEqual([
      {
        line: 4,
        column: 'email',
        message: 'More than one user has the e-mail "TWIN@example.net": name them by id.',
      },
    ]);
  });

  it('takes numbers as people type them, or refuses them in words', async () => {
    const head = 'id;quota_gb;out kB/s';
    const good = await parse(`${head}\naaaa000000000001;5 TB;1,5\n`);
    expect(good.sample.map(({ values }) => values)).toEqual([
      'Set quota to 5000 GB',
      'Set rate limits',
    ]);
    const { errors } = await parse(
      `${head}\naaaa000000000001;1,5;\naaaa000000000003;-5;\naaaa000000000004;1,5 GiB;1.234\n`,
    );
    expect(errors.map(({ message }) => message)).toEqual([
      'Enter a whole number of GB.',
      'Enter a number without a minus: "-5" is negative.',
      expect.stringContaining('"GiB" can\'t be converted to GB'),
      '"1.234" can mean 1234 or 1.2340: enter the one you mean.',
    ]);
  });

  it('with letters lost on the way is refused', async () => {
    const { errors } = await parse('email,quota_gb\nj\uFFFDrgen@example.net,5\n');
    expect(errors).toMatchObject([{ line: 2, column: 'cell 1' }]);
  });

  it('exported from the page of limits comes back with the words of its cells', async () => {
    const columns = [
      'E-mail',
      'User id',
      'State',
      'Size',
      'Own quota',
      'Default ops/s',
      'Get ops/s',
    ];
    const others = ['Put ops/s', 'List ops/s', 'Delete ops/s', 'Out kbs/s', 'Read'];
    const [one, two] = people;
    const text = toCsv({
      columns: [...columns, ...others],
      rows: [
        [one?.email ?? '', one?.id ?? '', 'enabled', 5, 70, 'not set', 2.5, ...unset.slice(2), ''],
        [two?.email ?? '', two?.id ?? '', 'unknown', 5, 'not set', ...unset, ''],
        [
          people[2]?.email ?? '',
          people[2]?.id ?? '',
          'unknown',
          5,
          ...Array(7).fill('not read'),
          '',
        ],
      ],
    });
    const table = await parse(text);
    expect(table.errors).toEqual([]);
    expect(table.sample.map(({ line, operation }) => [line, operation])).toEqual([
      [2, 'quotas.set'],
      [2, 'limits.set'],
      [2, 'users.enable'],
      [3, 'quotas.clear'],
      [3, 'limits.clear'],
    ]);
  });
});

it('bad lines are refused rows of the run, named with their cells; the others are changed', async () => {
  const table = [
    'email,quota_gb,get ops/s,state',
    'tenant00001@example.net,70,,',
    'nobody@example.net,5,,',
    'case@example.net,7.5,,',
    'jürgen@müller.de,5,,enbaled',
    'aaaa000000000004,5,,',
    'tenant00001@example.net,71,,',
    'twin@example.net,9,fast,',
    '+49tenant@example.net,72,,,surplus',
  ];
  const parsed = await parse(table.join('\n'));
  expect(parsed).toMatchObject({ lines: 8, changes: 1, badLines: 7 });
  expect(parsed.sample.map(({ line }) => line)).toEqual([2]);
  const source = { from: 'csv', text: table.join('\n') } as const;
  const run = await bench.call('bulk.preview', { source });
  expect(run).toMatchObject({
    total: 8,
    writes: 1,
    destructive: false,
    counts: { pending: 1, refused: 7 },
  });
  expect(run.warnings[0]?.normalize('NFC')).toBe(
    '7 lines of the table are skipped: lines 3 (nobody@example.net), 4 (Case@Example.net), ' +
      '5 (jürgen@müller.de), 6 (aaaa000000000004), 7 (tenant00001@example.net), ' +
      '8 (twin@example.net), 9 (+49tenant@example.net).',
  );
  const { taskId } = await bench.call('bulk.apply', { runId: run.runId, canary: 'none' });
  expect((await bench.ended(taskId)).state).toBe('succeeded');
  const { rows } = await bench.call('bulk.rows', { runId: run.runId, offset: 0, limit: 20 });
  expect(rows.map(({ line, state }) => [line, state])).toEqual([
    [2, 'verified'],
    ...[3, 4, 5, 6, 7, 8, 9].map((line) => [line, 'refused']),
  ]);
  const why = rows.slice(1).map(({ target, error }) => [target.name, error?.message]);
  expect(why.map(([, message]) => message)).toEqual([
    'email: The console knows no user "nobody@example.net"; refresh if it is new.',
    'quota_gb: Enter a whole number of GB.',
    expect.stringMatching(/^state: "enbaled" is neither/),
    expect.stringMatching(/^email: The console knows no user "aaaa000000000004"/),
    'email: "tenant00001@example.net" duplicates line 2.',
    expect.stringMatching(/^ops_get: /),
    'cell 5: The line has more cells than the header.',
  ]);
  const stays = bench.simulator.state.quotas;
  expect([...stays.keys()].filter((key) => key.includes('aaaa00000000000'))).toHaveLength(1);
  const plan = await bench.call('plans.make', { name: 'Good lines', source });
  expect(plan.changes).toBe(1);
  const named = await bench.call('bulk.preview', { source: { ...source, title: 'By plan' } });
  expect(named.title).toBe('By plan');
  const none = await bench.failure('bulk.preview', {
    source: { from: 'csv', text: table.filter((_, at) => at !== 1 && at !== 6).join('\n') },
  });
  expect(none).toMatchObject({ code: 'INPUT_INVALID' });
  expect(none.message).toMatch(/^The table has 6 errors; the first is in line 2, column email/);
});

it('a quota that is no whole number, or less than nothing, is refused in words by core', async () => {
  for (const sizeGb of ['1.5', '-5', '1,5', -5, 1.5, '9'.repeat(400)]) {
    const target = { user: 'aaaa000000000001' };
    const error = await bench.failure('quotas.set', { target, sizeGb });
    expect(error.code).toBe('INPUT_INVALID');
    expect(error.message).toContain('a quota is a whole number of GB, 0 or more');
  }
});

it('a search finds composed and decomposed letters, in any case, by text that was pasted', async () => {
  const { snapshot } = { snapshot: await (await bench.clusters.get('lab')).snapshot() };
  for (const search of ['JÜRGEN@MÜLLER', 'jürgen'.normalize('NFD'), '\u200ejürgen\u200b ']) {
    const { rows } = await snapshot.ask('users', { search, offset: 0, limit: 10 });
    expect(rows.map(({ userId }) => userId)).toEqual(['aaaa000000000003']);
    const grid = await bench.call('limits.grid', { of: 'user', search, offset: 0, limit: 10 });
    expect(grid.total).toBe(1);
  }
});

describe('a table that creates', () => {
  const table = [
    'email,create_user,create_account,generate_key,quota_gb',
    'new.one@example.net,yes,,,',
    'new.two@example.net,yes,,,',
    'tenant00001@example.net,,backup,yes,5',
    'case@example.net,,,yes,',
    // refused: exists, no e-mail, more than creation, no such account yet is the gateway's word
    'Twin@example.net,yes,,,',
    'nobody,yes,,,',
    'new.three@example.net,yes,,yes,',
    'NEW.one@example.net,yes,,,',
  ].join('\n');

  it('says what each line makes, and why others can’t be', async () => {
    const parsed = await parse(table);
    expect(parsed.sample.map(({ line, operation, values }) => [line, operation, values])).toEqual([
      [2, 'users.create', 'Create user'],
      [3, 'users.create', 'Create user'],
      [4, 'quotas.set', 'Set quota to 5 GB'],
      [4, 'accounts.create', 'Create account backup'],
      [4, 'keys.generate', 'Generate access key'],
      [5, 'keys.generate', 'Generate access key'],
    ]);
    expect(parsed.errors.map(({ line, column }) => [line, column])).toEqual([
      [6, 'create_user'],
      [7, 'email'],
      [8, 'create_user'],
      [9, 'email'],
    ]);
  });

  it('is previewed, run once, journalled, and holds no secret anywhere', async () => {
    bench.simulator.log.clear();
    const run = await bench.call('bulk.preview', { source: { from: 'csv', text: table } });
    expect(run).toMatchObject({ state: 'previewed', counts: { pending: 6, refused: 4 } });
    expect(bench.simulator.log.acted()).toHaveLength(0);
    const { taskId } = await bench.call('bulk.apply', { runId: run.runId });
    expect(await bench.ended(taskId)).toMatchObject({ state: 'succeeded', failed: 0 });
    const done = await bench.call('bulk.get', { runId: run.runId });
    expect(done).toMatchObject({ state: 'finished', counts: { verified: 6, refused: 4 } });
    const kinds = (kind: string) => bench.simulator.log.acted(kind).length;
    expect([kinds('user.created'), kinds('account.created'), kinds('key.generated')]).toEqual([
      2, 1, 2,
    ]);
    const users = [...bench.simulator.state.users.byId.values()];
    const made = users.filter(({ email }) => email.startsWith('new.'));
    expect(made.map(({ email }) => email).sort()).toEqual([
      'new.one@example.net',
      'new.two@example.net',
    ]);
    const keys = users.flatMap((user) => [
      ...user.keys,
      ...user.accounts.flatMap((account) => account.keys),
    ]);
    const { rows } = await bench.call('bulk.rows', { runId: run.runId, limit: 100 });
    const { rows: journal } = await bench.call('journal.list', {
      ...{ filter: { runId: run.runId }, limit: 100 },
    });
    expect(journal).toHaveLength(6);
    const reported = JSON.stringify([done, rows, journal]);
    const secrets = keys.map((key) => bench.simulator.state.users.secretOf(key));
    expect(secrets.length).toBeGreaterThan(4);
    expect(secrets.filter((secret) => reported.includes(secret))).toEqual([]);
  });
});
