import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { object, optional, requireKind } from '../kinds/kind';
import { made, STRING, STRINGS_BY_NAME } from '../kinds/kinds';
import { requireMatch } from '../private/validate';
import type { WorkloadPlace } from './workload';

export interface ImageAssetOptions {
  /**
   * Name of the Dockerfile, within the directory.
   *
   * @default 'Dockerfile'
   */
  readonly file?: string;
  /**
   * Build arguments.
   *
   * @default - none
   */
  readonly buildArgs?: { readonly [name: string]: string };
  /**
   * Stage of the Dockerfile to build.
   *
   * @default - the last one
   */
  readonly target?: string;
}

const OPTIONS = object<ImageAssetOptions>({ file: optional(STRING), buildArgs: optional(STRINGS_BY_NAME), target: optional(STRING) });

/** A registry's host, which may be left out, a repository and a digest. */
const WITH_DIGEST = /^(?<repository>[a-z0-9][a-z0-9._:-]*(\/[a-z0-9][a-z0-9._-]*)*)@sha256:[0-9a-f]{64}$/;
/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
const ECR = /^(?<account>\d{12})\.dkr\.ecr(-fips)?\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(?<name>[^@]+)@/;

/**
 * The container image of a service: always the same bytes, since what is accepted in one environment must be what goes live in the next.
 *
 * @example
 * new FargateWorkload({ image: ServiceImage.fromAsset('service') });
 */
export abstract class ServiceImage {
  /**
   * An image in a registry, by its digest: a tag may name another image tomorrow.
   *
   * Repositories of Amazon ECR may be in any account that lets the environment's pull; others must be public.
   *
   * @param image for example `111111111111.dkr.ecr.eu-west-2.amazonaws.com/payments@sha256:…`
   */
  static fromRegistry(image: string): ServiceImage {
    requireKind('ServiceImage.fromRegistry', 'image', image, STRING);
    requireMatch(
      { code: 'ImageDigest', where: 'ServiceImage.fromRegistry', what: 'the image' },
      image,
      WITH_DIGEST,
      'a repository and a digest, for example "111111111111.dkr.ecr.eu-west-2.amazonaws.com/payments@sha256:<64 hex digits>": a tag may name another image tomorrow',
    );
    return new RegistryImage(image);
  }

  /**
   * An image built from a directory with a Dockerfile when the release is published, which takes a container engine there.
   *
   * @param directory path of the directory; what is in it is what the release is
   */
  static fromAsset(directory: string, options: ImageAssetOptions = {}): ServiceImage {
    requireKind('ServiceImage.fromAsset', 'directory', directory, STRING);
    requireKind('ServiceImage.fromAsset', 'options', options, OPTIONS);
    return new AssetImage(directory, options);
  }

  /** @internal */
  abstract _bind(architecture: CpuArchitecture): ContainerImage;

  /**
   * ARNs of the repositories that a slot's tasks must be able to pull from; none where no permission is needed.
   *
   * @internal
   */
  abstract _repositories(place: Pick<WorkloadPlace, 'partition' | 'account' | 'region'>): string[];
}

class RegistryImage extends ServiceImage {
  constructor(private readonly image: string) {
    super();
  }

  _bind(): ContainerImage {
    return ContainerImage.fromRegistry(this.image);
  }

  _repositories({ partition }: Pick<WorkloadPlace, 'partition'>): string[] {
    const { account, region, name } = ECR.exec(this.image)?.groups ?? {};
    return account === undefined ? [] : [`arn:${partition}:ecr:${region}:${account}:repository/${name}`];
  }
}

class AssetImage extends ServiceImage {
  constructor(
    private readonly directory: string,
    private readonly options: ImageAssetOptions,
  ) {
    super();
  }

  _bind(architecture: CpuArchitecture): ContainerImage {
    const platform = architecture === CpuArchitecture.ARM64 ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64;
    return ContainerImage.fromAsset(this.directory, { ...this.options, platform });
  }

  /** Published to the environment's own account; only the synthesizer knows the repository's name, and it may be one of a team's own. */
  _repositories({ partition, account, region }: Pick<WorkloadPlace, 'partition' | 'account' | 'region'>): string[] {
    return [`arn:${partition}:ecr:${region}:${account}:repository/*`];
  }
}

/** @internal */
export const SERVICE_IMAGE = made(ServiceImage, "ServiceImage.fromAsset('service')");
