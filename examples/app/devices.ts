import { createHmac } from 'node:crypto';
import type { SessionData } from 'express-session';
import type { MySQLSessionStore } from 'knex-mysql-session';
import { type Device, numberNames } from './device';
import { isSameText } from './security';
import type { User } from './session';

/** The DBA creates it: knex-mysql-session attribute add user_id --path '$.userId'. */
export const attributes = { user_id: 'string' } as const;

export type AppStore = MySQLSessionStore<SessionData, typeof attributes>;

/** How long the application remembers that it signed a device out, in milliseconds. */
const noticeLifetime = 7 * 86_400_000;

/** Lists and signs out the devices of one user, never those of another user. */
export class Devices {
  readonly #handleKey: Buffer;

  /** @param maxDevices how many devices of a user stay signed in; 0 for any number */
  constructor(
    private readonly store: AppStore,
    secret: string,
    private readonly maxDevices = 0,
  ) {
    // With the secret as the key, a handle would equal the signature in the session's cookie.
    this.#handleKey = createHmac('sha256', secret).update('handles of sessions').digest();
  }

  /** Returns the user's own device first, then the others, the last seen first. */
  async list(user: User, ownId: string): Promise<Device[]> {
    const devices = [...(await this.#find(user, ownId)).values()];
    return devices.sort(
      (one, other) =>
        Number(other.isOwn) - Number(one.isOwn) ||
        other.lastSeen.getTime() - one.lastSeen.getTime(),
    );
  }

  /** Returns the name of the device; undefined if the user has no other device with the handle. */
  async signOut(user: User, ownId: string, handle: string): Promise<string | undefined> {
    for (const [storedId, device] of await this.#find(user, ownId)) {
      if (!device.isOwn && isSameText(device.handle, handle)) {
        await this.store.destroyStored(storedId);
        return device.name;
      }
    }
    return undefined;
  }

  /** Returns the number of devices that it signed out. */
  signOutOthers(user: User, ownId: string): Promise<number> {
    return this.store.destroyBy('user_id', user.id, { except: ownId });
  }

  /**
   * Signs out the user's oldest devices, until no more than `maxDevices` are left. Returns the
   * handle of the user's own device, by which it can ask later why it is signed out; undefined
   * without a limit.
   */
  async limit(user: User, ownId: string): Promise<string | undefined> {
    if (this.maxDevices === 0) return undefined;
    const limit = { keep: this.maxDevices, except: ownId };
    for (const storedId of await this.store.limitBy('user_id', user.id, limit)) {
      await this.store.set(noticeId(this.#handleOf(storedId)), {
        cookie: { originalMaxAge: noticeLifetime, expires: new Date(Date.now() + noticeLifetime) },
      });
    }
    return this.#handleOf(this.store.storedId(ownId));
  }

  /** Returns whether the limit signed out the device with the handle. Answers so once. */
  async wasEndedByLimit(handle: string): Promise<boolean> {
    const isEnded = (await this.store.get(noticeId(handle))) !== null;
    if (isEnded) await this.store.destroy(noticeId(handle));
    return isEnded;
  }

  /** Returns the user's devices by the stored ids of their sessions. */
  async #find(user: User, ownId: string): Promise<Map<string, Device>> {
    const found = [];
    for await (const session of this.store.findBy('user_id', user.id)) {
      found.push(session);
    }
    // The order of the sign-ins keeps the numbers of equal names stable.
    found.sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
    const names = numberNames(found.map(({ session }) => session.device ?? 'Unknown device'));
    const ownStoredId = this.store.storedId(ownId);
    return new Map(
      found.map(({ id, session, createdAt }, index) => {
        const isOwn = id === ownStoredId;
        const device: Device = {
          handle: this.#handleOf(id),
          name: String(names[index]),
          lastSeen: isOwn ? new Date() : new Date(session.lastSeen ?? createdAt),
          signedInAt: createdAt,
          isOwn,
        };
        return [id, device];
      }),
    );
  }

  /** Identifies a session on pages. A page must never contain the session's id. */
  #handleOf(storedId: string): string {
    return createHmac('sha256', this.#handleKey).update(storedId).digest('base64url');
  }
}

/** The notice is a session without a user. No cookie opens it: express-session signs its ids. */
function noticeId(handle: string): string {
  return `ended-${handle}`;
}
