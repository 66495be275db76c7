import { Fragment } from 'react';

/** A fingerprint that breaks between pairs, not within one. */
export function Fingerprint({ text }: { text: string }) {
  return (
    <span className="oc-mono">
      {text.split(/(?<=:)/).map((pair, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pairs repeat, their places don't
        <Fragment key={position}>
          {pair}
          <wbr />
        </Fragment>
      ))}
    </span>
  );
}
