// Adds to package-lock.json the builds for other platforms that npm leaves out when the registry it
// asks does not hold them; "npm ci" refuses a lock file without them. Run after "npm install".
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './lib/paths.js';
import { say } from './lib/say.js';
import { command } from './lib/setup.js';

const file = inRoot('package-lock.json');

/** Where `name`, required by the package at `path`, is in the lock file, or null. */
function findEntry(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[place]) return place;
    if (!folder.includes('/node_modules/')) {
      return packages[`node_modules/${name}`] ? `node_modules/${name}` : null;
    }
  }
}

/** What a package for one platform says of it in its name: `…-linux-arm64-musl`. */
function platformOf(name) {
  const match = /-(android|darwin|freebsd|linux|win32)-(arm64|arm|ia32|x64)(-musl)?$/.exec(name);
  if (!match) throw new Error(`The platform of ${name} is not in its name; add it by hand.`);
  const [, os, cpu, musl] = match;
  return { cpu: [cpu], os: [os], ...(musl ? { libc: ['musl'] } : {}) };
}

function missingEntries(packages) {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !findEntry(packages, path, name))
      .map(([name, version]) => {
        if (!/^\d/.test(version)) throw new Error(`${name} is not wanted in one exact version.`);
        const entry = { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) };
        return [`node_modules/${name}`, entry];
      }),
  );
}

await command(async () => {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingEntries(lock.packages);
  const all = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  say(`${missing.length} builds for other platforms added to package-lock.json.`);
  return 0;
});
