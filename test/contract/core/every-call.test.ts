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
    '%s on a connection that is not there answers CONNECTION_NOT_FOUND, or wants more',
    async (name) => {
      const reply = await subject.reply(name, { connectionId: 'not-there' });
      if (reply.ok) return expect(name).toMatch(/^tasks\./);
      expect(['CONNECTION_NOT_FOUND', 'INPUT_INVALID']).toContain(reply.error.code);
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

function takesConnection(name: CallName): boolean {
  const { input } = contract[name];
  return input instanceof z.ZodObject && 'connectionId' in input.shape;
}

/** Whether a field of the schema, at any depth, is named like a secret. */
function holdsSecret(schema: z.ZodType): boolean {
  const asJson = JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }));
  return /"(secretKey|secretAccessKey|password|token)":/.test(asJson);
}
