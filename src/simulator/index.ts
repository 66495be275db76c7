import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { serve } from './http/serve.ts';
import { populationOf, profiles, type SimulatorOptions } from './options.ts';
import { SimulatorCore } from './services/simulator-core.ts';
import { type Staged, type StageName, Stager } from './stages.ts';
import type { WhmcsState } from './whmcs/model/state.ts';

export type { Fault } from './model/faults.ts';
export type { Variants } from './model/variants.ts';
export type { ProfileName, SimulatorOptions } from './options.ts';
export { type StageName, stagedElsewhere, stageNames, stageSignal } from './stages.ts';

/** A running simulator: its address, the system user's key pair, and the controls. */
export interface Simulator
  extends Pick<
    SimulatorCore,
    'state' | 'log' | 'faults' | 'variants' | 'latencyMs' | 'clockSkewMs'
  > {
  /** `http://127.0.0.1:PORT` or, with a certificate, `https://localhost:PORT`. */
  url: string;
  port: number;
  accessKeyId: string;
  secretKey: string;
  /** Stages the cause of something that a console should notice. */
  stage(name: StageName, billing?: WhmcsState): Staged;
  /** Closes the socket and every connection, hanging ones too. */
  stop(): Promise<void>;
}

const largestBody = 1024 ** 3;

function createServer(core: SimulatorCore, options: SimulatorOptions): FastifyInstance {
  const common = {
    bodyLimit: largestBody,
    forceCloseConnections: true,
    keepAliveTimeout: 60_000,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 4096 },
  };
  const app: FastifyInstance =
    options.tls === undefined
      ? Fastify(common)
      : (Fastify({
          ...common,
          https: { cert: options.tls.certificate, key: options.tls.key },
        }) as unknown as FastifyInstance);
  // Every body is taken as bytes: the gateway does not care for its content type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setNotFoundHandler(async (request, reply) => {
    reply.hijack();
    const body = Buffer.isBuffer(request.body) ? request.body : await readAll(request.raw);
    await serve(core, request.raw, body, reply.raw);
  });
  return app;
}

// The guide sends a GET with a body (`multi`), which Fastify leaves unread.
async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** Starts a simulated gateway on the loopback interface. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const variants = { ...profiles[options.profile ?? 'tolerant'], ...options.variants };
  const core = new SimulatorCore(populationOf(options), variants);
  core.latencyMs = options.latencyMs ?? 0;
  core.clockSkewMs = options.clockSkewMs ?? 0;
  const stager = new Stager(core);
  const app = createServer(core, options);
  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  const accessKeyId = core.state.systemUser.keys[0] ?? '';
  return {
    url: options.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    port,
    accessKeyId,
    secretKey: core.state.users.secretOf(accessKeyId),
    state: core.state,
    log: core.log,
    faults: core.faults,
    variants: core.variants,
    get latencyMs() {
      return core.latencyMs;
    },
    set latencyMs(value) {
      core.latencyMs = value;
    },
    get clockSkewMs() {
      return core.clockSkewMs;
    },
    set clockSkewMs(value) {
      core.clockSkewMs = value;
    },
    stage: (name, billing) => stager.stage(name, billing),
    stop: () => app.close(),
  };
}
