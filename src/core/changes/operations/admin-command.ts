import { shellWord } from './management-request.ts';

/** A command of the vendor's tool on a storage node. */
export interface AdminCommand {
  command: string;
  options: readonly (readonly [option: string, value: string])[];
  /** Whether the tool wants the volume named; the guide leaves it out for limits. */
  volume?: boolean;
}

/** Stands where the operator puts the id that `ostor-ctl get-config` shows. */
export const volumePlaceholder = 'VOLUME_ID';

/**
 * Returns the command as a line for a shell.
 * @param volumeId the connection's; left out, a placeholder stands in its place
 */
export function adminCommandLine(
  { command, options, volume = true }: AdminCommand,
  volumeId: string = volumePlaceholder,
): string {
  const words = options.flatMap(([option, value]) => [option, shellWord(value)]);
  const tail = volume ? ['-V', volumeId] : [];
  return ['ostor-s3-admin', command, ...words, ...tail].join(' ');
}
