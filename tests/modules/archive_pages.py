"""What AWS's pages say about the archive and the trail, typed from the page above each.

Names in capitals stand for what a page leaves open: texts inside quotes, lists without.
"""

import json

# https://repost.aws/knowledge-center/s3-bucket-policy-for-config-rule
TLS = """[{"Sid": "AllowSSLRequestsOnly", "Action": "s3:*", "Effect": "Deny", "Resource": ["arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/*"],
  "Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Principal": "*"}]"""

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
ONE_TRAIL = """[
 {"Sid": "AWSCloudTrailAclCheck20150319", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
  "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::BUCKET",
  "Condition": {"StringEquals": {"aws:SourceArn": "TRAIL"}}},
 {"Sid": "AWSCloudTrailWrite20150319", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
  "Action": "s3:PutObject", "Resource": "arn:aws:s3:::BUCKET/AWSLogs/ACCOUNT/*",
  "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": "TRAIL"}}}]"""

# The third statement, at #org-trail-bucket-policy of the same page.
ORGANIZATION = """[
 {"Sid": "AWSCloudTrailOrganizationWrite20150319", "Effect": "Allow", "Principal": {"Service": ["cloudtrail.amazonaws.com"]},
  "Action": "s3:PutObject", "Resource": "arn:aws:s3:::BUCKET/AWSLogs/ORGANIZATION/*",
  "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": "TRAIL"}}}]"""

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html
# with the Sids of the page above, and the management account's trail as the third.
THREE_TRAILS = """[
 {"Sid": "AWSCloudTrailAclCheck20150319", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
  "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::acme-audit-444455556666",
  "Condition": {"StringEquals": {"aws:SourceArn": [
    "arn:aws:cloudtrail:eu-west-1:111122223333:trail/acme-shop", "arn:aws:cloudtrail:us-east-1:555566667777:trail/acme-pay",
    "arn:aws:cloudtrail:eu-west-1:999900001111:trail/acme-organization"]}}},
 {"Sid": "AWSCloudTrailWrite20150319", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
  "Action": "s3:PutObject", "Resource": [
    "arn:aws:s3:::acme-audit-444455556666/AWSLogs/111122223333/*", "arn:aws:s3:::acme-audit-444455556666/AWSLogs/555566667777/*",
    "arn:aws:s3:::acme-audit-444455556666/AWSLogs/999900001111/*"],
  "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": [
    "arn:aws:cloudtrail:eu-west-1:111122223333:trail/acme-shop", "arn:aws:cloudtrail:us-east-1:555566667777:trail/acme-pay",
    "arn:aws:cloudtrail:eu-west-1:999900001111:trail/acme-organization"]}}}]"""

# https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html#granting-access-in-another-account
CONFIG = """[
 {"Sid": "AWSConfigBucketPermissionsCheck", "Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"},
  "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::BUCKET", "Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNTS}}},
 {"Sid": "AWSConfigBucketExistenceCheck", "Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"},
  "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::BUCKET", "Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNTS}}}]"""
CONFIG_DELIVERY = """[
 {"Sid": "AWSConfigBucketDeliverySUFFIX", "Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"},
  "Action": "s3:PutObject", "Resource": "arn:aws:s3:::BUCKET/AWSLogs/ACCOUNT/Config/*",
  "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "AWS:SourceAccount": "ACCOUNT"}}}]"""

# At #required-permissions-cross-account of the same page, with the role in a condition; and who may read, which is ours.
OTHERS = """[
 {"Sid": "AWSConfigBucketExistenceCheckByRole", "Effect": "Allow",
  "Principal": {"AWS": ["arn:aws:iam::111122223333:root", "arn:aws:iam::555566667777:root"]},
  "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::BUCKET", "Condition": {"ArnEquals": {"aws:PrincipalArn": [
    "arn:aws:iam::111122223333:role/acme-config", "arn:aws:iam::555566667777:role/acme-config"]}}},
 {"Sid": "ReadersFindLogFiles", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/auditor"},
  "Action": ["s3:GetBucketLocation", "s3:ListBucket"], "Resource": "arn:aws:s3:::BUCKET"},
 {"Sid": "ReadersGetLogFiles", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/auditor"},
  "Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/AWSLogs/*"}]"""

# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
ROOT_OF_KEY = """[{"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::ACCOUNT:root"},
  "Action": "kms:*", "Resource": "*"}]"""

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# The page gives the key's ARN as the resource of AllowCloudTrailAccess; in a key policy * is the same key.
TRAIL_KEY = """[
 {"Sid": "AllowCloudTrailEncryptLogs", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
  "Action": "kms:GenerateDataKey*", "Resource": "*", "Condition": {
    "StringEquals": {"aws:SourceArn": TRAILS},
    "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": CONTEXTS}}},
 {"Sid": "AllowCloudTrailAccess", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
  "Action": "kms:DescribeKey", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceArn": TRAILS}}},
 {"Sid": "AllowCloudTrailDecryptTrail", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
  "Action": "kms:Decrypt", "Resource": "*"}]"""
READERS_KEY = """[
 {"Sid": "EnableCloudTrailLogDecryptPermissions", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/auditor"},
  "Action": "kms:Decrypt", "Resource": "*", "Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}}},
 {"Sid": "ReadersDecryptThroughBucket", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/auditor"},
  "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringLike": {"kms:EncryptionContext:aws:s3:arn": [
    "arn:aws:s3:::acme-audit-444455556666", "arn:aws:s3:::acme-audit-444455556666/*"]}}}]"""

# https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html#granting-access-s3-kms-key
CONFIG_KEY = """[{"Sid": "AWSConfigKMSPolicy", "Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"},
  "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*", "Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNTS}}}]"""

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
LOGS = """[
 {"Sid": "AWSCloudTrailCreateLogStream20141101", "Effect": "Allow", "Action": ["logs:CreateLogStream"], "Resource": STREAMS},
 {"Sid": "AWSCloudTrailPutLogEvents20141101", "Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": STREAMS}]"""

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
TOPIC = """[{"Sid": "AWSCloudTrailSNSPolicy20150319", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
  "Action": "SNS:Publish", "Resource": "TOPIC", "Condition": {"StringEquals": {"aws:SourceArn": "TRAIL"}}}]"""


def typed(page, **values):
    """The statements of a page with values in place of what it leaves open."""
    for name, value in values.items():
        page = page.replace(name, value if isinstance(value, str) else json.dumps(value))
    return json.loads(page)
