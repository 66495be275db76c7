/** What a write changed, for the request log: `user.created`, target, and what else matters. */
export interface Change {
  kind: string;
  target: string;
  detail?: string;
}

/** What the simulated gateway answers, before faults distort it. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Parts of the body in order; empty for none. */
  body: readonly Uint8Array[];
  /** What was changed; empty for a reading or a refusal. */
  changes: readonly Change[];
}

/** A refusal on its way to becoming an {@link Answer} in the variant's error form. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function emptyAnswer(changes: readonly Change[] = []): Answer {
  return { status: 200, headers: {}, body: [], changes };
}

/** A successful JSON answer. Integers may be `bigint`: they are written exactly. */
export function jsonAnswer(value: unknown, changes: readonly Change[] = []): Answer {
  return jsonTextAnswer(encodeJson(value), changes);
}

/** A successful answer of text that claims to be JSON. */
export function jsonTextAnswer(text: string, changes: readonly Change[] = []): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: [Buffer.from(text)],
    changes,
  };
}

/** JSON text of a value that may hold `bigint`, written as exact integers. */
export function encodeJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  // Joined as it is read: statistics hold thousands of members, and lists of them are dear.
  let members = '';
  if (Array.isArray(value)) {
    for (const member of value) members += `${members && ','}${encodeJson(member)}`;
    return `[${members}]`;
  }
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    members += `${members && ','}${JSON.stringify(name)}:${encodeJson(member)}`;
  }
  return `{${members}}`;
}
