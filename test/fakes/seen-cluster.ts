import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayQuestions } from '#core/clusters/refresh/gateway-questions.ts';
import { SyncService } from '#core/clusters/refresh/sync-service.ts';
import { EventBus } from '#core/platform/events.ts';
import { TaskRegistry } from '#core/platform/tasks/task-registry.ts';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { AppError } from '#shared/errors.ts';
import { feedOf, listedBucket, listedUser } from './gateway-lists.ts';
import { ListsGateway } from './lists-gateway.ts';
import { labConnection, OneCluster } from './one-cluster.ts';

/** Why a gateway can't be asked: the cable is out. */
export const unreachable = new AppError({
  code: 'NETWORK_UNREACHABLE',
  message: 'There is no way to that network.',
  hint: 'Plug the cable in.',
});

/** A cluster whose snapshot holds one user, Anna, with her bucket `logs`; its gateway is a fake. */
export class SeenCluster {
  readonly gateway = new ListsGateway();
  readonly snapshot: Snapshot;
  readonly clusters: OneCluster;
  readonly sync: SyncService;
  readonly questions: GatewayQuestions;
  readonly events = new EventBus();
  readonly #directory: string;

  private constructor(directory: string, snapshot: Snapshot) {
    this.#directory = directory;
    this.snapshot = snapshot;
    const connection = labConnection({ endpoint: 'https://s3.example.com', accessKeyId: 'aa01' });
    const gateway = this.gateway.port;
    this.clusters = new OneCluster({ connection, directory, snapshot, gateway });
    const { events } = this;
    const tasks = new TaskRegistry(events);
    this.sync = new SyncService({
      clusters: this.clusters,
      tasks,
      events,
      record: (_entry, act) => act(),
    });
    this.questions = new GatewayQuestions({ sync: this.sync, events });
  }

  /** Makes one in its own directory. */
  static async open(): Promise<SeenCluster> {
    const directory = mkdtempSync(join(tmpdir(), 'ostor-seen-'));
    const snapshot = await openSnapshot(directory);
    const users = [listedUser('aa', 'anna@example.com')];
    await snapshot.refresh(feedOf(users, [listedBucket('logs', { owner_id: 'aa', current: 5 })]));
    return new SeenCluster(directory, snapshot);
  }

  /** When its lists were fetched. */
  async asOf(): Promise<string | undefined> {
    return (await this.snapshot.ask('summary'))?.asOf;
  }

  /** Closes it and removes its directory. */
  async end(): Promise<void> {
    await this.questions.close();
    await this.snapshot.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
