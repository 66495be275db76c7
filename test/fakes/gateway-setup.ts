import { createGateway, type GatewayOptions } from '#core/gateway/create-gateway.ts';
import type { Gateway } from '#core/gateway/model/gateway.ts';
import type { Simulator } from '#simulator/index.ts';

/** Pauses short enough for tests; the count of attempts is the console's. */
const quickRetry = {
  attempts: 4,
  attemptsOnTimeout: 2,
  firstPause: 1,
  longestPause: 4,
} as const;

/** The options of a client for a simulator, as its system user. */
export function optionsFor(
  simulator: Pick<Simulator, 'url' | 'accessKeyId' | 'secretKey'>,
  options: Partial<GatewayOptions> = {},
): GatewayOptions {
  return {
    endpoint: simulator.url,
    accessKeyId: simulator.accessKeyId,
    secretKey: simulator.secretKey,
    signature: 'auto',
    proxy: null,
    maxConnections: 4,
    retry: quickRetry,
    ...options,
  };
}

/** A client for a simulator. */
export function gatewayFor(
  simulator: Pick<Simulator, 'url' | 'accessKeyId' | 'secretKey'>,
  options: Partial<GatewayOptions> = {},
): Gateway {
  return createGateway(optionsFor(simulator, options));
}
