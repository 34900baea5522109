import { said } from './support';
import { holdsSecret } from '../../../src/private/catalogue/tables';

test.each([
  ['redisPassword', 'hunter2'],
  ['saslPassword', '0'],
  ['connectionString', 'hunter2'],
  ['connectionString', 'host=db user=app password=hunter2 dbname=orders'],
  ['connectionString', 'Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=all;SharedAccessKey=aGk='],
  ['connectionString', 'app:hunter2@tcp(mysql:3306)/?allowNativePasswords=true'],
  ['connectionString', 'mongodb://app:hunter2@mongo:27017'],
  ['url', 'mqtt://app:hunter2@broker:1883'],
  ['host', 'amqp://app:hunter2@rabbitmq:5672'],
  ['privateKey', '-----BEGIN PRIVATE KEY-----\nMIIE'],
  ['secretKey', '/path/to/aGVsbG8.key'],
])('%s: %j holds a secret', (name, value) => {
  expect(holdsSecret(name, value)).toBe(true);
});

test.each([
  ['redisPassword', ''],
  ['redisPassword', '${REDIS_PASSWORD}'],
  ['redisPassword', '{{ .Values.password }}'],
  ['connectionString', 'mongodb://mongo:27017'],
  ['connectionString', 'data.db'],
  ['connectionString', 'file:/data/state.db'],
  ['connectionString', 'host=db user=app dbname=orders sslmode=disable'],
  ['connectionString', 'rabbitmq:5672'],
  ['url', 'mqtt://broker:1883'],
  ['host', 'rabbitmq:5672'],
  ['redisHost', 'redis:6379'],
  ['privateKey', 'private.key'],
  ['privateKey', '/path/to/key.pem'],
])('%s: %j holds none', (name, value) => {
  expect(holdsSecret(name, value)).toBe(false);
});

test.each([
  ['tcp://admin:public@emqx:1883', ['warning: metadata.url.value: the secret "url" is in plain text; keep it in a Secret']],
  ['tcp://emqx:1883', []],
  ['tcp://admin:${PASSWORD}@emqx:1883', []],
])('a setting that the catalogue calls no secret is one with the password of an address in it: %s', (url, expected) => {
  expect(said('bindings.mqtt', { url, topic: 'orders' }).filter((line) => line.includes('metadata.url'))).toEqual(expected);
});

test('the ID of an access key is not a secret', () => {
  const settings = { endpoint: 'https://acme.example', instanceName: 'i', tableName: 't', accessKeyID: 'LTAI5t', accessKey: 'hunter2' };
  expect(said('bindings.alicloud.tablestore', settings)).toEqual(['warning: metadata.accessKey.value: the secret "accessKey" is in plain text; keep it in a Secret']);
});
