import type { RequestHandler } from 'express';
import './session-data';

/** In milliseconds: often enough for people, and it spares a write with each request. */
const precision = 60_000;

/** Keeps when the device was last seen. */
export const keepLastSeen: RequestHandler = ({ session }, _response, next) => {
  if (session.userId !== undefined && Date.now() - Date.parse(session.lastSeen ?? '') >= precision) {
    session.lastSeen = new Date().toISOString();
  }
  next();
};
