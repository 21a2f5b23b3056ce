// aws-cdk-lib validates every template at each synth; one whole-app test does that with it on, the others need not pay for it.
process.env.CDK_VALIDATION ??= 'false';
