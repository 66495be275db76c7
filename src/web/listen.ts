import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#shared/errors.ts';

const tokenText = /^[\w-]{43}\n?$/;

/**
 * Writes a token for scripts to a file of mode 0600. It is written under a fresh name and moved in
 * place, so that a link planted there leads nowhere; a file that holds anything but a token is skipped.
 * @returns removes the file, where it still holds this token
 * @throws AppError `DISK_FAILED`
 */
export function writeTokenFile(path: string, token: string): () => void {
  assertReplaceable(path);
  const fresh = `${path}.${randomUUID()}`;
  try {
    writeFileSync(fresh, `${token}\n`, { flag: 'wx', mode: 0o600 });
    renameSync(fresh, path);
  } catch (thrown) {
    rmSync(fresh, { force: true });
    throw unusable(path, thrown instanceof Error ? thrown.message : 'the disk refused it', thrown);
  }
  return () => {
    if (contentOf(path)?.trim() === token) rmSync(path, { force: true });
  };
}

function contentOf(path: string): string | null {
  try {
    // Not more than a token: what is there may be anything.
    return statSync(path).size > 100 ? 'more than a token' : readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function assertReplaceable(path: string): void {
  const content = contentOf(path);
  if (content === null || content === '' || tokenText.test(content)) return;
  throw unusable(path, 'the file holds something else');
}

function unusable(path: string, finding: string, cause?: unknown): AppError {
  return new AppError({
    code: 'DISK_FAILED',
    message: `The token could not be written to ${path}: ${finding}.`,
    hint: 'Name another file with --token-file.',
    cause,
  });
}

/** The port in the printed address where the console listens on a socket and none was given. */
const usualTunnelPort = 8443;

/** Where the web shell listens: on a port of the loopback interface, or on a Unix socket. */
interface ListenOptions {
  /** 0 picks a free one; with a socket, the port of the tunnel's other end. */
  port: number;
  socket: string | null;
}

/** Starts listening. Yields the port at which a browser reaches the console. */
export async function listen(
  server: FastifyInstance,
  { port, socket }: ListenOptions,
): Promise<number> {
  if (socket === null) {
    await server.listen({ host: '127.0.0.1', port });
    return (server.server.address() as AddressInfo).port;
  }
  await removeStaleSocket(socket);
  // The mask keeps others out from the first moment on; the mode says so to whoever looks.
  await server.listen({ path: socket });
  chmodSync(socket, 0o600);
  return port === 0 ? usualTunnelPort : port;
}

/** Removes a socket without a listener; anything else at its path stays. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isSocket()) throw notOurs(path, 'there is a file of that name');
  if (await answers(path)) throw notOurs(path, 'another program listens on it');
  rmSync(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function notOurs(path: string, finding: string): AppError {
  return new AppError({
    code: 'DISK_FAILED',
    message: `The console can not listen on ${path}: ${finding}.`,
    hint: 'Name another path with --socket.',
  });
}
