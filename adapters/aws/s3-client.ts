import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { clientSettings } from './client-settings.ts';

/** A client of S3. Where another address stands in for AWS (`AWS_ENDPOINT_URL`), buckets are part of the path, not of the host. */
export function createS3Client(config: S3ClientConfig = {}): S3Client {
  const otherAddress = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  return new S3Client({ ...clientSettings, ...(otherAddress && { forcePathStyle: true }), ...config });
}
