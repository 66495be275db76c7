/** Returns the switch of an option: `usagePageSize` is `usage-page-size`. */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** @throws Error where the text is no number */
export function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new Error(`${name} is not a number: ${text}`);
  return value;
}

/** @throws Error where the text is neither `true` nor `false` */
export function truthOf(name: string, text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new Error(`${name} is true or false`);
  return text === 'true';
}

/** Returns the one of some values that a text names. @throws Error where it names none */
export function oneOf<Value>(name: string, choices: readonly Value[], text: string): Value {
  const value = choices.find((choice) => String(choice) === text);
  if (value === undefined) throw new Error(`${name} is one of ${choices.join(', ')}`);
  return value;
}

/** Splits `kind,name=value,…` into the kind and its parts. @throws Error for a kind not known */
export function faultParts<Kind extends string>(
  text: string,
  kinds: readonly Kind[],
): { kind: Kind; parts: { part: string; name: string; value: string }[] } {
  const [kindText = '', ...parts] = text.split(',');
  const kind = kinds.find((known) => known === kindText);
  if (kind === undefined) throw new Error(`a fault is one of ${kinds.join(', ')}`);
  return {
    kind,
    parts: parts.map((part) => {
      const equals = part.indexOf('=');
      return { part, name: part.slice(0, equals), value: part.slice(equals + 1) };
    }),
  };
}
