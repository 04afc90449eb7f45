import { join } from 'node:path';
import test from 'ava';
import { tlsOf } from '../../src/cli/tls';
import { ArgumentError } from '../../src/errors';

const file = join(__dirname, 'tls.test.ts');

test('Without options, nothing is said of TLS.', (t) => {
  t.is(tlsOf({}), undefined);
});

test('DISABLED is no TLS.', (t) => {
  t.false(tlsOf({ sslMode: 'DISABLED' }));
});

test('REQUIRED encrypts, and takes any certificate.', (t) => {
  t.deepEqual(tlsOf({ sslMode: 'REQUIRED' }), { rejectUnauthorized: false, verifyIdentity: false });
});

test('VERIFY_CA wants a certificate that an authority signed.', (t) => {
  t.deepEqual(tlsOf({ sslMode: 'VERIFY_CA' }), { rejectUnauthorized: true, verifyIdentity: false });
});

test("VERIFY_IDENTITY wants the host's name in the certificate, too.", (t) => {
  t.deepEqual(tlsOf({ sslMode: 'VERIFY_IDENTITY' }), { rejectUnauthorized: true, verifyIdentity: true });
});

test("An authority's certificate alone means VERIFY_CA.", (t) => {
  t.like(tlsOf({ sslCa: file }), { rejectUnauthorized: true, verifyIdentity: false });
});

test("A client's certificate alone means REQUIRED.", (t) => {
  t.like(tlsOf({ sslCert: file, sslKey: file }), { rejectUnauthorized: false });
});

test('The files are read.', (t) => {
  const tls = tlsOf({ sslCa: file, sslCert: file, sslKey: file });
  t.true(tls && [tls.ca, tls.cert, tls.key].every((text) => text?.includes('The files are read.')));
});

test('A file that is not there is named.', (t) => {
  t.throws(() => tlsOf({ sslCa: '/no/such.pem' }), {
    instanceOf: ArgumentError,
    message: 'Expected `sslCa` to be a file that can be read, got "/no/such.pem" (ENOENT)',
  });
});

test('A certificate without its key is refused.', (t) => {
  t.throws(() => tlsOf({ sslCert: file }), { instanceOf: ArgumentError, message: /--ssl-key/ });
});

test('PREFERRED is refused, with the modes that there are.', (t) => {
  t.throws(() => tlsOf({ sslMode: 'PREFERRED' }), {
    instanceOf: ArgumentError,
    message:
      'Expected `sslMode` to be one of DISABLED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY, got "PREFERRED"',
  });
});
