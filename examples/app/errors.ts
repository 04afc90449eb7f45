import type { ErrorRequestHandler, RequestHandler } from 'express';
import { failurePage, notFoundPage } from './pages';

export const showNotFound: RequestHandler = (_request, response) => {
  response.status(404).send(notFoundPage().text);
};

/** Tells the operator of the application what went wrong, and the visitor no more than that it did. */
export const showError: ErrorRequestHandler = (error, _request, response, next) => {
  const status = statusOf(error);
  if (status >= 500) {
    console.error(error);
  }
  if (response.headersSent) {
    // Too late for a page: Express ends the connection.
    next(error);
    return;
  }
  response.status(status).send(failurePage().text);
};

// Express says so of requests that it can't read.
function statusOf(error: unknown): number {
  const status: unknown = Object(error).status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
