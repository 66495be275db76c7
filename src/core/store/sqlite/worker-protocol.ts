import type { AppErrorData } from '#shared/errors.ts';

/** What a worker offers: named methods, each with one input. Inputs and outputs are cloned. */
export type WorkerMethods = Record<string, (input: never, call: WorkerCall) => unknown>;

/** What a method in a worker knows of the call beside its input. */
export interface WorkerCall {
  /** Tells the caller how far the work is. */
  progress(update: unknown): void;
}

/** From the owner to the worker. */
export interface WorkerRequest {
  id: number;
  method: string;
  input: unknown;
}

/** From the worker to its owner. */
export type WorkerReply =
  | { id: number; kind: 'value'; value: unknown }
  | { id: number; kind: 'error'; error: AppErrorData }
  | { id: number; kind: 'progress'; update: unknown };

/** The input of a worker's method. */
export type MethodInput<Method> = Method extends (input: infer Input, ...rest: never[]) => unknown
  ? Input
  : never;

/** What a worker's method yields, awaited. */
export type MethodOutput<Method> = Method extends (...all: never[]) => infer Output
  ? Awaited<Output>
  : never;
