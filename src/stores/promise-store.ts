import { EventEmitter } from 'node:events';
import type { AttributeKinds, AttributeValue, NoAttributes } from '../options/attributes';
import type { ResolvedOptions } from '../options/resolve-options';
import type { DestroyByOptions, FoundSession } from '../sessions/bulk-operations';
import type { SessionAdapter } from '../sessions/session-adapter';
import { SessionService } from '../sessions/session-service';
import type { SharedStoreMethods } from './shared-store-methods';

/**
 * The base of the stores without callbacks. Emits `lost` when a save or touch does not find its
 * session: with the id and the session, or undefined after a touch by id.
 */
export abstract class PromiseStore<
    Session extends object,
    Attributes extends AttributeKinds = NoAttributes,
  >
  extends EventEmitter<{ lost: [sid: string, session: Session | undefined] }>
  implements SharedStoreMethods<Session, Attributes>
{
  protected readonly sessions: SessionService<Session>;

  protected constructor(options: ResolvedOptions<Session>, adapter: SessionAdapter) {
    super();
    this.sessions = new SessionService(options, adapter, (sid, session) =>
      this.emit('lost', sid, session),
    );
  }

  ready(): Promise<void> {
    return this.sessions.ready();
  }

  all(): Promise<Array<Session & { id: string }>> {
    return this.sessions.bulk.all();
  }

  ids(): Promise<string[]> {
    return this.sessions.bulk.ids();
  }

  length(): Promise<number> {
    return this.sessions.bulk.length();
  }

  clear(): Promise<void> {
    return this.sessions.bulk.clear();
  }

  gc(): Promise<number> {
    return this.sessions.bulk.gc();
  }

  findBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
  ): AsyncGenerator<FoundSession<Session>, void, undefined> {
    return this.sessions.bulk.findBy(attribute, value);
  }

  destroyBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    options?: DestroyByOptions,
  ): Promise<number> {
    return this.sessions.bulk.destroyBy(attribute, value, options);
  }

  storedId(sid: string): string {
    return this.sessions.repository.storedId(sid);
  }

  destroyStored(id: string): Promise<void> {
    return this.sessions.repository.destroyStored(id);
  }

  close(): Promise<void> {
    return this.sessions.close();
  }
}
