import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { inRoot } from './paths.js';

const licenceFile = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** The place of `name` in the lock file as the package at `path` finds it, or undefined. */
function resolve(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[place]) return place;
    if (!folder.includes('/node_modules/')) {
      return packages[`node_modules/${name}`] ? `node_modules/${name}` : undefined;
    }
  }
}

/** Places of all packages that these need, themselves included. */
function closure(packages, names) {
  const found = new Set();
  const open = names.map((name) => resolve(packages, '', name));
  while (open.length > 0) {
    const place = open.pop();
    if (!place || found.has(place)) continue;
    found.add(place);
    const needed = Object.keys(packages[place].dependencies ?? {});
    open.push(...needed.map((name) => resolve(packages, place, name)));
  }
  return [...found].sort();
}

/** Names of the packages that files of the console's sources import. */
export function importedPackages(folder = inRoot('src')) {
  const names = new Set();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(tsx?|css)$/.test(entry.name)) continue;
    const text = readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8');
    const specifiers = /(?:from|import|import\()\s*['"]((?:@[\w.-]+\/)?[a-z][\w.-]*)/g;
    for (const [, name] of text.matchAll(specifiers)) names.add(name);
  }
  return [...names].sort();
}

function licenceText(place) {
  const folder = inRoot(place);
  if (!existsSync(folder)) return null;
  const texts = readdirSync(folder)
    .filter((name) => licenceFile.test(name))
    .sort()
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8').trim());
  return texts.length > 0 ? texts.join('\n\n') : null;
}

/**
 * Names and licences of everything that travels in a package of the console: what the sources import,
 * and what that needs, as the lock file has it.
 */
export function thirdPartyNotices() {
  const { packages } = read(inRoot('package-lock.json'));
  const wanted = importedPackages().filter((name) => name !== 'electron');
  const blocks = closure(packages, wanted).map((place) => {
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const { version, license } = packages[place];
    const text = licenceText(place) ?? `Licence: ${license ?? 'see the package'}`;
    return `${name} ${version} (${license ?? 'licence in its text'})\n\n${text}\n`;
  });
  return `Ostor Console contains the following software.\nElectron and Chromium carry their notices in files of their own.\n\n${blocks.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
