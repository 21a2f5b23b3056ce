import { main } from '../cli/main';

// The SDK's notice about coming Node versions is for those who choose its version, not for every pipeline log.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
