-- Who was denied, and why.
-- Denied calls of mesh roles, on mesh roles and to the meshes' own APIs: the action, the resource, the layer that denied it, and its policy where AWS names it.
-- App Mesh ends an Envoy's stream without an errorCode: such rows have its failureReason. A refused AssumeRole from another account is recorded only there.
WITH failed AS (
  SELECT
    eventtime,
    eventsource,
    eventname,
    useridentity,
    recipientaccountid,
    sourceipaddress,
    errorcode,
    -- https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    nullif(regexp_extract(errormessage, 'not authorized to perform: ([A-Za-z0-9-]+:[A-Za-z0-9]+)', 1), '') AS action,
    coalesce(
      nullif(regexp_extract(errormessage, 'on resource: ((?:role |policy )?[^ ]*[^ .,])', 1), ''),
      json_extract_scalar(serviceeventdetails, '$.nodeArn'),
      json_extract_scalar(requestparameters, '$.roleArn')
    ) AS resource,
    CASE
      WHEN eventsource = 'appmesh.amazonaws.com' AND errorcode IS NULL THEN 'App Mesh ended the stream'
      ELSE replace(nullif(regexp_extract(
        errormessage,
        '(because no|explicit deny in an?|explicit deny in the|denied due to an?) (identity-based policy|resource-based policy|service control policy|resource control policy|permissions boundary|sessions? policy|VPC endpoint policy|role trust policy)',
        2
      ), ''), 'sessions policy', 'session policy')
    END AS layer,
    CASE
      WHEN errormessage LIKE '%with an explicit deny in %' THEN 'explicit deny'
      WHEN errormessage LIKE '%because no %' THEN 'no allow'
    END AS decision,
    nullif(regexp_extract(errormessage, 'explicit deny in [^:]*: (arn:[^ ]*[^ .,])', 1), '') AS policy,
    coalesce(errormessage, json_extract_scalar(serviceeventdetails, '$.failureReason')) AS reason
  FROM ${database}.cloudtrail
  WHERE ${window}
    AND (
      -- Each service has its own code: AccessDenied, AccessDeniedException, Client.UnauthorizedOperation, ForbiddenException, VpceAccessDenied.
      regexp_like(errorcode, 'AccessDenied|Unauthorized|NotAuthorized|AuthorizationError|Forbidden')
      -- https://docs.aws.amazon.com/app-mesh/latest/userguide/logging-using-cloudtrail.html
      OR (
        eventsource = 'appmesh.amazonaws.com'
        AND json_extract_scalar(serviceeventdetails, '$.eventStatus') = 'ConnectionTerminated'
      )
    )
)
SELECT
  f.eventtime,
  coalesce(r.mesh, t.mesh) AS mesh,
  coalesce(r.environment, t.environment) AS environment,
  r.identity,
  coalesce(f.useridentity.arn, f.useridentity.invokedby, f.useridentity.principalid) AS principal,
  f.sourceipaddress,
  f.eventsource,
  f.eventname,
  f.errorcode,
  f.action,
  f.resource,
  f.layer,
  f.decision,
  f.policy,
  f.reason
FROM failed AS f
LEFT JOIN ${database}.roles AS r
  ON r.name = split_part(f.useridentity.arn, '/', 2)
  AND split_part(r.arn, ':', 5) = f.useridentity.accountid
  AND f.useridentity.type = 'AssumedRole'
-- The role that the call was about: by its ARN or, as IAM does it, as `role NAME`.
LEFT JOIN ${database}.roles AS t
  ON t.name = regexp_extract(f.resource, '^(?:role |arn:[a-z-]+:iam::[0-9]+:role/(?:.+/)?)([^/]+)$', 1)
  AND split_part(t.arn, ':', 5) = coalesce(nullif(regexp_extract(f.resource, ':iam::([0-9]+):role/', 1), ''), f.recipientaccountid)
WHERE r.arn IS NOT NULL
  OR t.arn IS NOT NULL
  OR f.eventsource IN ('appmesh.amazonaws.com', 'vpc-lattice.amazonaws.com')
ORDER BY f.eventtime, principal, f.eventname
