import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { AppError } from '#shared/errors.ts';
import { applyEvent } from './invalidation.ts';
import type { Transport } from './transport/transport.ts';
import { type Call, createCall } from './transport/transport.ts';
import type { WebSession } from './transport/web-session.ts';

const CallContext = createContext<Call | null>(null);
const SessionContext = createContext<WebSession | null>(null);

/**
 * The query client of the interface. Core's events make data stale, so nothing goes stale by time;
 * core does the retrying, so nothing is retried here; and a browser that calls itself offline still
 * reaches the loopback interface.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 5 * 60_000,
        retry: false,
        networkMode: 'always',
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/** Provides core's calls, and a cache that core's events keep fresh. */
export function ConsoleProvider(props: {
  transport: Transport;
  queryClient: QueryClient;
  children: ReactNode;
}) {
  const { transport, queryClient } = props;
  useEffect(
    () =>
      transport.subscribe({
        onEvent: (event) => applyEvent(queryClient, event),
        onGap: () => void queryClient.invalidateQueries(),
      }),
    [transport, queryClient],
  );
  const call = useMemo(() => createCall(transport), [transport]);
  return (
    <CallContext.Provider value={call}>
      <SessionContext.Provider value={transport.session ?? null}>
        <QueryClientProvider client={queryClient}>{props.children}</QueryClientProvider>
      </SessionContext.Provider>
    </CallContext.Provider>
  );
}

/**
 * Core's calls, for what is not a cached reading: writes, exports, and every call that reveals a
 * secret (those must never pass through `useCall`).
 */
export function useConsole(): Call {
  const call = useContext(CallContext);
  if (call) return call;
  throw new AppError({
    code: 'INTERNAL',
    message: 'A part of the interface is outside the console provider.',
    hint: 'Report this with the steps that led here.',
  });
}

/** The session with the web shell; null in the desktop shell. */
export function useSession(): WebSession | null {
  return useContext(SessionContext);
}
