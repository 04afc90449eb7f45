import { createConnection, type RowDataPacket } from 'mysql2/promise';

/**
 * Checks that MYSQL_URL is an administrator's. Many developers have set it for their application.
 *
 * @param purpose what needs the account: "The demo"
 */
export async function assertAdministrator(url: string, purpose: string): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: 5_000 });
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT CURRENT_USER() AS account');
    // Only an administrator can read this table.
    await connection.query('SELECT 1 FROM mysql.user LIMIT 1').catch((cause: unknown) => {
      throw new Error(
        `MYSQL_URL has the account ${rows[0]?.account}, which is no administrator's. ${purpose} ` +
          'creates databases and accounts. Unset MYSQL_URL, or set it to an account that may do that.',
        { cause },
      );
    });
  } finally {
    await connection.end();
  }
}
