import test from 'ava';
import { SharedScope } from '../../support/scope';
import { startApp } from './app';
import type { Example } from './example';

/** The application that all tests of a file share. Each test has separate people. */
export let app: Example;

const scope = new SharedScope();

test.before(async () => {
  app = await startApp(scope);
});
test.after.always(() => scope.end());
