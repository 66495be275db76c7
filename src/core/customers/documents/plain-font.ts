const shaping = new Set(['GSUB', 'GPOS', 'GDEF', 'kern', 'hdmx', 'VDMX', 'LTSH']);
const headLength = 12;
const entryLength = 16;

/**
 * Returns a TrueType font without its shaping tables. Kerning and ligatures are lost; reading and
 * applying their tables takes two thirds of the time of a document.
 */
export function withoutShaping(font: Buffer): Buffer {
  const count = font.readUInt16BE(4);
  const entries = Array.from({ length: count }, (_, index) => {
    const at = headLength + entryLength * index;
    return {
      head: font.subarray(at, at + 8),
      tag: font.toString('latin1', at, at + 4),
      offset: font.readUInt32BE(at + 8),
      length: font.readUInt32BE(at + 12),
    };
  }).filter(({ tag }) => !shaping.has(tag));
  const head = Buffer.alloc(headLength + entryLength * entries.length);
  font.copy(head, 0, 0, headLength);
  head.writeUInt16BE(entries.length, 4);
  const tables: Buffer[] = [];
  let position = head.length;
  entries.forEach((entry, index) => {
    const at = headLength + entryLength * index;
    entry.head.copy(head, at);
    head.writeUInt32BE(position, at + 8);
    head.writeUInt32BE(entry.length, at + 12);
    const padding = (4 - (entry.length % 4)) % 4;
    tables.push(font.subarray(entry.offset, entry.offset + entry.length), Buffer.alloc(padding));
    position += entry.length + padding;
  });
  return Buffer.concat([head, ...tables]);
}

/** Returns whether a TrueType font has a glyph of a character, by its Unicode tables. */
export function glyphsOf(font: Buffer): (codePoint: number) => boolean {
  const covered = new Set<number>();
  const table = tableAt(font, 'cmap');
  const count = font.readUInt16BE(table + 2);
  for (let index = 0; index < count; index += 1) {
    const at = table + font.readUInt32BE(table + 4 + 8 * index + 4);
    const format = font.readUInt16BE(at);
    if (format === 4) addSegments(font, at, covered);
    if (format === 12) addGroups(font, at, covered);
  }
  return (codePoint) => covered.has(codePoint);
}

function tableAt(font: Buffer, tag: string): number {
  const count = font.readUInt16BE(4);
  for (let index = 0; index < count; index += 1) {
    const at = headLength + entryLength * index;
    if (font.toString('latin1', at, at + 4) === tag) return font.readUInt32BE(at + 8);
  }
  throw new Error(`The font has no table ${tag}.`);
}

/** Format 4: segments of 16 bit characters. */
function addSegments(font: Buffer, at: number, covered: Set<number>): void {
  const size = font.readUInt16BE(at + 6);
  const [ends, starts] = [at + 14, at + 16 + size];
  for (let place = 0; place < size; place += 2) {
    const [start, end] = [font.readUInt16BE(starts + place), font.readUInt16BE(ends + place)];
    const delta = font.readUInt16BE(starts + size + place);
    const rangeAt = starts + 2 * size + place;
    const range = font.readUInt16BE(rangeAt);
    for (let code = start; code <= end && code < 0xffff; code += 1) {
      const glyph =
        range === 0 ? code + delta : font.readUInt16BE(rangeAt + range + 2 * (code - start));
      if (glyph % 0x10000 !== 0) covered.add(code);
    }
  }
}

/** Format 12: groups of characters of any plane. */
function addGroups(font: Buffer, at: number, covered: Set<number>): void {
  const count = font.readUInt32BE(at + 12);
  for (let index = 0; index < count; index += 1) {
    const group = at + 16 + 12 * index;
    const [start, end] = [font.readUInt32BE(group), font.readUInt32BE(group + 4)];
    for (let code = start; code <= end; code += 1) covered.add(code);
  }
}
