import type { HandlersOf } from '#shared/contract/index.ts';
import type { KeyCampaigns } from '../changes/campaigns/campaigns.ts';

export function campaignsHandlers({
  campaigns,
}: {
  campaigns: KeyCampaigns;
}): HandlersOf<'campaigns'> {
  return {
    'campaigns.list': (input) => campaigns.list(input),
    'campaigns.get': ({ connectionId, campaignId }) => campaigns.get(connectionId, campaignId),
    'campaigns.keys': (input) => campaigns.keys(input),
    'campaigns.start': (input) => campaigns.start(input),
    'campaigns.preview': (input) => campaigns.preview(input),
    'campaigns.step': async (input) => ({ taskId: await campaigns.step(input) }),
    'campaigns.mark': (input) => campaigns.mark(input),
    'campaigns.update': (input) => campaigns.update(input),
  };
}
