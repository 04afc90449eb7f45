import test from 'ava';
import { resolveTls } from '../../../src/cli/support/tls';
import { ArgumentError } from '../../../src/errors';

// Any file will do: the certificates are not parsed here.
const file = __filename;

test('Without options, the URL decides about TLS.', (t) => {
  t.is(resolveTls({}), undefined);
});

test('DISABLED turns TLS off.', (t) => {
  t.false(resolveTls({ sslMode: 'DISABLED' }));
});

test('REQUIRED encrypts, and accepts every certificate.', (t) => {
  t.deepEqual(resolveTls({ sslMode: 'REQUIRED' }), {
    rejectUnauthorized: false,
    verifyIdentity: false,
  });
});

test('VERIFY_CA verifies the certificate.', (t) => {
  t.deepEqual(resolveTls({ sslMode: 'VERIFY_CA' }), {
    rejectUnauthorized: true,
    verifyIdentity: false,
  });
});

test('VERIFY_IDENTITY verifies the certificate and its host name.', (t) => {
  t.deepEqual(resolveTls({ sslMode: 'VERIFY_IDENTITY' }), {
    rejectUnauthorized: true,
    verifyIdentity: true,
  });
});

test('A CA certificate alone means VERIFY_CA.', (t) => {
  t.like(resolveTls({ sslCa: file }), { rejectUnauthorized: true, verifyIdentity: false });
});

test('A client certificate alone means REQUIRED.', (t) => {
  t.like(resolveTls({ sslCert: file, sslKey: file }), { rejectUnauthorized: false });
});

test('The files are read.', (t) => {
  const tls = resolveTls({ sslCa: file, sslCert: file, sslKey: file });
  t.true(tls && [tls.ca, tls.cert, tls.key].every((text) => text?.includes('The files are read.')));
});

test('The error for a missing file names the option and the file.', (t) => {
  t.throws(() => resolveTls({ sslCa: '/no/such.pem' }), {
    instanceOf: ArgumentError,
    message: 'Expected `sslCa` to be a file that can be read, got "/no/such.pem" (ENOENT)',
  });
});

test('A certificate without its key is refused.', (t) => {
  t.throws(() => resolveTls({ sslCert: file }), {
    instanceOf: ArgumentError,
    message: /--ssl-key/,
  });
});

test('PREFERRED is refused with the list of modes.', (t) => {
  t.throws(() => resolveTls({ sslMode: 'PREFERRED' }), {
    instanceOf: ArgumentError,
    message:
      'Expected `sslMode` to be one of DISABLED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY, ' +
      'got "PREFERRED"',
  });
});
