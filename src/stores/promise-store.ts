import { EventEmitter } from 'node:events';
import type { AttributeKinds, AttributeValue, NoAttributes } from '../options/attributes';
import type { ResolvedOptions } from '../options/resolve-options';
import type { FoundSession } from '../sessions/attribute-operations';
import type { DestroyByOptions, LimitByOptions } from '../sessions/bulk-options';
import type { StoreEvents } from '../sessions/session-events';
import {
  type PingResult,
  SessionService,
  type StoreTraits,
  type TimeoutOptions,
} from '../sessions/session-service';
import type { SharedStoreMethods } from './shared-store-methods';

/**
 * The base of the stores without callbacks. Emits the events of {@link StoreEvents}.
 */
export abstract class PromiseStore<
    Session extends object,
    Attributes extends AttributeKinds = NoAttributes,
  >
  extends EventEmitter
  implements SharedStoreMethods<Session, Attributes>
{
  protected readonly sessions: SessionService<Session>;

  protected constructor(options: ResolvedOptions<Session>, traits: Omit<StoreTraits, 'emitter'>) {
    super();
    this.sessions = new SessionService(options, {
      ...traits,
      emitter: this,
    });
  }

  /** Adds a listener to an event. */
  override on<Name extends keyof StoreEvents<Session>>(
    name: Name,
    listener: (...args: StoreEvents<Session>[Name]) => void,
  ): this {
    return super.on(name, listener as Listener);
  }

  /** Adds a listener to the next event of a name. */
  override once<Name extends keyof StoreEvents<Session>>(
    name: Name,
    listener: (...args: StoreEvents<Session>[Name]) => void,
  ): this {
    return super.once(name, listener as Listener);
  }

  /** Removes a listener. */
  override off<Name extends keyof StoreEvents<Session>>(
    name: Name,
    listener: (...args: StoreEvents<Session>[Name]) => void,
  ): this {
    return super.off(name, listener as Listener);
  }

  /** Removes the listeners of an event, or of all. */
  override removeAllListeners(...names: [name?: keyof StoreEvents<Session>]): this {
    // Without a name, this also removes the listener that looks for new ones.
    this.sessions.events.listen();
    return super.removeAllListeners(...names);
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

  async gc(): Promise<number> {
    return (await this.sessions.bulk.gc()).deleted;
  }

  findBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
  ): AsyncGenerator<FoundSession<Session>, void, undefined> {
    return this.sessions.byAttribute.findBy(attribute, value);
  }

  countBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
  ): Promise<number> {
    return this.sessions.byAttribute.countBy(attribute, value);
  }

  limitBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    options: LimitByOptions,
  ): Promise<string[]> {
    return this.sessions.byAttribute.limitBy(attribute, value, options);
  }

  destroyBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    options?: DestroyByOptions,
  ): Promise<number> {
    return this.sessions.byAttribute.destroyBy(attribute, value, options);
  }

  storedId(sid: string): string {
    return this.sessions.repository.storedId(sid);
  }

  destroyStored(id: string): Promise<void> {
    return this.sessions.repository.destroyStored(id);
  }

  ping(options?: TimeoutOptions): Promise<PingResult> {
    return this.sessions.ping(options);
  }

  close(options?: TimeoutOptions): Promise<void> {
    return this.sessions.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

type Listener = (...args: unknown[]) => void;
