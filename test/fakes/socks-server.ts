import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A SOCKS proxy on the loopback interface: version 5 with or without a password, and version 4a. */
export class SocksServer {
  readonly #server: Server;
  readonly #credentials: string | undefined;
  readonly #sockets = new Set<Socket>();
  /** What was asked for: `5 host:port`. */
  readonly seen: string[] = [];

  private constructor(credentials: string | undefined) {
    this.#credentials = credentials;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', (greeting) => this.#greet(socket, greeting));
    });
  }

  /** Starts one; with credentials (`user:password`) it admits nobody else. */
  static async start(credentials?: string): Promise<SocksServer> {
    const proxy = new SocksServer(credentials);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** `127.0.0.1:PORT`. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends every connection. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  async #greet(socket: Socket, greeting: Buffer): Promise<void> {
    if (greeting[0] === 4) {
      const [, name = ''] = greeting.subarray(8).toString('latin1').split('\0');
      const host = greeting[4] === 0 ? name : [...greeting.subarray(4, 8)].join('.');
      this.#connect(socket, `4 ${host}:${greeting.readUInt16BE(2)}`, (taken) =>
        Buffer.from([0, taken ? 90 : 91, 0, 0, 0, 0, 0, 0]),
      );
      return;
    }
    const method = this.#credentials === undefined ? 0 : 2;
    if (!greeting.subarray(2).includes(method)) {
      socket.end(Buffer.from([5, 255]));
      return;
    }
    socket.write(Buffer.from([5, method]));
    if (method === 2 && !(await this.#admits(socket))) return;
    const [request] = (await once(socket, 'data')) as [Buffer];
    const length = request[3] === 3 ? (request[4] ?? 0) : 4;
    const start = request[3] === 3 ? 5 : 4;
    const address = request.subarray(start, start + length);
    const host = request[3] === 3 ? address.toString('latin1') : [...address].join('.');
    this.#connect(socket, `5 ${host}:${request.readUInt16BE(start + length)}`, (taken) =>
      Buffer.from([5, taken ? 0 : 5, 0, 1, 0, 0, 0, 0, 0, 0]),
    );
  }

  async #admits(socket: Socket): Promise<boolean> {
    const [given] = (await once(socket, 'data')) as [Buffer];
    const length = given[1] ?? 0;
    const user = given.subarray(2, 2 + length).toString();
    const password = given.subarray(3 + length).toString();
    const admitted = `${user}:${password}` === this.#credentials;
    socket.write(Buffer.from([1, admitted ? 0 : 1]));
    if (!admitted) socket.end();
    return admitted;
  }

  #connect(socket: Socket, asked: string, answer: (taken: boolean) => Buffer): void {
    this.seen.push(asked);
    const target = new URL(`http://${asked.slice(2)}`);
    const upstream = connect(Number(target.port), target.hostname, () => {
      socket.write(answer(true));
      upstream.pipe(socket).pipe(upstream);
    });
    this.#sockets.add(upstream);
    upstream.on('error', () => socket.end(answer(false)));
    socket.on('close', () => upstream.destroy());
  }
}
