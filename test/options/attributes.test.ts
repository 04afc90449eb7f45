import test from 'ava';
import { formatAttributeValue, parseAttributeKinds } from '../../src/options/attributes';

test('A number is passed as its decimal digits.', (t) => {
  const numbers = [0, -0, 42, -7, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
  t.deepEqual(
    numbers.map((number) => formatAttributeValue('number', number)),
    ['0', '0', '42', '-7', '9007199254740991', '-9007199254740991'],
  );
});

test('A string value is passed unchanged.', (t) => {
  t.is(formatAttributeValue('string', ' Bob \n😀'), ' Bob \n😀');
});

test('Only declared names are attributes.', (t) => {
  const kinds = parseAttributeKinds({ user_id: 'number', email: 'string' });
  t.deepEqual([...kinds.keys()], ['user_id', 'email']);
  t.is(kinds.get('toString'), undefined);
});
