import test from 'ava';
import { attributeKinds, attributeText } from '../src/attributes';

test('A number is looked for by its digits.', (t) => {
  const numbers = [0, -0, 42, -7, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
  t.deepEqual(
    numbers.map((number) => attributeText('number', number)),
    ['0', '0', '42', '-7', '9007199254740991', '-9007199254740991'],
  );
});

test('A string is looked for as it is.', (t) => {
  t.is(attributeText('string', ' Bob \n😀'), ' Bob \n😀');
});

test('Attributes are known by their own names alone.', (t) => {
  const kinds = attributeKinds({ user_id: 'number', email: 'string' });
  t.deepEqual([...kinds.keys()], ['user_id', 'email']);
  t.is(kinds.get('toString'), undefined);
});
