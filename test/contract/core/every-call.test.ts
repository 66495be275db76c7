import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CallName, contract } from '#shared/contract/index.ts';
import { TestConsole } from '#test/fakes/test-console.ts';

const names = Object.keys(contract) as CallName[];

/** Inputs that no call takes. */
const hostile: readonly unknown[] = [
  'text',
  7,
  true,
  [],
  [{}],
  { connectionId: '../../../etc/passwd' },
  { connectionId: ['a'], id: ['a'], taskId: 7 },
  { connectionId: { $ne: null }, id: { $ne: null }, taskId: {} },
];

/** An object is refused only where a field of it is wanted or of another form. */
function takes(name: CallName, input: unknown): boolean {
  return contract[name].input.safeParse(input).success;
}

describe('every call of the contract', () => {
  let subject: TestConsole;

  beforeAll(async () => {
    subject = await TestConsole.start();
  });

  afterAll(() => subject.end());

  it.each(names)('%s answers invalid input with INPUT_INVALID', async (name) => {
    const refused = hostile.filter((input) => !takes(name, input));
    expect(refused.length).toBeGreaterThanOrEqual(5);
    for (const input of refused) {
      expect(await subject.reply(name, input)).toMatchObject({
        ok: false,
        error: { code: 'INPUT_INVALID', retryable: false, hint: expect.any(String) },
      });
    }
  });

  it.each(names)('%s is named domain.verb, and its input is an object', (name) => {
    expect(name).toMatch(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/);
    expect(takes(name, 'text')).toBe(false);
  });

  it.each(names.filter((name) => takesConnection(name)))(
    '%s names the connection that is not there',
    async (name) => {
      const input = { ...leastInput(name), connectionId: 'not-there' };
      expect(contract[name].input.safeParse(input).error).toBeUndefined();
      const reply = await subject.reply(name, input);
      if (name in remembersNothing) {
        return expect(reply).toEqual({ ok: true, value: remembersNothing[name] });
      }
      const code = missesFirst[name] ?? 'CONNECTION_NOT_FOUND';
      expect(reply).toMatchObject({ ok: false, error: { code } });
    },
  );

  it('puts a secret into no output but where the contract says so', () => {
    const revealing = names.filter((name) => holdsSecret(contract[name].output));
    expect(revealing.filter((name) => !contract[name].revealsSecret)).toEqual([]);
    expect(
      names.filter((name) => name.startsWith('connections.') && holdsSecret(contract[name].output)),
    ).toEqual([]);
  });
});

interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  minItems?: number;
  minimum?: number;
  pattern?: string;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
}

const texts = [
  '0123456789abcdef',
  'a@example.net',
  '2026-10-01T00:00:00.000Z',
  '7',
  'EUR',
  '00000000-0000-0000-0000-000000000000',
  's3-usage-65-2026-10-01T00:00:00.000Z-1800',
  'archive-20261001T000000Z.sqlite',
];

/** What the schemas of some calls do not say of their input. */
const alsoNeeded: Partial<Record<CallName, object>> = {
  'limits.set': { limits: { opsGet: 1 } },
  'operations.preview': { operation: 'users.disable', input: { userId: '5' } },
  'statements.acceptHeld': { to: '2026-11-01' },
  'statements.withdrawHeld': { to: '2026-11-01' },
  'usage.coverage': { to: '2026-11-01' },
  'usage.exportDataset': { to: '2026-11-01' },
};

/** Calls that look for something else first: it is what they miss. */
const missesFirst: Partial<Record<CallName, string>> = {
  'tasks.get': 'TASK_NOT_FOUND',
  'tasks.cancel': 'TASK_NOT_FOUND',
  'tasks.pause': 'TASK_NOT_FOUND',
  'tasks.resume': 'TASK_NOT_FOUND',
  'tasks.markRead': 'TASK_NOT_FOUND',
  'customers.map': 'NOT_FOUND',
  'customers.previewHandover': 'NOT_FOUND',
  'customers.handOver': 'NOT_FOUND',
  'customers.unmap': 'NOT_FOUND',
  'onboarding.prepare': 'BILLING_CONNECTION_NOT_FOUND',
  'statements.acceptHeld': 'NOT_FOUND',
  'statements.withdrawHeld': 'NOT_FOUND',
  'statements.previewTakeBack': 'NOT_FOUND',
  'statements.takeBack': 'NOT_FOUND',
};

/** Calls that go by what the console remembers, also of a connection that was removed: nothing, here. */
const remembersNothing: Partial<Record<CallName, unknown>> = {
  'tasks.list': [],
  'customers.ofUser': [],
  'servicePlans.endException': { ended: false },
};

/** The least that a schema takes. */
function leastOf(schema: JsonSchema): unknown {
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const branch = (schema.anyOf ?? schema.oneOf)?.[0];
  if (branch) return leastOf(branch);
  const { type, properties = {}, required = [], items = {}, minItems = 0 } = schema;
  if (type === 'array') return Array.from({ length: minItems }, () => leastOf(items));
  if (type === 'object') {
    return Object.fromEntries(required.map((key) => [key, leastOf(properties[key] ?? {})]));
  }
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return false;
  return texts.find((text) => new RegExp(schema.pattern ?? '', 'u').test(text));
}

function leastInput(name: CallName): object {
  const least = leastOf(jsonSchemaOf(contract[name].input) as JsonSchema) as object;
  return { ...least, ...alsoNeeded[name] };
}

function jsonSchemaOf(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
}

function takesConnection(name: CallName): boolean {
  const { input } = contract[name];
  return input instanceof z.ZodObject && 'connectionId' in input.shape;
}

/** Whether a field of the schema, at any depth, is named like a secret. */
function holdsSecret(schema: z.ZodType): boolean {
  const asJson = JSON.stringify(jsonSchemaOf(schema));
  return /"(secretKey|secretAccessKey|password|token)":/.test(asJson);
}
