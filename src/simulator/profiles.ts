import { defaultVariants, type Variants } from './model/variants.ts';

/**
 * Gateways as a whole. `tolerant` takes what the references of any version name beside the guide.
 * `guide` answers what the guide for 7.1 prints and refuses everything else with 400; `guide-wide`
 * overlooks it in place of that, so that its answers can be wider than the question; `guide-v4` takes
 * Signature V4 alone and gives no reason for refusing the others.
 */
export const profileNames = ['tolerant', 'guide', 'guide-wide', 'guide-v4'] as const;

/** One of {@link profileNames}. */
export type ProfileName = (typeof profileNames)[number];

const guide: Variants = {
  ...defaultVariants,
  undocumented: 'refused',
  space: false,
  secretKeyTypo: true,
  limitSyntax: 'new',
  usagePaging: false,
};

/** What the gateways of the profiles are like. */
export const profiles: Readonly<Record<ProfileName, Variants>> = {
  tolerant: defaultVariants,
  guide,
  'guide-wide': { ...guide, undocumented: 'overlooked' },
  'guide-v4': { ...guide, accept: ['v4'], refusedForm: 'denied' },
};
