import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

function read(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

/** Whether the helper next to Electron's program may make a sandbox as root does. */
function isSuid(helper) {
  const found = statSync(helper, { throwIfNoEntry: false });
  return found !== undefined && found.uid === 0 && (found.mode & 0o4000) !== 0;
}

/** Whether an AppArmor profile lets this program make user namespaces. */
function hasProfile(program, folder) {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => read(join(folder, entry.name)) ?? '')
    .some((text) => text.includes(program) && /^\s*userns\b/m.test(text));
}

/**
 * Says why Electron's sandbox can't be made on this Linux, with the remedy; null where it can, or
 * where nothing says that it can't. Without either kind of sandbox Electron ends at once.
 * @param program Electron's
 * @param system the root of the file system
 */
export function noSandboxReason(program, system = '/') {
  const helper = join(dirname(program), 'chrome-sandbox');
  if (isSuid(helper)) return null;
  const kernel = join(system, 'proc', 'sys');
  const isOff =
    read(join(kernel, 'kernel', 'unprivileged_userns_clone')) === '0' ||
    read(join(kernel, 'user', 'max_user_namespaces')) === '0';
  const isRestricted =
    read(join(kernel, 'kernel', 'apparmor_restrict_unprivileged_userns')) === '1' &&
    !hasProfile(program, join(system, 'etc', 'apparmor.d'));
  if (!isOff && !isRestricted) return null;
  return (
    "this system restricts user namespaces, which Electron's sandbox needs; to allow it, run " +
    `"sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'"`
  );
}
