import { resourcesOf } from '../../../permissions';
import type { ReviewedPath } from '../read/reviewed-path';

/** A route of an HTTP API. */
export interface ApiRoute {
  readonly method: string;
  /** For example `/releases/{version}`. */
  readonly path: string;
  /** What a caller must be allowed to invoke. */
  readonly arn: string;
  /** `AWS_IAM`, `JWT`, `CUSTOM` or `NONE`. */
  readonly authorization: string;
  /** ARN of the function that answers; undefined when something else does. */
  readonly functionArn?: string;
  readonly stackName: string;
  readonly api: string;
}

/** The routes of every HTTP API of the stacks, by path. */
export function apiRoutes({ stacks, values }: Pick<ReviewedPath, 'stacks' | 'values'>): ApiRoute[] {
  return resourcesOf(stacks, 'AWS::ApiGatewayV2::Route')
    .map(({ stack, logicalId }) => {
      const { ApiId, RouteKey, AuthorizationType = 'NONE', Target = '' } = values.properties(stack, logicalId);
      const [method = '', path = ''] = String(RouteKey).split(' ');
      const integration = resourcesOf([stack], 'AWS::ApiGatewayV2::Integration').find((one) =>
        String(Target).endsWith(`/${values.of(stack, { Ref: one.logicalId })}`),
      );
      const functionArn = integration === undefined ? undefined : values.properties(stack, integration.logicalId).IntegrationUri;
      return {
        method,
        path,
        arn: values.text(stack, {
          'Fn::Sub': `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:${ApiId}/$default/${method}${path.replace(/\{\w+\}/g, 'x')}`,
        }),
        authorization: String(AuthorizationType),
        ...(functionArn !== undefined && { functionArn: String(functionArn) }),
        stackName: stack.stackName,
        api: String(ApiId),
      };
    })
    .sort((one, other) => (`${one.path} ${one.method}` < `${other.path} ${other.method}` ? -1 : 1));
}
