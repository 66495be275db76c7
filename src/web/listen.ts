import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#shared/errors.ts';

/** The port in the printed address where the console listens on a socket and none was given. */
const usualTunnelPort = 8443;

/** Where the web shell listens: on a port of the loopback interface, or on a Unix socket. */
export interface ListenOptions {
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

/** Removes a socket that nobody listens on any more; anything else at its path stays. */
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
