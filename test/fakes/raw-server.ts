import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A server that sends whatever it is given, HTTP or not: for answers no gateway would give. */
export class RawServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  /** What was received, one entry a connection. */
  readonly received: string[] = [];

  private constructor(reply: (socket: Socket, received: string) => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      const index = this.received.push('') - 1;
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('data', (data) => {
        this.received[index] += data.toString('latin1');
        reply(socket, this.received[index] ?? '');
      });
    });
  }

  /** Starts one on the loopback interface that answers every piece of data it gets. */
  static async start(reply: (socket: Socket, received: string) => void): Promise<RawServer> {
    const server = new RawServer(reply);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    server.#port = (server.#server.address() as AddressInfo).port;
    return server;
  }

  /** The port it listens on, known after it stopped too. */
  get port(): number {
    return this.#port;
  }

  /** `http://127.0.0.1:PORT`. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Open connections. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Stops listening and ends every connection. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

/** A whole HTTP/1.1 answer. */
export function httpAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers });
  return `HTTP/1.1 ${status} x\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}
