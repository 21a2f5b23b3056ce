/** Libraries that take longer to load than most tests take to run; `test/jest/environment.js` says how they are shared. */
const LIBRARIES = '(aws-cdk-lib|constructs|cdk-nag|@aws-sdk|@smithy|zod|asl-validator|ajv|typescript|fast-check|pure-rand|jsonata)/';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/jest/environment.js',
  // The type check runs beside the tests, and is done long before them.
  maxWorkers: '100%',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/integ/'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/dist', '<rootDir>/.rehearsal'],
  setupFiles: ['<rootDir>/test/setup.ts'],
  transformIgnorePatterns: [`/node_modules/(?!${LIBRARIES})`],
  transform: {
    [`/node_modules/${LIBRARIES}.*\\.js$`]: '<rootDir>/test/jest/shared-module.js',
    '^.+\\.ts$': ['@swc/jest', { sourceMaps: true, jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
};
