/**
 * The credentials every Lambda function of ours runs with: Lambda hands them over as environment variables. The bundler puts this in the
 * place of the SDK's provider chain, whose other members (profiles, single sign-on, instance metadata) can never apply in a
 * function and are more code than all of our own.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
