// aws-cdk-lib validates every template at each synth; one whole-app test does that with it on, the others need not pay for it.
process.env.CDK_VALIDATION ??= 'false';
// Nor for a stack trace of each resource's creation, which jest maps to the sources one by one; nor for a copy of every bundle in every app.
process.env.CDK_CONTEXT_JSON ??= JSON.stringify({ 'aws:cdk:disable-creation-stack-traces': true, 'aws:cdk:disable-asset-staging': true });
// Node 20 is what package.json asks for at least; that the SDK will ask for more one day is not news in each test.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
