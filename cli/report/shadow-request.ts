import type { HiddenUrl } from '../../lambda/contract';

/**
 * A command that asks a hidden URL, for a shell, one part a line. It holds no key: the shell reads each in place, with the rights of whoever runs it.
 *
 * @param region where the keys are
 */
export function shadowRequest({ url, headers, secretHeaders }: HiddenUrl, region: string): string[] {
  const parts = [
    ...Object.entries(headers).map(([name, value]) => [`-H ${quoted(`${name}: ${value}`)}`]),
    ...Object.entries(secretHeaders).map(([name, secret]) => [
      `-H "${name}: $(aws secretsmanager get-secret-value`,
      `  --secret-id ${quoted(secret)} --region ${region}`,
      '  --query SecretString --output text)"',
    ]),
    [quoted(`${url}/`)],
  ].flat();
  return [`$ curl -i`, ...parts.map((part) => `    ${part}`)].map((line, index, all) => (index === all.length - 1 ? line : `${line} \\`));
}

/** As a shell takes it, whatever it holds. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
