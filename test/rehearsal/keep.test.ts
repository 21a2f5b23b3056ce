import { hiddenCurl } from '../../rehearsal/keep';

test('a hidden URL is asked by way of the local AWS, with its own name as host and the key read in place', () => {
  const at = {
    url: 'http://production.eu-west-2.elb.amazonaws.com',
    headers: { 'x-path-to-live-slot': 'green' },
    secretHeaders: { 'x-path-to-live-key': 'path-to-live/Payments/Production/hidden/green' },
    access: 'whoever sends the key',
  };
  expect(hiddenCurl(at, 'eu-west-2', 'http://127.0.0.1:4566')).toBe(
    "curl -i -H 'Host: production.eu-west-2.elb.amazonaws.com' -H 'x-path-to-live-slot: green' " +
      '-H "x-path-to-live-key: $(aws secretsmanager get-secret-value --secret-id path-to-live/Payments/Production/hidden/green --region eu-west-2 --query SecretString --output text)" ' +
      'http://127.0.0.1:4566/pay',
  );
});
