import { z } from 'zod';
import { type CallName, contract } from '#shared/contract/index.ts';

interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  format?: string;
  minimum?: number;
}

const texts: Readonly<Record<string, string>> = {
  'date-time': '2026-11-21T12:03:00.000Z',
  uuid: '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d',
  uri: 'https://example.com/',
  email: 'user-000001@example.com',
};

interface Known {
  $defs: Record<string, JsonSchema>;
  /** Texts by the name of their field. */
  named: Readonly<Record<string, string>>;
}

/** Returns a small value of a schema: one item in each list, nothing where nothing is allowed. */
function sampleOf(schema: JsonSchema, known: Known): unknown {
  const of = (part: JsonSchema): unknown => sampleOf(part, known);
  if (schema.$ref) return of(known.$defs[schema.$ref.replace('#/$defs/', '')] ?? {});
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return variants.some(({ type }) => type === 'null') ? null : of(variants[0] ?? {});
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => of(part)));
  switch (schema.type) {
    case 'object': {
      const { properties = {}, required = [] } = schema;
      return Object.fromEntries(
        required.map((name) => {
          const { type, ...field } = properties[name] ?? {};
          const text = type === 'string' ? known.named[name] : undefined;
          return [name, text ?? of({ ...field, ...(type ? { type } : {}) })];
        }),
      );
    }
    case 'array':
      return schema.prefixItems?.map(of) ?? [of(schema.items ?? {})];
    case 'string':
      return texts[schema.format ?? ''] ?? '1';
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

/**
 * Returns an answer to a call that fits its contract, for tests to which any will do.
 * @param named texts by the name of their field: ids of what else the test has
 */
export function answerByContract(name: CallName, named: Known['named'] = {}): unknown {
  const json = { unrepresentable: 'any', io: 'output' } as const;
  const schema = z.toJSONSchema(contract[name].output, json) as JsonSchema;
  return sampleOf(schema, { $defs: schema.$defs ?? {}, named });
}
