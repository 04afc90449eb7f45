/** The data of a session, without its cookie. */
export type Data = Readonly<Record<string, unknown>>;

/** A request that has loaded or created a session. */
interface Visit {
  readonly sid: string;
  data: Data;
  /** The data at the last load or save. A new session has none. */
  base: Data | undefined;
}

/** A model of what the store guarantees. Each visitor has at most one open request. */
export class SessionModel {
  /** The ids of all sessions, destroyed and expired ones included. */
  readonly sids: string[] = [];
  readonly live = new Map<string, Data>();
  readonly lost: string[] = [];
  readonly visits = new Map<number, Visit>();

  begin(visitor: number, sid: string): void {
    this.sids.push(sid);
    this.visits.set(visitor, { sid, data: {}, base: undefined });
  }

  load(visitor: number, sid: string): Data | undefined {
    const data = this.live.get(sid);
    this.visits.delete(visitor);
    if (data) {
      this.visits.set(visitor, { sid, data, base: data });
    }
    return data;
  }

  change(visitor: number, key: string, value: unknown): void {
    const visit = this.visit(visitor);
    const { [key]: _, ...others } = visit.data;
    visit.data = value === undefined ? others : { ...others, [key]: value };
  }

  save(visitor: number): void {
    const visit = this.visit(visitor);
    const stored = this.live.get(visit.sid);
    if (visit.base === undefined) {
      this.live.set(visit.sid, visit.data);
    } else if (stored) {
      this.live.set(visit.sid, merge(stored, visit.base, visit.data));
    } else {
      this.lost.push(visit.sid);
      return;
    }
    visit.base = visit.data;
  }

  touch(visitor: number): void {
    const { sid } = this.visit(visitor);
    if (!this.live.has(sid)) {
      this.lost.push(sid);
    }
  }

  reload(visitor: number): Data | undefined {
    const visit = this.visit(visitor);
    const data = this.live.get(visit.sid);
    if (data) {
      Object.assign(visit, { data, base: data });
    }
    return data;
  }

  destroy(visitor: number): void {
    this.live.delete(this.visit(visitor).sid);
    this.visits.delete(visitor);
  }

  regenerate(visitor: number, sid: string): void {
    this.live.delete(this.visit(visitor).sid);
    this.begin(visitor, sid);
  }

  expire(sid: string): void {
    this.live.delete(sid);
  }

  private visit(visitor: number): Visit {
    const visit = this.visits.get(visitor);
    if (visit === undefined) {
      throw new Error(`Visitor ${visitor} has no session`);
    }
    return visit;
  }
}

function merge(stored: Data, base: Data, data: Data): Data {
  const isChanged = (key: string) => JSON.stringify(base[key]) !== JSON.stringify(data[key]);
  const keys = new Set([...Object.keys(stored), ...Object.keys(data)]);
  const merged = [...keys].map((key) => [key, isChanged(key) ? data[key] : stored[key]]);
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}
