import test from 'ava';
import { createOperatorInstallation, timePattern } from './operator-installation';

test.serial('show prints a session with its data.', async (t) => {
  const { run } = await createOperatorInstallation(t);
  const { code, stdout } = await run('show', 'a');
  t.is(code, 0);
  t.regex(
    stdout,
    new RegExp(
      `^Id +a\nCreated \\(UTC\\) +${timePattern}\nExpires \\(UTC\\) +${timePattern}\n\n{\n {2}"`,
    ),
  );
  // The server decides the order of the keys.
  t.deepEqual(JSON.parse(stdout.slice(stdout.indexOf('{'))), { user: 42, note: 'größe' });
  t.like(JSON.parse((await run('show', 'a', '--json')).stdout), {
    id: 'a',
    session: { user: 42, note: 'größe' },
  });
});

test.serial('show fails if no live session has the id.', async (t) => {
  const { run } = await createOperatorInstallation(t);
  t.like(await run('show', 'A'), {
    code: 1,
    stdout: '',
    stderr: 'No live session has this id.\n',
  });
  t.like(await run('show', 'A', '--json'), { code: 1, stdout: 'null\n' });
});
