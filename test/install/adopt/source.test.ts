import test from 'ava';
import { ArgumentError, InstallationError } from '../../../src/errors';
import { adopt } from '../../../src/install';
import { createInstallation } from '../installation';

const otherTables: Array<[what: string, columns: string]> = [
  ['without a primary key', 'sid VARCHAR(255), sess JSON, expired DATETIME'],
  [
    'with a primary key of two columns',
    'sid VARCHAR(99), sess TEXT, expired DATETIME, b INT, PRIMARY KEY (sid, b)',
  ],
  ['with numbers for ids', 'sid INT PRIMARY KEY, sess JSON, expired DATETIME'],
  ['without an expiry', 'sid VARCHAR(255) PRIMARY KEY, sess JSON, note TEXT'],
  [
    'with two possible columns for the expiry',
    'sid VARCHAR(99) PRIMARY KEY, sess JSON, a INT, b INT',
  ],
  ['without data', 'sid VARCHAR(255) PRIMARY KEY, expired DATETIME'],
];
for (const [what, columns] of otherTables) {
  test.serial(`A table ${what} is refused, and the error lists its columns.`, async (t) => {
    const { url, name, query } = await createInstallation(t);
    await query(`CREATE TABLE old_sessions (${columns})`);
    await t.throwsAsync(adopt({ connection: url }, 'old_sessions'), {
      instanceOf: InstallationError,
      message: new RegExp(
        `^The table \`${name}\`\\.\`old_sessions\` is not a table of connect-session-knex \\(sid, sess, expired\\), .* sid, `,
      ),
    });
  });
}

test.serial('A table with additional columns is recognized.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query(
    `CREATE TABLE old_sessions (sid VARCHAR(255) PRIMARY KEY, user_id INT, note TEXT, seen DATETIME, sess JSON, expired DATETIME)`,
  );
  await query(
    `INSERT INTO old_sessions VALUES ('a', 7, 'note', NOW(), '{"a":1}', UTC_TIMESTAMP() + INTERVAL 1 HOUR)`,
  );
  t.like(await adopt({ connection: url }, 'old_sessions'), {
    kind: 'connect-session-knex',
    adopted: 1,
  });
  t.deepEqual(await query("SELECT JSON_EXTRACT(sess, '$.a') + 0 FROM sessions"), [[1]]);
});

for (const [kind, columns, expiry] of [
  [
    'koa-generic-session-knex',
    'id VARCHAR(100) PRIMARY KEY, data TEXT, expires BIGINT',
    'UNIX_TIMESTAMP() + 3600',
  ],
  [
    'knex-schema-session-store',
    'sid VARCHAR(255) PRIMARY KEY, additional TEXT, expire_at BIGINT',
    '(UNIX_TIMESTAMP() + 3600) * 1000',
  ],
  [
    'knex-schema-session-store',
    'sid VARCHAR(255) PRIMARY KEY, additional TEXT, expire_at BIGINT, created_at DATETIME, updated_at DATETIME',
    '(UNIX_TIMESTAMP() + 3600) * 1000, NULL, NULL',
  ],
] as const) {
  test.serial(`A table of ${kind} is adopted: ${columns}.`, async (t) => {
    const { url, query } = await createInstallation(t);
    await query(`CREATE TABLE old_sessions (${columns})`);
    await query(`INSERT INTO old_sessions VALUES ('koa:sess:a', '{"user":"Ada"}', ${expiry})`);
    t.like(await adopt({ connection: url }, 'old_sessions'), { kind, rows: 1, adopted: 1 });
    const [row] = await query(
      'SELECT sid, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), expired) BETWEEN 3540 AND 3600 FROM sessions',
    );
    t.deepEqual(row?.map(String), ['koa:sess:a', '1']);
  });
}

for (const columns of [
  'sid VARCHAR(255) PRIMARY KEY, additional TEXT, expire_at BIGINT, user_id VARCHAR(99)',
  'sid VARCHAR(255) PRIMARY KEY, rest TEXT, ends BIGINT',
]) {
  test.serial(
    `A table is refused if a copy would lose parts or misread the expiry: ${columns}.`,
    async (t) => {
      const { url, query } = await createInstallation(t);
      await query(`CREATE TABLE old_sessions (${columns})`);
      await t.throwsAsync(adopt({ connection: url }, 'old_sessions'), {
        instanceOf: InstallationError,
      });
    },
  );
}

test.serial('The error for a missing table names it.', async (t) => {
  const { url, name } = await createInstallation(t);
  await t.throwsAsync(adopt({ connection: url }, 'nowhere'), {
    instanceOf: InstallationError,
    message: `There is no table \`${name}\`.\`nowhere\`, or the account may not see it`,
  });
});

test.serial("The installation's own table is refused.", async (t) => {
  const { url } = await createInstallation(t);
  await t.throwsAsync(adopt({ connection: url }, 'sessions'), {
    instanceOf: ArgumentError,
    message: /^Expected `source` to be a table other than this installation's own/,
  });
});

for (const name of ['', 'a.b.c', '.a', 'a.', '`a']) {
  test.serial(`'${name}' is not the name of a table.`, async (t) => {
    const { url } = await createInstallation(t);
    await t.throwsAsync(adopt({ connection: url }, name), {
      instanceOf: ArgumentError,
      message: `Expected \`source\` to be a table such as old_sessions or shop.old_sessions, got ${JSON.stringify(name)}`,
    });
  });
}

test.serial('A table name with a dot is found if it is in backticks.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query(
    'CREATE TABLE `old.sessions` (sid VARCHAR(255) PRIMARY KEY, sess JSON, expired DATETIME)',
  );
  t.like(await adopt({ connection: url }, '`old.sessions`'), { rows: 0 });
});
