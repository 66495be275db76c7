/** No valid answer, plan or call nests deeper; one that does is hostile. */
export const deepestNesting = 100;

/**
 * Returns whether JSON text nests deeper than anything the console reads. It takes one pass, before
 * anything walks the document level by level.
 */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at + 1);
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > deepestNesting) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}

function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at > 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at < 0 ? text.length : at;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
  return backslashes % 2 === 1;
}

/** The same of a value that was parsed already, without walking deeper than that. */
export function valueNestsTooDeep(value: unknown, deepest: number = deepestNesting): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if (deepest === 0) return true;
  return Object.values(value).some((inner) => valueNestsTooDeep(inner, deepest - 1));
}
