import test from 'ava';
import { createInstallation } from '../installation';
import { breaking, foundAndMended } from './remedies';

breaking(
  'A definer that is not locked',
  ({ name, query }) => query(`ALTER USER \`${name}.sess_\`@localhost ACCOUNT UNLOCK`),
  ({ definer }) => [`definer: account ${definer}: not locked`],
);

breaking(
  'A definer that may do too much in the database',
  ({ name, query }) => query(`GRANT SELECT, DROP ON ${name}.* TO \`${name}.sess_\`@localhost`),
  ({ definer, database }) => [
    `definer: rights of ${definer}: SELECT ON \`${database}\`.*`,
    `definer: rights of ${definer}: DROP ON \`${database}\`.*`,
  ],
);

breaking(
  'A definer that may do too much on the server',
  ({ name, query }) => query(`GRANT PROCESS ON *.* TO \`${name}.sess_\`@localhost`),
  ({ definer }) => [`definer: rights of ${definer}: PROCESS ON *.*`],
);

breaking(
  'A definer that lost a right to the table',
  ({ name, query }) => query(`REVOKE DELETE ON sessions FROM \`${name}.sess_\`@localhost`),
  ({ definer }) => [`definer: rights of ${definer}: nothing`],
);

breaking(
  'A definer that lost the right to a routine',
  ({ name, query }) => query(`REVOKE EXECUTE ON PROCEDURE sess_get FROM \`${name}.sess_\`@localhost`),
  ({ definer }) => [`definer: rights of ${definer}: nothing`],
);

test.serial('A definer that is gone is found.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  const definer = `'${installation.name}.sess_'@'localhost'`;
  await installation.query(`DROP USER ${definer}`);
  await foundAndMended(t, installation, [`definer: account ${definer}: nothing`]);
});
