import { App, type AppProps } from 'aws-cdk-lib';

/** An app without the tree of its constructs, which only tools for people read: writing that takes a fifth of a synth. */
export function testApp(props: AppProps = {}): App {
  return new App({ analyticsReporting: false, treeMetadata: false, ...props });
}
