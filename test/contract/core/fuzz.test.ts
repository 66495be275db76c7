import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseCsv } from '#core/changes/bulk/csv.ts';
import { readAnchor } from '#core/changes/journal/anchor.ts';
import { readPlan } from '#core/changes/plans/plan-file.ts';
import { openConnections } from '#core/clusters/connections/connection-bundle.ts';
import { readAnswer, rowsOf, textOf } from '#core/customers/whmcs/read-answer.ts';
import { parseAnswer } from '#core/gateway/answers/answer-body.ts';
import { readBucket, readBucketList } from '#core/gateway/model/read-bucket.ts';
import { readUser, readUserDetail, readUserList } from '#core/gateway/model/read-user.ts';
import { readLimits } from '#core/gateway/requests/limits.ts';
import { readQuota } from '#core/gateway/requests/quotas.ts';
import { readUsageObjectPage } from '#core/gateway/requests/usage.ts';
import { generateKeyRequest } from '#core/gateway/requests/users.ts';
import { readPolicy } from '#core/platform/policy.ts';
import { type CallName, contract } from '#shared/contract/index.ts';
import { csvCell, toCsv, withoutGuard } from '#shared/csv.ts';
import { AppError } from '#shared/errors.ts';
import { TestConsole } from '#test/fakes/test-console.ts';
import { part, seed } from '#test/part.ts';

const runs = part(12, 200);
const far = { seed, numRuns: runs * 20 };

/** Calls that leave the test's own folder or wait for a system dialog are fuzzed with what is no input alone. */
const reachesOut = (name: CallName): boolean => /\.(export|collect|refresh|reveal)$/.test(name);

type JsonSchema = {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
};

const oddTexts = [
  '',
  '..',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  '%00',
  '\u0000',
  "' OR 1=1 --",
  '=1+1',
  '\u202e',
  '😀',
];
const oddText = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);
const instant = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) });
const text = fc.oneof(
  oddText,
  fc.uuid(),
  instant.map((date) => date.toISOString()),
  fc.emailAddress(),
);
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, -1, 2 ** 53));

/** Values of the form that a schema asks for, bounds left to chance. */
function valuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return fc.oneof(...branches.map(valuesOf));
  if (schema.type === 'object') return objectsOf(schema);
  if (schema.type === 'array') return fc.array(valuesOf(schema.items ?? {}), { maxLength: 3 });
  if (schema.type === 'string') return text;
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer') return fc.integer({ min: -1, max: 1000 });
  if (schema.type === 'number') return number;
  return schema.type === 'null' ? fc.constant(null) : fc.jsonValue({ maxDepth: 2 });
}

function objectsOf({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, valuesOf(field)]),
  );
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
}

/** Inputs as the schema has them, with a field of another kind now and then; and no inputs at all. */
function inputsOf(name: CallName): fc.Arbitrary<unknown> {
  const schema = z.toJSONSchema(contract[name].input, { unrepresentable: 'any', io: 'input' });
  const garbage = fc.jsonValue({ maxDepth: 3 });
  if (reachesOut(name)) return garbage;
  const fitting = valuesOf(schema as JsonSchema);
  const bent = fc.tuple(fitting, fc.dictionary(oddText, garbage, { maxKeys: 2 }));
  const mixed = bent.map(([input, more]) => ({ ...(input as object), ...more }));
  return fc.oneof({ weight: 3, arbitrary: fitting }, mixed, garbage);
}

describe('every call, fuzzed from its schema and against it', () => {
  let subject: TestConsole;
  beforeAll(async () => {
    subject = await TestConsole.start();
  });
  afterAll(() => subject.end());

  // The console checks its own values against their schema; one that does not fit is INTERNAL.
  it.each(Object.keys(contract) as CallName[])(
    '%s answers as its schema says, or with a code',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(inputsOf(name), async (input) => {
          const reply = await subject.reply(name, input);
          if (reply.ok) return;
          expect(reply.error.code, `${JSON.stringify(input)}: ${reply.error.message}`).not.toBe(
            'INTERNAL',
          );
          expect(reply.error.hint).not.toBe('');
        }),
        { seed, numRuns: runs },
      );
    },
  );
});

/** Runs a reader; what it throws has to be an error with a code that is not "internal". */
function readsOrSays(read: () => unknown): void {
  try {
    read();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AppError);
    expect((thrown as AppError).code).not.toBe('INTERNAL');
  }
}

/** Documents that are nearly what a reader wants, and text that is none. */
const documents = (like: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<string> =>
  fc.oneof(
    fc.record(like, { requiredKeys: [] }).map((value) => JSON.stringify(value)),
    fc.string({ unit: 'binary' }),
  );

describe('what comes from outside', () => {
  const fields = [
    'UserEmail',
    'UserId',
    'State',
    'OwnerId',
    'AWSAccessKeys',
    'AccountCount',
    'Buckets',
    'name',
    'size',
    'flags',
    'limits',
    'quota',
    'items',
    'truncated',
    'ops:get',
    'AWSAccessKeyId',
    '__proto__',
  ];
  const answer = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 2 }));

  it('answers of the gateway are read or refused with a code', () => {
    const readers = [
      readUser,
      readUserList,
      readBucket,
      readBucketList,
      (json: unknown) => readUserDetail(json as never),
      readLimits,
      (json: unknown) => readQuota(json),
      readUsageObjectPage,
      (json: unknown) => generateKeyRequest('a@example.net').read?.(json),
    ];
    fc.assert(
      fc.property(fc.oneof(answer, fc.array(answer), fc.jsonValue()), (value) => {
        for (const read of readers) readsOrSays(() => read(parseAnswer(JSON.stringify(value))));
      }),
      far,
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => readsOrSays(() => parseAnswer(raw))),
      far,
    );
  });

  it('answers of a billing system are read or refused with a code', () => {
    const answers = documents({
      result: fc.constantFrom('success', 'error', 7),
      message: oddText,
      totalresults: fc.oneof(fc.integer(), oddText),
      clients: fc.oneof(fc.record({ client: fc.array(answer, { maxLength: 3 }) }), fc.jsonValue()),
    });
    fc.assert(
      fc.property(answers, fc.integer({ min: 200, max: 599 }), (body, status) =>
        readsOrSays(() => {
          const { answer: read } = readAnswer(body, status);
          for (const row of rowsOf(read.clients, 'client')) textOf(row.name);
        }),
      ),
      far,
    );
    for (const [open, close] of [
      ['{"a":', '}'],
      ['{"a":[', ']}'],
    ] as const) {
      const deep = `${open.repeat(10_000)}1${close.repeat(10_000)}`;
      expect(() => readAnswer(deep, 200)).toThrow(
        expect.objectContaining({ code: 'ANSWER_NOT_JSON' }),
      );
    }
  });

  it('plan files are read or refused with a code', () => {
    const plan = fc.record({
      format: fc.constantFrom('ostor-console-plan', 'ostor-change-plan', 'other'),
      version: fc.oneof(fc.integer(), fc.string()),
      checksum: fc.string(),
      changes: fc.jsonValue({ maxDepth: 3 }),
    });
    fc.assert(
      fc.property(plan, (value) => readsOrSays(() => readPlan(JSON.stringify(value)))),
      far,
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => readsOrSays(() => readPlan(raw))),
      far,
    );
  });

  it('files of connections are read or refused with a code', async () => {
    const file = documents({
      format: fc.constantFrom('ostor-console-connections', 'other'),
      version: fc.oneof(fc.constant(1), fc.integer()),
      kdf: fc.oneof(
        fc.constant({ name: 'scrypt', N: 65_536, r: 8, p: 1, salt: 'AAAA' }),
        fc.jsonValue({ maxDepth: 2 }),
      ),
      cipher: fc.oneof(
        fc.record({ name: fc.constant('aes-256-gcm'), iv: oddText, tag: oddText }),
        fc.jsonValue({ maxDepth: 2 }),
      ),
      data: oddText,
    });
    await fc.assert(
      fc.asyncProperty(file, async (content) => {
        const failure: unknown = await openConnections(content, 'a passphrase').catch((e) => e);
        expect(failure).toMatchObject({ code: 'FILE_INVALID' });
      }),
      { seed, numRuns: runs * 5 },
    );
  });

  it('anchors are read or refused with a code', () => {
    const anchor = documents({
      format: fc.constantFrom('ostor-journal-anchor', 'other'),
      version: fc.constantFrom(1, 2, 3),
      journal: oddText,
      connectionId: oddText,
      cluster: oddText,
      entries: fc.integer(),
      hash: fc.oneof(fc.constant('a'.repeat(64)), oddText),
      at: text,
      operator: oddText,
      seal: fc.jsonValue({ maxDepth: 2 }),
    });
    fc.assert(
      fc.property(anchor, (content) => readsOrSays(() => readAnchor(content))),
      far,
    );
  });

  it("administrators' policies are read or refused with a code", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fuzz-policy-'));
    const path = join(folder, 'policy.json');
    const policy = documents({
      version: fc.constantFrom(1, 2),
      organization: oddText,
      settings: fc.dictionary(
        fc.constantFrom('plainHttp', 'idleMinutes', 'updateFeed', 'addConnections', '__proto__'),
        fc.oneof(fc.constant('forbidden'), fc.jsonValue({ maxDepth: 1 })),
      ),
      connections: fc.array(fc.dictionary(oddText, fc.jsonValue({ maxDepth: 2 })), {
        maxLength: 3,
      }),
    });
    await fc.assert(
      fc.asyncProperty(policy, async (content) => {
        await writeFile(path, content, { mode: 0o600 });
        const failure: unknown = await readPolicy({ system: path }).then(
          () => null,
          (thrown) => thrown,
        );
        if (failure !== null) expect(failure).toMatchObject({ code: 'POLICY_INVALID' });
      }),
      { seed, numRuns: runs * 5 },
    );
    await rm(folder, { recursive: true });
  });

  it('tables are read or refused, and what was exported reads back as it was', () => {
    const cells = fc.array(fc.array(text, { minLength: 2, maxLength: 2 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => readsOrSays(() => parseCsv(raw))),
      far,
    );
    fc.assert(
      fc.property(cells, (rows) => {
        const records = parseCsv(toCsv({ columns: ['one', 'two'], rows }));
        if (!Array.isArray(records)) throw new Error(`not read: ${JSON.stringify(records)}`);
        const filled = rows.filter((row) => row.some((cell) => cell.trim() !== ''));
        const read = records
          .slice(1)
          .map((record) => record.cells.map((cell) => withoutGuard(cell).trim()));
        expect(read.filter((row) => row.some((cell) => cell !== ''))).toHaveLength(filled.length);
        for (const cell of rows.flat())
          expect(csvCell(cell)).not.toMatch(/^"?[=+\-@\t\r\n＝＋－＠]/);
      }),
      far,
    );
  });
});
