import { Button, MantineProvider, TextInput } from '@mantine/core';
import { Notifications, useNotifications } from '@mantine/notifications';
import { IconLock } from '@tabler/icons-react';
import type { QueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { type DataRouter, RouterProvider } from 'react-router';
import { type AppError, toAppError } from '#shared/errors.ts';
import { EmptyState } from '../kit/components/empty-state.tsx';
import { HintHost } from '../kit/components/hint.tsx';
import { typed } from '../kit/components/typed.ts';
import { ConsoleProvider } from '../kit/rpc/console-context.tsx';
import type { Transport } from '../kit/rpc/transport/transport.ts';
import { codeOf, type WebSession } from '../kit/rpc/transport/web-session.ts';
import { usePreferences } from '../kit/stores/preferences.ts';
import { cssVariablesResolver, theme } from '../kit/theme/theme.ts';
import { useRoomBelow } from '../kit/use-room-below.ts';

/** Provides theme, toasts and dialogs. */
function ThemeProvider({ children }: { children: ReactNode }) {
  const choice = usePreferences((preferences) => preferences.theme);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
      {...(choice === 'auto' ? {} : { forceColorScheme: choice })}
    >
      {children}
      <HintHost />
      <Toasts />
    </MantineProvider>
  );
}

const toasts = '.mantine-Notifications-root[data-position="bottom-left"]';

/** Toasts at the bottom left; what scrolls ends above them. */
function Toasts() {
  const { notifications } = useNotifications();
  useRoomBelow('--oc-toast-room', () => document.querySelector(toasts), notifications.length > 0);
  return <Notifications position="bottom-left" autoClose={6000} limit={4} />;
}

/** The interface over one transport; after its session ended, only a way to sign in again. */
export function App(props: { transport: Transport; queryClient: QueryClient; router: DataRouter }) {
  const { transport, queryClient, router } = props;
  const ended = useEnded(transport.session);
  useEffect(() => {
    if (ended) queryClient.clear();
  }, [ended, queryClient]);
  if (ended && transport.session) {
    return (
      <ThemeProvider>
        <SignedOut session={transport.session} reason={ended} />
      </ThemeProvider>
    );
  }
  return (
    <ConsoleProvider transport={transport} queryClient={queryClient}>
      <ThemeProvider>
        <RouterProvider router={router} />
      </ThemeProvider>
    </ConsoleProvider>
  );
}

/** Returns why the session ended; null while it has not, and where there is none. */
function useEnded(session: WebSession | undefined): AppError | null {
  return useSyncExternalStore(
    (listener) => session?.onChange(listener) ?? (() => undefined),
    () => session?.ended() ?? null,
  );
}

/** Shown in place of the whole interface once the session ended. Shows nothing of any cluster. */
function SignedOut({ session, reason }: { session: WebSession; reason: AppError }) {
  return (
    <main aria-label="Signed out">
      <EmptyState icon={IconLock} title={reason.message} action={<SignIn session={session} />}>
        {reason.hint}
      </EmptyState>
    </main>
  );
}

function SignIn({ session }: { session: WebSession }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    const code = codeOf(text);
    if (code === null) {
      setProblem('Paste the whole address, or the code after "#code=".');
      return;
    }
    await session.open(code).catch((thrown: unknown) => {
      const { message, hint } = toAppError(thrown);
      setProblem(`${message} ${hint}`);
    });
  };
  return (
    <form onSubmit={(event) => void signIn(event)}>
      <TextInput
        label="New address"
        placeholder="http://127.0.0.1:8443/#code=…"
        {...typed(text, setText)}
        error={problem}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <Button type="submit" mt="sm">
        Sign in
      </Button>
    </form>
  );
}

/** The nonce that this page's policy requires of inline style elements; empty if none. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

// the scroll lock behind dialogs writes a style element, too, and looks for its nonce here
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
