import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Wordings that were replaced, each by what a colleague would say aloud. */
const replaced = [
  /Where things lie/,
  /As the system['"`<]/,
  /Rows of lists/,
  /(?:Refresh|Collect|refreshed) by itself/,
  /Every so many/,
  /Find out \(/,
  /Give up after/,
  /Requests at once/,
  /At most so many/,
  /Let changes through/,
  /what destroys/,
  /\b(?:choose|chosen)\b/i,
  /Nothing of that name/,
  /It touches/,
  /lie there/,
  /already is so|already so\b/i,
  /left (?:out|alone)\b/i,
  /dealt with/,
  /stands? in line/,
  /Then (?:go on|wait)/,
  /\bgo(?:es)? on\b/i,
  /\b(?:told|beside)\b/,
  /\bany more\b/,
  /Gigabytes as/,
  /of kinds not named/,
  /gateway tells/,
  /\bRead (?:all|again)\b/,
  /['"`>]On the gateway['"`<]/,
  /not over\b/i,
  /No user named/,
  /half an hour as a rule/,
  /to reckon with/,
  /oftener/,
  /half to even/,
  /Without a window/,
  /chain is whole/,
  /silent hours/i,
  /keeps no copy/,
  /have stored it/,
  /Back to default/,
  /error of its own/,
  /came about/,
  /What answers at/,
  /stays so\b/,
  /(?:proxies|balancers) before the gateway/,
  /open no more/,
  /console is ending/,
  /takes no third/,
  /from the root on/,
  /half a character/,
  /have no such thing/,
  /to be given up/,
  /not as it should be/,
  /without a face/,
  /waits for company/,
  /as it stands/,
  /\banew\b/,
  /at hand\b/,
  /for some minutes/,
  /over already/,
  /(?<!There )\bis no (?:address|name|file)\b/,
  /not taken in\b/,
  /by somebody else/,
  /it comes to nothing/,
  /is there already/,
  /['"`>]Remove (?:user|bucket|account)/,
];

it('says nothing in a wording that was replaced', () => {
  const found = globSync('src/**/*.{ts,tsx}', { cwd: root }).flatMap((file) => {
    const lines = withoutComments(readFileSync(resolve(root, file), 'utf8')).split('\n');
    return lines.flatMap((line, index) =>
      replaced.flatMap((wording) =>
        wording.test(line) ? [`${file}:${index + 1}: ${line.match(wording)?.[0]}`] : [],
      ),
    );
  });
  expect(found).toEqual([]);
});

it('keeps the lines of the changelog short', () => {
  const lines = readFileSync(resolve(root, 'CHANGELOG.md'), 'utf8').split('\n');
  expect(lines.filter((line) => line.length > 160)).toEqual([]);
});

/** Returns the same lines with what is in comments taken away. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/(?<=^|\s)\/\/.*$/gm, '');
}
