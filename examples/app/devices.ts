import type { MySQLSessionStore } from 'knex-mysql-session';
import { Handles } from './handles';
import { numbering } from './numbering';
import { isSameText } from './same-text';
import type { User } from './user';

/** What sessions are found by: the DBA made it with `attribute add user_id --path '$.userId'`. */
export const attributes = { user_id: 'string' } as const;

export type AppStore = MySQLSessionStore<typeof attributes>;

/** Where somebody is signed in. */
export interface Device {
  /** Stands for the session on pages. */
  readonly handle: string;
  readonly name: string;
  readonly lastSeen: Date;
  readonly signedInAt: Date;
  /** Whether it is the one that asks. */
  readonly isOwn: boolean;
}

/** The devices of whoever asks, and never anybody else's. */
export class Devices {
  readonly #store: AppStore;
  readonly #handles: Handles;

  constructor(store: AppStore, secret: string) {
    this.#store = store;
    this.#handles = new Handles(secret);
  }

  /** The one that asks first, then the others as they were last seen. */
  async list(user: User, ownId: string): Promise<Device[]> {
    const devices = [...(await this.#find(user, ownId)).values()];
    return devices.sort(
      (one, other) =>
        Number(other.isOwn) - Number(one.isOwn) || other.lastSeen.getTime() - one.lastSeen.getTime(),
    );
  }

  /** @returns the name of the device; undefined where the user has no other one of this handle */
  async signOut(user: User, ownId: string, handle: string): Promise<string | undefined> {
    for (const [id, device] of await this.#find(user, ownId)) {
      if (!device.isOwn && isSameText(device.handle, handle)) {
        await this.#store.destroyStored(id);
        return device.name;
      }
    }
    return undefined;
  }

  /** @returns how many there were */
  signOutOthers(user: User, ownId: string): Promise<number> {
    return this.#store.destroyBy('user_id', user.id, { except: ownId });
  }

  /** The user's devices, by what the database has for the ids of their sessions. */
  async #find(user: User, ownId: string): Promise<Map<string, Device>> {
    const found = [];
    for await (const session of this.#store.findBy('user_id', user.id)) {
      found.push(session);
    }
    // Two of the same make are told apart by which came first.
    found.sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
    const numbered = numbering();
    const own = this.#store.storedId(ownId);
    return new Map(
      found.map(({ id, session, createdAt }) => {
        const isOwn = id === own;
        const handle = this.#handles.of(id);
        const name = numbered(session.device ?? 'Unknown device');
        const lastSeen = isOwn ? new Date() : new Date(session.lastSeen ?? createdAt);
        return [id, { handle, name, lastSeen, signedInAt: createdAt, isOwn }];
      }),
    );
  }
}
