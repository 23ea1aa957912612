-- Who changed a mesh role outside of the administrators.
-- Its trust, permissions, boundary, tags, instance profile, the role itself, and new versions of watched policies; an errorCode marks an attempt.
-- Terraform names itself in the user agent, but anybody can: what counts is the principal.
WITH changes AS (
  SELECT
    eventtime,
    eventname,
    recipientaccountid AS account,
    json_extract_scalar(requestparameters, '$.roleName') AS role_name,
    json_extract_scalar(requestparameters, '$.policyArn') AS policy,
    coalesce(
      json_extract_scalar(requestparameters, '$.policyArn'),
      json_extract_scalar(requestparameters, '$.policyName'),
      json_extract_scalar(requestparameters, '$.permissionsBoundary'),
      json_extract_scalar(requestparameters, '$.instanceProfileName')
    ) AS detail,
    -- Of a session, the role that it is of.
    coalesce(useridentity.sessioncontext.sessionissuer.arn, useridentity.arn, useridentity.invokedby, useridentity.type) AS principal,
    useridentity.sessioncontext.sourceidentity AS source_identity,
    sourceipaddress,
    useragent,
    errorcode,
    -- https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
    CASE
      WHEN eventname = 'UpdateAssumeRolePolicy' THEN 'trust'
      WHEN eventname IN ('PutRolePolicy', 'DeleteRolePolicy', 'AttachRolePolicy', 'DetachRolePolicy') THEN 'permissions'
      WHEN eventname IN ('PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary') THEN 'boundary'
      WHEN eventname IN ('TagRole', 'UntagRole') THEN 'tags'
      WHEN eventname IN ('CreateRole', 'DeleteRole', 'UpdateRole', 'UpdateRoleDescription') THEN 'role'
      WHEN eventname IN ('AddRoleToInstanceProfile', 'RemoveRoleFromInstanceProfile') THEN 'instance profile'
      WHEN eventname IN ('CreatePolicyVersion', 'SetDefaultPolicyVersion', 'DeletePolicyVersion', 'DeletePolicy') THEN 'policy'
    END AS changed
  FROM ${database}.cloudtrail
  WHERE ${window}
    AND eventsource = 'iam.amazonaws.com'
)
SELECT
  c.eventtime,
  r.mesh,
  r.environment,
  r.identity,
  coalesce(r.arn, c.policy) AS resource,
  c.changed,
  c.eventname,
  c.detail,
  c.principal,
  c.source_identity,
  c.sourceipaddress,
  c.useragent,
  c.errorcode
FROM changes AS c
LEFT JOIN ${database}.roles AS r
  ON r.name = c.role_name
  AND split_part(r.arn, ':', 5) = c.account
WHERE c.changed IS NOT NULL
  AND (r.arn IS NOT NULL OR (c.changed = 'policy' AND (${of_watched_policy})))
  AND NOT (${by_administrator})
ORDER BY c.eventtime, c.eventname, c.detail
