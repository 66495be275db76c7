import type { Core } from '#core/core.ts';
import type { CallOutput } from '#shared/contract/index.ts';

/** How often a console that nobody is at is secured again while changes hold something up, milliseconds. */
const againAfter = 15_000;

/** Secures the console that nobody is at, and again until no change in progress holds anything up. */
export function secureDeserted(core: Pick<Core, 'dispatch'>, isDeserted: () => boolean): void {
  if (!isDeserted()) return;
  const again = () => void setTimeout(() => secureDeserted(core, isDeserted), againAfter).unref();
  const { signal } = new AbortController();
  void core.dispatch('app.secure', {}, { signal }).then((reply) => {
    if (!reply.ok || (reply.value as CallOutput<'app.secure'>).inProgress > 0) again();
  });
}
