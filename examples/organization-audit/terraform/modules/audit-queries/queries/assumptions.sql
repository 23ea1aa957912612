-- Mesh roles assumed by an unexpected principal.
-- AssumeRole names the AWS service that delivers credentials (ecs-tasks, ec2, pods.eks) but no task or instance; the federated calls name the provider and the subject.
-- A caller from another account is only an account number in the role's account: its name is in its own account's record, with the same sharedEventID.
WITH assumed AS (
  -- https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
  SELECT
    eventtime,
    eventname,
    json_extract_scalar(requestparameters, '$.roleArn') AS role,
    CASE
      WHEN eventname = 'AssumeRoleWithSAML' THEN json_extract_scalar(requestparameters, '$.principalArn')
      WHEN eventname = 'AssumeRoleWithWebIdentity' THEN coalesce(useridentity.identityprovider, json_extract_scalar(responseelements, '$.provider'))
      WHEN useridentity.type = 'AWSService' THEN useridentity.invokedby
      -- Of a session, the role that it is of.
      ELSE coalesce(useridentity.sessioncontext.sessionissuer.arn, useridentity.arn)
    END AS principal,
    useridentity.accountid AS principal_account,
    useridentity.username AS subject,
    sourceipaddress,
    sharedeventid
  FROM ${database}.cloudtrail
  WHERE ${window}
    AND eventsource = 'sts.amazonaws.com'
    AND eventname IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
    AND errorcode IS NULL
),
trusted AS (
  SELECT r.arn, t.principal
  FROM ${database}.roles AS r
  CROSS JOIN UNNEST(r.trusted) AS t (principal)
)
SELECT
  r.mesh,
  r.environment,
  r.identity,
  r.arn AS role,
  a.eventname,
  coalesce(a.principal, a.principal_account) AS principal,
  a.subject,
  a.sourceipaddress,
  count(*) AS times,
  min(a.eventtime) AS first_seen,
  max(a.eventtime) AS last_seen,
  min(a.sharedeventid) AS sharedeventid
FROM assumed AS a
JOIN ${database}.roles AS r
  ON r.arn = a.role
LEFT JOIN trusted AS t
  ON t.arn = a.role
  AND (
    t.principal = a.principal
    -- A whole account is trusted.
    OR (split_part(t.principal, ':', 5) = a.principal_account AND split_part(t.principal, ':', 6) = 'root')
    -- Only the account is known.
    OR (split_part(t.principal, ':', 5) = a.principal_account AND a.principal IS NULL)
  )
WHERE t.arn IS NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
