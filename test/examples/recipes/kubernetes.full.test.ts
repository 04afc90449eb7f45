import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { loadAll } from 'js-yaml';
import { runCli } from '../../cli/run-cli';
import { bootForTest } from '../../support/boot';
import { createDatabase } from '../../support/database';
import { createInstallation } from '../../support/store';
import { exampleEnv, start, startExampleOn } from '../helpers/example';

const folder = 'examples/recipes/kubernetes';
const text = readFileSync(join(__dirname, '../../..', folder, 'manifests.yaml'), 'utf8');

interface Container {
  readonly args: readonly string[];
  readonly startupProbe?: { readonly httpGet: { readonly path: string } };
  readonly readinessProbe?: { readonly httpGet: { readonly path: string } };
}

interface Manifest {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly initContainers?: readonly Container[];
        readonly containers: readonly Container[];
      };
    };
  };
}

const manifests = loadAll(text) as Manifest[];

function containersOf(kind: string): Container[] {
  const { initContainers = [], containers = [] } =
    manifests.find((manifest) => manifest.kind === kind)?.spec.template.spec ?? {};
  return [...initContainers, ...containers];
}

const [application] = containersOf('Deployment');
const startupPath = String(application?.startupProbe?.httpGet.path);
const readinessPath = String(application?.readinessProbe?.httpGet.path);

test.serial("The job's commands install and grant what the application needs.", async (t) => {
  const { url, createAccount } = await createDatabase(t);
  const account = await createAccount();
  const commands = containersOf('Job').map(({ args }) => args);
  t.is(commands.length, 2);
  for (const [npx, name, ...args] of commands) {
    t.deepEqual([npx, name], ['npx', 'knex-mysql-session']);
    const given = args.map((arg) => (arg === "shop_app@'%'" ? account.name : arg));
    t.like(await runCli(given, { MYSQL_URL: url }), { code: 0 });
  }
  const doctor = await runCli(['doctor', '--as', 'application'], { MYSQL_URL: account.url });
  t.is(doctor.code, 0);
});

test.serial(
  'Before the job has run, the startup probe fails, and the process lives.',
  async (t) => {
    const { createAccount } = await createDatabase(t);
    const { url } = await createAccount();
    const app = await start(t, `${folder}/app.ts`, exampleEnv(url));
    t.is((await fetch(`${app.url}${startupPath}`)).status, 500);
    t.is((await fetch(`${app.url}${startupPath}`)).status, 500);
  },
);

test.serial('The probes answer, and a server without writes ends readiness alone.', async (t) => {
  await bootForTest(t, []);
  const installation = await createInstallation(t, ['application']);
  const app = await startExampleOn(t, installation, `${folder}/app.ts`);
  const statuses = async () => {
    const answers = [startupPath, readinessPath].map((path) => fetch(`${app.url}${path}`));
    return (await Promise.all(answers)).map(({ status }) => status);
  };
  t.deepEqual(await statuses(), [200, 200]);
  await installation.query('SET GLOBAL read_only = ON');
  t.deepEqual(await statuses(), [200, 503]);
  await installation.query('SET GLOBAL read_only = OFF');
  t.deepEqual(await statuses(), [200, 200]);
});
