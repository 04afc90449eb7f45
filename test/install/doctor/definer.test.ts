import { testRemedy } from './remedies';

testRemedy(
  'An unlocked definer',
  ({ name, query }) => query(`ALTER USER \`${name}.sess_\`@localhost ACCOUNT UNLOCK`),
  ({ definer }) => [`definer: account ${definer}: not locked`],
);

testRemedy(
  'A definer with excess privileges on the database',
  ({ name, query }) => query(`GRANT SELECT, DROP ON ${name}.* TO \`${name}.sess_\`@localhost`),
  ({ definer, database }) => [
    `definer: privileges of ${definer}: SELECT ON \`${database}\`.*`,
    `definer: privileges of ${definer}: DROP ON \`${database}\`.*`,
  ],
);

testRemedy(
  'A definer with excess privileges on the server',
  ({ name, query }) => query(`GRANT PROCESS ON *.* TO \`${name}.sess_\`@localhost`),
  ({ definer }) => [`definer: privileges of ${definer}: PROCESS ON *.*`],
);

testRemedy(
  'A definer without a privilege on the table',
  ({ name, query }) => query(`REVOKE DELETE ON sessions FROM \`${name}.sess_\`@localhost`),
  ({ definer, database }) => [
    `definer: account ${definer}: no DELETE ON \`${database}\`.\`sessions\``,
  ],
  { stops: true },
);

testRemedy(
  'A definer without the privilege to execute a routine',
  ({ name, query }) =>
    query(`REVOKE EXECUTE ON PROCEDURE sess_get FROM \`${name}.sess_\`@localhost`),
  ({ definer, database }) => [
    `definer: account ${definer}: no EXECUTE ON PROCEDURE \`${database}\`.\`sess_get\``,
  ],
  { stops: true },
);

testRemedy(
  'A definer with a password',
  ({ name, query }) => query(`ALTER USER \`${name}.sess_\`@localhost IDENTIFIED BY 'aA1!known'`),
  ({ definer }) => [`definer: account ${definer}: with a password`],
);

testRemedy(
  'A missing definer',
  ({ name, query }) => query(`DROP USER \`${name}.sess_\`@localhost`),
  ({ definer }) => [`definer: account ${definer}: missing`],
  { stops: true },
);
