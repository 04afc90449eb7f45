import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { md, pki } from 'node-forge';

/** Paths of the certificates and keys of an authority, and the certificate of another authority. */
export interface Certificates {
  readonly ca: string;
  readonly serverCert: string;
  readonly serverKey: string;
  readonly clientCert: string;
  readonly clientKey: string;
  readonly otherCa: string;
  remove(): Promise<void>;
}

interface Identity {
  readonly cert: pki.Certificate;
  readonly key: pki.rsa.PrivateKey;
}

/** Creates certificates that are valid for a day. The server's is for the host `localhost`. */
export async function createCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'kms-tls-'));
  // The server may run as another user of the system, who must be able to read the files.
  await chmod(folder, 0o755);
  const save = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o644 });
    return path;
  };
  const authority = createIdentity('Authority', [{ name: 'basicConstraints', cA: true }]);
  const other = createIdentity('Other authority', [{ name: 'basicConstraints', cA: true }]);
  const dnsName = 2;
  const server = createIdentity(
    'Server',
    [{ name: 'subjectAltName', altNames: [{ type: dnsName, value: 'localhost' }] }],
    authority,
  );
  const client = createIdentity('Client', [], authority);
  return {
    ca: await save('ca.pem', pki.certificateToPem(authority.cert)),
    serverCert: await save('server-cert.pem', pki.certificateToPem(server.cert)),
    serverKey: await save('server-key.pem', pki.privateKeyToPem(server.key)),
    clientCert: await save('client-cert.pem', pki.certificateToPem(client.cert)),
    clientKey: await save('client-key.pem', pki.privateKeyToPem(client.key)),
    otherCa: await save('other-ca.pem', pki.certificateToPem(other.cert)),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Creates a certificate that the authority signs; self-signed without an authority. */
function createIdentity(commonName: string, extensions: object[], authority?: Identity): Identity {
  // Node.js generates keys in a fraction of node-forge's time.
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const key = pki.privateKeyFromPem(privateKey);
  const subject = [{ name: 'commonName', value: commonName }];
  const day = 86_400_000;
  const cert = pki.createCertificate();
  cert.publicKey = pki.setRsaPublicKey(key.n, key.e);
  cert.serialNumber = `01${Buffer.from(commonName).toString('hex').slice(0, 16)}`;
  cert.validity.notBefore = new Date(Date.now() - day);
  cert.validity.notAfter = new Date(Date.now() + day);
  cert.setSubject(subject);
  cert.setIssuer(authority?.cert.subject.attributes ?? subject);
  cert.setExtensions(extensions);
  cert.sign(authority?.key ?? key, md.sha256.create());
  return { cert, key };
}
