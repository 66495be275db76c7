const itemsAPart = 2000;

/**
 * Keeps the bytes of long lists, so that a benchmark of a client does not measure the simulator.
 * A list is made again when its key changes (revision of the data, variants that shape it).
 */
export class ListCache {
  private readonly lists = new Map<string, { key: string; parts: readonly Uint8Array[] }>();

  /**
   * The bytes of a JSON list in parts.
   * @param name which list; one version of each is kept
   * @param key what it depends on, or null to keep nothing
   */
  bytes(
    name: string,
    key: string | null,
    frame: { before: string; after: string },
    items: () => Iterable<string>,
  ): readonly Uint8Array[] {
    const known = this.lists.get(name);
    if (key !== null && known?.key === key) return known.parts;
    const parts = encodeList(frame, items());
    if (key !== null) this.lists.set(name, { key, parts });
    return parts;
  }
}

function encodeList(frame: { before: string; after: string }, items: Iterable<string>): Buffer[] {
  const parts: Buffer[] = [];
  let pending: string[] = [];
  let before = frame.before;
  for (const item of items) {
    pending.push(item);
    if (pending.length < itemsAPart) continue;
    parts.push(Buffer.from(before + pending.join(',')));
    before = ',';
    pending = [];
  }
  const rest = pending.length === 0 && before === ',' ? '' : before + pending.join(',');
  parts.push(Buffer.from(rest + frame.after));
  return parts;
}
